import type { Engine } from '../../electron/model/engines/engine.ts';
import { counted } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type Options } from './options.ts';
import { adjacent, comparison, startTorch, type Side } from './reference.ts';
import { configs, describe, rowLengths, tokensOf, usual, type Shape, type Size } from './shapes.ts';
import { ShapeBench } from './training.ts';

/** Steps of one round and rounds, by size. */
const effort: Readonly<Record<Size, { rounds: number; steps: number; warmup: number }>> = {
  micro: { rounds: 9, steps: 40, warmup: 3 },
  tiny: { rounds: 9, steps: 20, warmup: 3 },
  small: { rounds: 7, steps: 2, warmup: 2 },
  base: { rounds: 7, steps: 1, warmup: 1 },
};

/**
 * The training step beside PyTorch: the same batch, model and optimizer here and there, in rounds
 * that follow each other directly.
 */
export async function benchTrainingStep(options: Options): Promise<string> {
  const engine = await openChosen(options.engine);
  const parts: string[] = [];
  for (const size of chosenSizes(options, ['tiny', 'small'])) {
    for (const lengths of ['full', 'mixed'] as const) {
      parts.push(await compare(engine, options, usual(size, lengths)));
    }
  }
  const note = `One training step in float32, ${counted(engine.threads, 'thread')} on a processor: losses, gradients, clipping, AdamW. PyTorch is eager; \`t5_model.py\` writes the model as \`modeling_t5.py\` does, padded to the longest row; here rows are packed, and padding is not computed outside attention. Tokens are counted without padding. Median of the rounds’ medians (lowest to highest).`;
  return [note, ...parts].join('\n\n');
}

async function compare(engine: Engine, options: Options, of: Shape): Promise<string> {
  const { rounds, steps, warmup } = effort[of.size];
  const bench = await ShapeBench.create(engine, of);
  const torch = await startTorch(options, {
    task: 'train',
    config: configs[of.size],
    rows: rowLengths(of),
    threads: engine.threads,
  });
  try {
    const { parameterCount } = bench.model;
    if (torch.parameters !== parameterCount) {
      throw new Error(
        `PyTorch’s model has ${torch.parameters} parameters, ours has ${parameterCount}.`,
      );
    }
    const sides: Side[] = [
      { name: `Stepwise Studio on ${nameOf(engine)}`, measure: () => bench.time(steps) },
      { name: torch.name, measure: async () => (await torch.ask({ steps })).milliseconds },
    ];
    // The first steps, in which memory is still being taken, do not count.
    await bench.time(warmup);
    await torch.ask({ steps: warmup });
    const count = options.rounds ?? rounds;
    const measured = await adjacent(sides, count);
    const head = `${describe(of)}, ${parameterCount} parameters, ${counted(count, 'round')} of ${counted(steps, 'step')}`;
    return comparison(head, sides, measured, tokensOf(of));
  } finally {
    await torch.end();
    await bench.model.dispose();
  }
}
