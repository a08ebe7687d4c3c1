/** Encoder and decoder: by precision and threads, the bare session and the whole way through the net's process. */
import { Bundle, openBundle, ROLES, type Role } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import type { ModelFile } from '../../device/inference/manifest.ts';
import { readMember } from '../../device/inference/members.ts';
import { OrtSession } from '../../device/inference/ort-session.ts';
import { encoderInputShape, product } from '../../device/inference/shapes.ts';
import { Random } from '../../device/matching/random.ts';
import { TIMING_COLUMNS, type Timing, time, timingCells } from './measure.ts';
import type { Context, Suite, Table } from './suite.ts';

const THREADS = [1, 2];

type Row = (string | number)[];

/** Files of a role that the CPU can run. */
const cpuFiles = (bundle: Bundle, role: Role): ModelFile[] =>
  bundle.manifest.files.filter(file => file.role === role && file.runtimes?.includes('cpu'));

/** The bundle with these as its only models. */
const withModels = (bundle: Bundle, models: readonly ModelFile[]): Bundle => {
  const golden = bundle.manifest.files.filter(file => file.role === 'golden');
  return new Bundle(bundle.folder, { ...bundle.manifest, files: [...models, ...golden] });
};

/** Seeded inputs: noise as a picture, points as a shopper dials them. */
class Inputs {
  readonly #random: Random;
  readonly #bundle: Bundle;
  readonly picture: Float32Array;

  constructor(bundle: Bundle, seed: number) {
    this.#random = new Random(seed);
    this.#bundle = bundle;
    const length = product(encoderInputShape(bundle.manifest));
    this.picture = Float32Array.from({ length }, () => this.#random.uniform());
  }

  point(): Float32Array {
    return Float32Array.from({ length: this.#bundle.manifest.latentDim }, () => this.#random.normal());
  }

  /** What a bare session is fed. */
  feeds(role: Role): Record<string, Float32Array> {
    const { manifest } = this.#bundle;
    const { input, conditionInput } = manifest[role];
    const main = { [input.name]: role === 'encoder' ? this.picture : this.point() };
    if (conditionInput === undefined) return main;
    return { ...main, [conditionInput]: new Float32Array(manifest.conditions?.categories.length ?? 0) };
  }
}

/** `run()` alone, in this process: what the net itself takes. */
async function timeSession(
  bundle: Bundle,
  role: Role,
  file: ModelFile,
  threads: number,
  context: Context,
): Promise<Timing> {
  // Read by ONNX Runtime when it is loaded.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const { ortModule } = context.config;
  const session = await OrtSession.create(await readMember(bundle.folder, file), {
    provider: 'cpu',
    threads,
    ortModule,
  });
  const inputs = new Inputs(bundle, context.seed);
  try {
    return await time(context.runs, async () => {
      const results = await session.run(inputs.feeds(role));
      return [...results.values()].reduce((sum, values) => sum + (values[0] ?? 0), 0);
    });
  } finally {
    await session.release();
  }
}

/** Asked as the daemon asks: to the net's process and back, the picture's bytes or the posterior made. */
async function timeProcess(bundle: Bundle, threads: number, context: Context): Promise<Record<Role, Timing>> {
  const { ortModule, rungTimeoutMs } = context.config;
  const inference = await startInference(bundle, { providers: [], threads, ortModule, rungTimeoutMs });
  const inputs = new Inputs(bundle, context.seed);
  try {
    const encoder = await time(context.runs, async () => (await inference.encode(inputs.picture)).mu[0] ?? 0);
    const decoder = await time(context.runs, async () => (await inference.decode(inputs.point())).rgba[0] ?? 0);
    return { encoder, decoder };
  } finally {
    await inference.close();
  }
}

function sizes({ manifest }: Bundle): Table {
  const rows: Row[] = manifest.files
    .filter(file => file.role !== 'golden')
    .map(({ path, role, precision = 'float32', runtimes = [], bytes }) => [
      path,
      role,
      precision,
      runtimes.join(' '),
      bytes,
    ]);
  const golden = manifest.files.filter(file => file.role === 'golden');
  rows.push(['golden/', 'golden', '', '', golden.reduce((sum, { bytes }) => sum + bytes, 0)]);
  rows.push(['all', '', '', '', manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)]);
  return {
    title: `Sizes of ${manifest.id}@${manifest.version}`,
    columns: ['file', 'role', 'precision', 'for', 'bytes'],
    rows,
  };
}

export const inferenceSuite: Suite = {
  name: 'inference',
  about: 'encoder and decoder on the CPU: 1 and 2 threads, each precision, bare and through its process',
  async run(context) {
    const bundle = await openBundle(context.config.bundle);
    const rows: Row[] = [];
    let sink = 0;
    const add = (role: Role, precision: string, threads: number, way: string, timing: Timing) => {
      rows.push([role, precision, threads, way, ...timingCells(timing)]);
      sink += timing.sink;
    };
    const precisions = new Set(ROLES.flatMap(role => cpuFiles(bundle, role).map(file => file.precision ?? 'float32')));
    for (const precision of precisions) {
      const pick = (role: Role) => cpuFiles(bundle, role).find(file => (file.precision ?? 'float32') === precision);
      const models = ROLES.map(role => pick(role) ?? cpuFiles(bundle, role)[0]).filter(file => file !== undefined);
      for (const threads of THREADS) {
        context.say(`${precision}, ${threads} thread${threads === 1 ? '' : 's'}`);
        for (const role of ROLES) {
          const file = pick(role);
          if (file) add(role, precision, threads, 'session', await timeSession(bundle, role, file, threads, context));
        }
        const through = await timeProcess(withModels(bundle, models), threads, context);
        for (const role of ROLES) if (pick(role)) add(role, precision, threads, 'process', through[role]);
      }
    }
    rows.sort((a, b) => String(a[0]).localeCompare(String(b[0])) || String(a[3]).localeCompare(String(b[3])));
    const columns = ['net', 'precision', 'threads', 'through', ...TIMING_COLUMNS];
    return { tables: [{ title: `Inference, ${bundle.name}`, columns, rows }, sizes(bundle)], sink };
  },
};
