import { plainFinding, shortened } from './row.ts';
import type { Check, HealthRow } from './row.ts';
import { wordCount } from './words.ts';

/** Fewer words than this explain nothing. */
export const fewestWords = 4;

/**
 * `no-rationale`: the answer came without an explanation: there is no text before it, or none with a
 * letter or a digit. Nothing else is looked for then, except what concerns the answer alone.
 */
export const findNoRationale: Check<HealthRow> = ({ rationale }) =>
  hasText(rationale) ? null : plainFinding;

/** Whether there is anything to look at. */
export const hasText = (rationale: string | null): rationale is string =>
  rationale !== null && /[\p{L}\p{N}]/u.test(rationale);

/**
 * `near-empty`: the rationale has fewer than {@link fewestWords} words; of Korean, Chinese and Japanese
 * two syllables count as one. An equation is an explanation however short: `8 - 3 = 5` is not near-empty.
 */
export const findNearEmpty: Check = ({ rationale, equations }) =>
  wordCount(rationale) >= fewestWords || equations.length > 0
    ? null
    : { evidence: shortened(rationale), at: [0, rationale.length] };
