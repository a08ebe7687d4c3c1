/** `GET /metrics` for Prometheus, and `GET /api/v1/system` for a person: how the box is. */
import type { Registry } from 'prom-client';
import { type Static, Type } from 'typebox';
import { bytes, failures } from '../api/route-schemas.ts';
import type { Api, Services } from '../api/services.ts';
import { LookdialError } from '../errors.ts';
import { ENGINE_STATES } from '../inference/engine-source.ts';
import { residentBytes } from '../inference/resident.ts';
import type { Machine } from './machine.ts';

const strict = { additionalProperties: false };
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

const Net = Type.Object(
  {
    provider: Type.String(),
    precision: Type.String(),
    residentBytes: orNull(Type.Integer()),
    engine: Type.Object(
      { state: Type.Enum(ENGINE_STATES), reason: orNull(Type.String()) },
      { ...strict, description: 'The engine that TensorRT runs of it: whether the box has built one, and why not.' },
    ),
  },
  strict,
);

export const System = Type.Object(
  {
    program: Type.Object(
      {
        version: Type.String(),
        node: Type.String(),
        uptimeSeconds: Type.Number(),
        residentBytes: Type.Integer(),
      },
      strict,
    ),
    edition: Type.String(),
    nets: Type.Object({ encoder: Net, decoder: Net }, strict),
    cpu: Type.Object({ model: Type.String(), cores: Type.Integer(), load: Type.Number() }, strict),
    memory: Type.Object({ total: Type.Integer(), available: Type.Integer() }, strict),
    disk: Type.Object({ size: Type.Integer(), free: Type.Integer() }, strict),
    gpu: orNull(Type.Object({ load: Type.Number() }, strict)),
    temperatures: Type.Array(
      Type.Object({ zone: Type.String(), celsius: Type.Number(), limitCelsius: orNull(Type.Number()) }, strict),
    ),
    power: Type.Array(Type.Object({ rail: Type.String(), watts: Type.Number() }, strict)),
    heat: Type.Object(
      {
        state: Type.Union([Type.Literal('well'), Type.Literal('hot'), Type.Literal('throttled')]),
        picturesPerSecond: orNull(Type.Integer()),
        slowedDown: Type.Array(Type.String()),
      },
      strict,
    ),
  },
  strict,
);

type Nets = Static<typeof System>['nets'];

const NO_ENGINES = { state: 'none', reason: 'nothing builds engines here' } as const;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Without a key on the box itself; from elsewhere with one that opens nothing else, or with one for admin. */
const WATCHERS = { access: 'watch', openAtScreen: true } as const;

export function systemRoutes(
  app: Api,
  { editions, engines, version }: Services,
  registry: Registry,
  machine: Machine,
): void {
  app.get(
    '/metrics',
    {
      config: WATCHERS,
      schema: {
        operationId: 'metrics',
        summary: 'What the daemon counts, for Prometheus',
        response: { 200: bytes('Prometheus’s text format, version 0.0.4.', 'text/plain'), ...failures() },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );

  app.get(
    '/api/v1/system',
    {
      config: WATCHERS,
      schema: {
        operationId: 'system',
        summary: 'How the box is: versions, providers, engines, load, memory, disk, temperatures, power',
        response: { 200: System, ...failures('not-ready') },
      },
    },
    async () => {
      const { edition } = editions;
      if (edition === undefined) throw new LookdialError('not-ready', 'The model is still being loaded.');
      const { provider, precision, processes } = edition.inference;
      const net = async (role: keyof Nets): Promise<Nets[keyof Nets]> => {
        const pid = processes[role];
        const resident = pid === undefined ? null : await residentBytes([pid]);
        const { state, reason = null } = engines?.standing(edition.bundle, role) ?? NO_ENGINES;
        return { provider, precision: precision[role], residentBytes: resident, engine: { state, reason } };
      };
      const [reading, encoder, decoder] = await Promise.all([machine.read(), net('encoder'), net('decoder')]);
      const { cpu, memory, disk, gpuLoad, zones, power, throttled } = reading;
      return {
        program: {
          version,
          node: process.version,
          uptimeSeconds: Math.round(process.uptime()),
          residentBytes: process.memoryUsage.rss(),
        },
        edition: edition.id,
        nets: { encoder, decoder },
        cpu: { ...cpu, load: rounded(cpu.load) },
        memory,
        disk,
        gpu: gpuLoad === null ? null : { load: rounded(gpuLoad) },
        temperatures: zones.map(({ name, celsius, limitCelsius }) => ({
          zone: name,
          celsius,
          limitCelsius: limitCelsius ?? null,
        })),
        power: power.map(({ name, watts }) => ({ rail: name, watts: rounded(watts) })),
        heat: { ...machine.heat, slowedDown: [...throttled] },
      };
    },
  );
}
