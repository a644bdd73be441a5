import { Generator } from '../../electron/model/generate/index.ts';
import { absent, finding } from './finding.ts';
import type { Outcome } from './finding.ts';
import type { ModelCase } from './model-case.ts';
import { unpadded } from './rows.ts';

/** Greedy ids, all rows together and each alone. */
export async function checkGreedy({ engine, model, io }: ModelCase): Promise<Outcome[]> {
  if (!io.generate) return [absent('greedy ids', 'io.json does not record them')];
  const generator = await Generator.create(engine, model.config, model.parameters);
  const { inputs } = unpadded(io.inputs);
  const longest = Math.max(...io.generate.greedy.map((ids) => ids.length - 1));
  const expected = io.generate.greedy.map((ids) => written(ids, model.config.eosTokenId));
  const together = await generator.greedy(inputs, longest);
  const alone: Int32Array[] = [];
  for (const input of inputs) alone.push(...(await generator.greedy([input], longest)));
  await generator.dispose();
  return [
    differingRows('greedy: rows with other ids, decoded together', together, expected),
    differingRows('greedy: rows with other ids, each decoded alone', alone, expected),
  ];
}

function differingRows(
  quantity: string,
  actual: readonly Int32Array[],
  expected: readonly (readonly number[])[],
): Outcome {
  const wrong = expected.flatMap((ids, row) =>
    ids.join() === actual[row]?.join() ? [] : [`row ${row}`],
  );
  return finding(`${quantity} (of ${expected.length})`, wrong.length, 0, wrong[0]);
}

/** Recorded ids begin with the start token and may end with the end token; ours have neither. */
export function written(ids: readonly number[], eosTokenId: number): number[] {
  return ids.slice(1).filter((id) => id !== eosTokenId);
}

/** Recorded beam searches. */
export function checkBeams({ io }: ModelCase): Promise<Outcome[]> {
  const names = [...(io.generate?.beams.keys() ?? [])];
  return Promise.resolve(names.map((name) => absent(name, 'the engine has no beam search')));
}
