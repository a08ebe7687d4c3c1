/**
 * A process that says which ONNX Runtime there is and what it has; given a net, also which provider ran each of its nodes, out of a
 * profile of one run. Its argument is JSON, `Asked`; it answers with a line of JSON, `Told`. A process of its own, for a bad driver
 * may take it with it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '../../device/inference/bundle.ts';
import { loadRuntime, OrtSession } from '../../device/inference/ort-session.ts';

export interface Asked {
  readonly ortModule: string;
  readonly net?: { readonly path: string; readonly provider: Provider; readonly threads: number };
}

export interface Told {
  readonly version: string | undefined;
  /** What this build of the binding has. */
  readonly backends: readonly string[];
  /** How many nodes each provider ran, by the name that ONNX Runtime gives it. */
  readonly nodes?: Readonly<Record<string, number>>;
}

interface Event {
  readonly cat?: string;
  readonly name?: string;
  readonly args?: { readonly provider?: string };
}

async function nodesOf({ path, provider, threads }: NonNullable<Asked['net']>, ortModule: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lookdial-doctor-'));
  try {
    const profile = join(folder, 'profile');
    const session = await OrtSession.create(readFileSync(path), { provider, threads, ortModule, profile });
    const feeds = session.inputs.map(({ name, shape }) => {
      const size = shape.reduce<number>((product, one) => product * Number(one), 1);
      return [name, new Float32Array(size)] as const;
    });
    await session.run(Object.fromEntries(feeds));
    session.endProfile();
    await session.release();
    const [file = ''] = readdirSync(folder);
    const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[];
    const ran = new Map<string, string>();
    for (const { cat, name, args } of events) {
      if (cat === 'Node' && name !== undefined && args?.provider) ran.set(name, args.provider);
    }
    const counts: Record<string, number> = {};
    for (const one of ran.values()) counts[one] = (counts[one] ?? 0) + 1;
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  const { ortModule, net } = JSON.parse(process.argv[2] ?? '{}') as Asked;
  const runtime = loadRuntime(ortModule);
  const told: Told = {
    version: runtime.env.versions.node ?? runtime.env.versions.common,
    backends: runtime.listSupportedBackends().map(({ name }) => name),
    ...(net && { nodes: await nodesOf(net, ortModule) }),
  };
  console.log(JSON.stringify(told));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
