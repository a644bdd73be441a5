import { fileURLToPath } from 'node:url';
import { mebibytes, table } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type EngineChoice, type Options } from './options.ts';
import { Opponent, startTorch } from './reference.ts';
import { configs, describe, rowLengths, usual, type Shape } from './shapes.ts';

const worker = fileURLToPath(new URL('./worker.ts', import.meta.url));
const steps = 6;

/** Peak memory of training, each side in a fresh process of its own. */
export async function benchMemory(options: Options): Promise<string> {
  const engine = await openChosen(options.engine);
  const rows: string[][] = [];
  for (const size of chosenSizes(options, ['tiny', 'small'])) {
    const of = usual(size, 'full');
    const ours = await peakOf(await startWorker(options.engine, of));
    if (options.python === null) {
      rows.push([describe(of), mebibytes(ours), 'not measured', '']);
      continue;
    }
    const torch = await startTorch(options, {
      task: 'train',
      config: configs[size],
      rows: rowLengths(of),
      threads: engine.threads,
    });
    const theirs = await peakOf(torch);
    rows.push([describe(of), mebibytes(ours), mebibytes(theirs), (ours / theirs).toFixed(2)]);
  }
  const note = `Peak of resident memory (VmHWM) of a whole process after ${steps} training steps; one fresh process each, nothing taken off for the runtime. Ours runs on ${nameOf(engine)}. A GPU’s own memory is not counted.`;
  return `${note}\n\n${table(['', 'ours', 'PyTorch', 'ratio'], rows)}`;
}

/** Our training step in a fresh process. */
export async function startWorker(engine: EngineChoice, of: Shape): Promise<Opponent> {
  const started = await Opponent.start([process.execPath, worker], { engine, of });
  if (started) return started;
  throw new Error('The worker could not start.');
}

async function peakOf(side: Opponent): Promise<number> {
  try {
    const { peak } = await side.ask({ steps });
    if (peak !== null) return peak;
    throw new Error('This system does not tell a process its peak of memory (/proc/self/status).');
  } finally {
    await side.end();
  }
}
