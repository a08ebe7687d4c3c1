/**
 * The process of one net. It loads, checks itself against the golden data, and answers one request after another.
 * A run blocks its thread, and a bad driver can hang or crash it: therefore a process, which can be killed.
 */
import { checkDecoder, checkEncoder } from './golden.ts';
import type { FromNet, NetJob, ToNet } from './net-job.ts';
import { NetRefused } from './net-job.ts';
import { DecoderNet, EncoderNet } from './nets.ts';

const tell = (message: FromNet): void => {
  if (process.connected) process.send?.(message);
};

type Request = Exclude<ToNet, { type: 'load' }>;
type Answer = (request: Request) => Promise<Extract<FromNet, { type: 'answer' }>['value']>;

async function load(job: NetJob): Promise<{ golden: string; answer: Answer }> {
  if (job.role === 'encoder') {
    const net = await EncoderNet.load(job);
    const golden = await checkEncoder(net, job);
    return {
      golden,
      answer: request => {
        if (request.type !== 'encode') throw new Error('this process holds the encoder');
        return net.encode(request.input, request.category);
      },
    };
  }
  const net = await DecoderNet.load(job);
  const golden = await checkDecoder(net, job);
  return {
    golden,
    answer: request => {
      if (request.type !== 'decode') throw new Error('this process holds the decoder');
      return net.decode(request.z, request.category);
    },
  };
}

let answer: Answer | undefined;

async function handle(message: ToNet): Promise<void> {
  if (message.type === 'load') {
    try {
      const loaded = await load(message.job);
      answer = loaded.answer;
      tell({ type: 'ready', golden: loaded.golden });
    } catch (error) {
      // What is not a refusal of its own is the golden run failing: the net gave no posterior, or the run threw.
      const kind = error instanceof NetRefused ? error.kind : 'bundle';
      const reason = (error as Error).message;
      tell({
        type: 'refused',
        kind,
        reason: error instanceof NetRefused ? reason : `${message.job.file.path}: ${reason}`,
      });
    }
    return;
  }
  try {
    if (answer === undefined) throw new Error('no net is loaded yet');
    tell({ type: 'answer', id: message.id, value: await answer(message) });
  } catch (error) {
    tell({ type: 'failed', id: message.id, reason: (error as Error).message });
  }
}

// One after another: an await inside a request must not let the next one in.
let last = Promise.resolve();
process.on('message', (message: ToNet) => {
  last = last.then(() => handle(message));
});
// The daemon ends this process by closing the channel; a signal to the whole group is the daemon's business.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
