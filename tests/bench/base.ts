import { gibibytes, seconds, spread, table } from './measure.ts';
import { startWorker } from './memory.ts';
import { nameOf, openChosen, type Options } from './options.ts';
import { describe, shape } from './shapes.ts';

const most = 12e9;

/** A model of the size of t5-base: time per step and peak memory, in a fresh process. */
export async function benchBase(options: Options): Promise<string> {
  const engine = await openChosen(options.engine);
  const of = shape('base', 4, 128, 64, 'full');
  const worker = await startWorker(options.engine, of);
  try {
    const { milliseconds, peak } = await worker.ask({ steps: options.steps ?? 20 });
    const bytes = peak ?? Number.NaN;
    const verdict = bytes < most ? 'yes' : 'no';
    const rows = [
      ['parameters', String(worker.parameters)],
      ['time per step, the first included', spread(milliseconds, seconds)],
      ['peak of resident memory (VmHWM)', `${gibibytes(bytes)} (${(bytes / 1e9).toFixed(2)} GB)`],
      ['below 12 GB', peak === null ? 'not measured: the system does not tell' : verdict],
    ];
    const note = `${milliseconds.length} steps with random parameters on ${nameOf(engine)}, in a fresh process: losses, gradients, clipping, AdamW. Median (lowest to highest).`;
    return `${note}\n\n${table([describe(of), ''], rows)}`;
  } finally {
    await worker.end();
  }
}
