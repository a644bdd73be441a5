import { flagWeights, healthFlags } from '../../contract/entities.ts';
import type { HealthFinding, HealthFlag } from '../../contract/entities.ts';
import { findNoAnswerNumber } from './answer-number.ts';
import { findWrongArithmetic } from './arithmetic.ts';
import { findContradiction } from './contradiction.ts';
import { findNearEmpty, findNoRationale, hasText } from './emptiness.ts';
import { equationsIn } from './equations.ts';
import { findLetterOnly } from './letter.ts';
import { findOtherLanguage } from './other-language.ts';
import type { Check, HealthContext, HealthRow } from './row.ts';
import { findIdentical, findRepeatedInput } from './sameness.ts';
import { findLowAgreement, findWrongLabel } from './standing.ts';
import { findTruncated } from './truncation.ts';

export type { HealthContext, HealthRow } from './row.ts';
export { rationaleKey } from './sameness.ts';

type Finder =
  | { readonly of: 'answer'; readonly find: Check<HealthRow> }
  | { readonly of: 'rationale'; readonly find: Check };

/** How each flag is found; the module of each says when exactly it is raised, and why. */
const finders: Readonly<Record<HealthFlag, Finder>> = {
  'no-rationale': { of: 'answer', find: findNoRationale },
  'wrong-label': { of: 'answer', find: findWrongLabel },
  'wrong-arithmetic': { of: 'rationale', find: findWrongArithmetic },
  'contradicts-label': { of: 'rationale', find: findContradiction },
  truncated: { of: 'rationale', find: findTruncated },
  'near-empty': { of: 'rationale', find: findNearEmpty },
  'letter-only': { of: 'rationale', find: findLetterOnly },
  'repeats-input': { of: 'rationale', find: findRepeatedInput },
  'no-answer-number': { of: 'rationale', find: findNoAnswerNumber },
  identical: { of: 'rationale', find: findIdentical },
  'low-agreement': { of: 'answer', find: findLowAgreement },
  'other-language': { of: 'rationale', find: findOtherLanguage },
};

/**
 * Everything that is found wrong with the answer that stands for a row, each flag at most once, in the
 * order of the contract. Flags that are about the rationale's text need one. Time is linear in the
 * length of the texts.
 */
export function checkRationale(row: HealthRow, context: HealthContext): HealthFinding[] {
  const { rationale } = row;
  const explained = hasText(rationale)
    ? { ...row, rationale, equations: equationsIn(rationale) }
    : null;
  return healthFlags.flatMap((flag) => {
    const finder = finders[flag];
    const finding =
      finder.of === 'answer'
        ? finder.find(row, context)
        : explained && finder.find(explained, context);
    return finding === null ? [] : [{ flag, ...finding }];
  });
}

/** How suspicious a row with these flags is: the sum of their documented weights. */
export function suspicionOf(flags: Iterable<HealthFlag>): number {
  let sum = 0;
  for (const flag of flags) sum += flagWeights[flag];
  return sum;
}
