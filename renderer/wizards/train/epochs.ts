import type { DataCard, RunSettings } from '../../../electron/contract/entities.ts';

/** Rows that one step learns. */
export const rowsPerStep = ({
  batchSize,
  accumulate,
}: Pick<RunSettings, 'batchSize' | 'accumulate'>): number => batchSize * accumulate;

/** How often each of `rows` rows is seen, to three significant digits. */
export const epochsOf = (
  settings: Pick<RunSettings, 'steps' | 'batchSize' | 'accumulate'>,
  rows: number,
): number => Number(((settings.steps * rowsPerStep(settings)) / rows).toPrecision(3));

/** The fewest steps that see each of `rows` rows so often. */
export const stepsFor = (
  epochs: number,
  settings: Pick<RunSettings, 'batchSize' | 'accumulate'>,
  rows: number,
): number => Math.max(1, Math.ceil((epochs * rows) / rowsPerStep(settings)));

/** Evaluations of a whole run; the last step always ends with one. */
export const evaluationsOf = ({
  steps,
  evaluateEvery,
}: Pick<RunSettings, 'steps' | 'evaluateEvery'>): number => Math.ceil(steps / evaluateEvery);

/**
 * The most that a limit on the input can cut, as a share of the rows: data cards know the share above
 * some lengths, and above a limit there are no more than above the next shorter one. Null without a
 * card that knows a shorter one.
 */
export function cutShare(cards: readonly (DataCard | null)[], limit: number): number | null {
  let [rows, cut] = [0, 0];
  for (const card of cards) {
    if (!card?.tokens) continue;
    const { tokens } = card;
    const shorter = tokens.above.filter((each) => each.tokens <= limit).at(-1);
    rows += tokens.rows;
    if (tokens.most <= limit) continue;
    if (shorter === undefined) return null;
    cut += tokens.rows * shorter.share;
  }
  return rows === 0 ? null : cut / rows;
}
