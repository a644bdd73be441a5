import type { HealthFlag } from '../../../../electron/contract/entities.ts';
import { checkRationale } from '../../../../electron/core/health/index.ts';
import type { HealthContext, HealthRow } from '../../../../electron/core/health/index.ts';
import { languageGuesser } from '../../../../electron/core/language.ts';

const language = await languageGuesser();

export const context = (more: Partial<HealthContext> = {}): HealthContext => ({
  task: 'arithmetic',
  labels: [],
  language,
  inputsWith: () => 1,
  ...more,
});

/** An answer without a fault, with what a test changes of it. */
export const answer = (more: Partial<HealthRow> = {}): HealthRow => {
  const row = {
    input: 'Ben has 8 pens and gives 3 of them to his sister. How many pens does he keep?',
    choices: null,
    label: '(8 - 3)',
    rationale: 'He starts with 8 pens. He gives 3 away. So he keeps 8 - 3 = 5 pens.',
    finishReason: 'stop',
    ...{ votes: 1, answers: 1, correct: true },
    ...more,
  };
  return { completion: `${row.rationale ?? ''} The answer is ${row.label}.`, ...row };
};

/** The evidence of a flag; null where it is not raised. */
export function evidence(
  flag: HealthFlag,
  row: Partial<HealthRow>,
  more: Partial<HealthContext> = {},
): string | null {
  const found = checkRationale(answer(row), context(more)).find((one) => one.flag === flag);
  return found?.evidence ?? null;
}
