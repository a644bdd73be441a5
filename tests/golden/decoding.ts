import { Generator, type ScoredText } from '../../electron/model/generate/index.ts';
import { Largest, absent, finding, relative, type Outcome } from './finding.ts';
import type { BeamRun } from './fixture.ts';
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

/** Ranks that lie nearer together may change places with float32's rounding. */
const GAP = 1e-4;
/** As a share of the score, which is a sum of logarithms over a power of the length. */
const SCORE = 1e-4;
/** The run of the older library, which counted the start token in the length of a text cut off. */
const OLDER = 'beam';

/** Every recorded beam search: the texts of its ranks and their scores. */
export async function checkBeams({ engine, model, io }: ModelCase): Promise<Outcome[]> {
  const runs = [...(io.generate?.beams ?? [])];
  if (runs.length === 0) return [absent('beams', 'io.json does not record any')];
  const generator = await Generator.create(engine, model.config, model.parameters);
  const { inputs } = unpadded(io.inputs);
  const outcomes: Outcome[] = [];
  for (const [name, { config, all }] of runs) {
    const found = await generator.beam(inputs, {
      beams: config.num_beams,
      maxTokens: config.max_new_tokens,
      lengthPenalty: config.length_penalty,
      earlyStopping: config.early_stopping,
      count: Math.max(...all.map((ranks) => ranks.length)),
      lengthIncludesStart: name === OLDER,
    });
    outcomes.push(...compareBeams(name, found, all, model.config.eosTokenId));
  }
  await generator.dispose();
  return outcomes;
}

function compareBeams(
  name: string,
  found: readonly (readonly ScoredText[])[],
  expected: BeamRun['all'],
  eosTokenId: number,
): Outcome[] {
  const scores = new Largest();
  const wrong: string[] = [];
  let compared = 0;
  for (const [row, ranks] of expected.entries()) {
    for (const [rank, { ids, score }] of ranks.entries()) {
      const where = `row ${row}, rank ${rank + 1}`;
      const own = found[row]?.[rank];
      scores.add(relative(own?.score ?? NaN, score), where);
      const gaps = [ranks[rank - 1], ranks[rank + 1]].map((other) =>
        other ? Math.abs(other.score - score) : Infinity,
      );
      if (Math.min(...gaps) <= GAP) continue;
      compared++;
      if (own?.ids.join() !== written(ids, eosTokenId).join()) wrong.push(where);
    }
  }
  return [
    finding(`${name}: ranks with other ids (of ${compared})`, wrong.length, 0, wrong[0]),
    scores.outcome(`${name}: scores`, SCORE),
  ];
}
