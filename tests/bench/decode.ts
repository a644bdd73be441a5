import type { Engine } from '../../electron/model/engines/engine.ts';
import { DecodingBench } from './decoding.ts';
import { counted } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type Options } from './options.ts';
import { adjacent, comparison, startPyTorch, startTorch, type Side } from './reference.ts';
import { configs, rowLengths, shape, type Size } from './shapes.ts';

const rows = 32;
const source = 32;
const written = 32;

const runsOf: Readonly<Record<Size, number>> = { micro: 5, tiny: 5, small: 1, base: 1 };

/** Greedy decoding beside PyTorch: the same rows, the same number of tokens, a cache on both sides. */
export async function benchDecoding(options: Options): Promise<string> {
  const engine = await openChosen(options.engine);
  const parts: string[] = [];
  const absent = new Set<string>();
  for (const size of chosenSizes(options, ['tiny', 'small'])) {
    parts.push(await compare(engine, options, size, absent));
  }
  const left =
    absent.size === 0 ? '' : ` This Python has no ${[...absent].join(', ')}: it is left out.`;
  const note = `Greedy decoding of ${rows} rows of ${source} tokens, ${written} tokens written for each, encoder included; no token ends a row. The PyTorch loop (\`Greedy\` in \`t5_model.py\`) computes keys and values of the source once, writes those of the text in place, and makes query, key and value in one product; the other opponent is \`generate\` of transformers.${left} Tokens are those written. Median of the rounds’ medians (lowest to highest).`;
  return [note, ...parts].join('\n\n');
}

async function compare(
  engine: Engine,
  options: Options,
  size: Size,
  absent: Set<string>,
): Promise<string> {
  const of = shape(size, rows, source, 0, 'full');
  const task = {
    config: configs[size],
    rows: rowLengths(of),
    tokens: written,
    threads: engine.threads,
  };
  const runs = runsOf[size];
  const bench = await DecodingBench.create(engine, of, written);
  const loop = await startTorch(options, { task: 'decode', ...task });
  const generate = await startPyTorch(options, { task: 'generate', ...task });
  if (generate === null) absent.add('transformers');
  try {
    const sides: Side[] = [
      { name: `Stepwise Studio on ${nameOf(engine)}`, measure: () => bench.time(runs) },
      { name: loop.name, measure: async () => (await loop.ask({ runs })).milliseconds },
    ];
    if (generate) {
      sides.push({
        name: `transformers’ \`generate\` on ${generate.name}`,
        measure: async () => (await generate.ask({ runs })).milliseconds,
      });
    }
    for (const opponent of [loop, ...(generate ? [generate] : [])]) {
      if (opponent.parameters !== bench.parameterCount) {
        throw new Error(`${opponent.name} has another number of parameters than ours.`);
      }
    }
    await adjacent(sides, 1);
    const count = options.rounds ?? 7;
    const measured = await adjacent(sides, count);
    const times = runs === 1 ? '' : ` of ${runs}`;
    const head = `${size}, ${counted(count, 'round')}${times}`;
    return comparison(head, sides, measured, rows * written);
  } finally {
    await loop.end();
    await generate?.end();
    await bench.dispose();
  }
}
