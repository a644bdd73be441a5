import { DecodingBench } from './decoding.ts';
import { median, milliseconds, spread, table } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type Options } from './options.ts';
import { describe, shape, tokensOf, usual, type Shape, type Size } from './shapes.ts';
import { ShapeBench } from './training.ts';

/** The engine alone, on random tokens: one training step, greedy decoding. */

const trained: readonly Shape[] = [
  shape('micro', 16, 48, 20, 'mixed'),
  shape('micro', 16, 48, 64, 'mixed'),
  shape('micro', 16, 48, 64, 'full'),
  shape('micro', 32, 48, 64, 'step-by-step'),
  usual('tiny', 'mixed'),
  usual('tiny', 'full'),
  usual('small', 'mixed'),
  usual('small', 'full'),
];

const decoded: readonly Shape[] = [
  shape('micro', 32, 48, 0, 'full'),
  shape('tiny', 32, 128, 0, 'full'),
  shape('tiny', 32, 32, 0, 'full'),
  shape('small', 32, 32, 0, 'full'),
];
const written = 32;
const decodings = 7;

const stepsOf: Readonly<Record<Size, number>> = { micro: 40, tiny: 40, small: 8, base: 3 };

/** The section on the engine alone. */
export async function benchEngine(options: Options): Promise<string> {
  const engine = await openChosen(options.engine);
  const wanted = chosenSizes(options, ['micro', 'tiny', 'small']);
  const rows: string[][] = [];
  for (const of of trained.filter(({ size }) => wanted.includes(size))) {
    const bench = await ShapeBench.create(engine, of);
    // In the first steps memory is still being taken.
    await bench.time(Math.min(3, stepsOf[of.size]));
    const times = await bench.time(options.rounds ?? stepsOf[of.size]);
    rows.push([
      `training step, ${describe(of)}`,
      spread(times, milliseconds),
      `${((tokensOf(of) / median(times)) * 1_000).toFixed(0)} tokens/s`,
    ]);
    await bench.model.dispose();
  }
  for (const of of decoded.filter(({ size }) => wanted.includes(size))) {
    const bench = await DecodingBench.create(engine, of, written);
    await bench.time(1);
    const times = await bench.time(options.rounds ?? decodings);
    rows.push([
      `greedy decoding, ${of.size}, ${of.batch} rows of ${of.source} tokens, ${written} written`,
      spread(times, milliseconds),
      `${(((of.batch * written) / median(times)) * 1_000).toFixed(0)} tokens/s`,
    ]);
    await bench.dispose();
  }
  const note = `Random tokens on ${nameOf(engine)}. A step is losses, gradients, clipping and AdamW; tokens are counted without padding, in decoding those that are written. Median (lowest to highest) of ${options.rounds ?? '40 steps (small: 8) or 7 decodings'}.`;
  return `${note}\n\n${table(['work', 'time', 'rate'], rows)}`;
}
