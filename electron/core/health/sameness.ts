import { normaliseText } from '../text.ts';
import { hasText } from './emptiness.ts';
import type { Check } from './row.ts';
import { wordsOf } from './words.ts';

/** On so many different inputs the same rationale is no longer an explanation of any of them. */
export const manyInputs = 5;

/**
 * `identical`: the same rationale was given on {@link manyInputs} or more different inputs.
 *
 * Same after case, white space and Unicode form are folded. Rows with the same input count once: there
 * the same rationale is to be expected. Counted over all parsed rows of the extraction at the time of
 * the check. Formulas of a prompt that fill in each row's words are not identical.
 */
export const findIdentical: Check = ({ rationale }, { inputsWith }) => {
  const inputs = inputsWith(rationale);
  return inputs < manyInputs ? null : { evidence: `× ${inputs}`, at: null };
};

/** Rationales with the same key are the same; null for those without a letter or digit. */
export const rationaleKey = (rationale: string | null): string | null =>
  hasText(rationale) ? normaliseText(rationale) : null;

/** Words that are compared at once. */
const run = 3;
/** Share of the rationale's runs that stand in the input. */
export const repeatedShare = 0.9;
/** A run of words this short may stand in any text about the same things. */
const fewestRuns = 3;

/**
 * `repeats-input`: the rationale says again what the input says, and next to nothing more.
 *
 * Raised when at least {@link repeatedShare} of the rationale's runs of three words stand in the input
 * (with its choices), or the whole rationale does, of at least four words. Repeating the facts first,
 * as most rationales do, is fine: what is worked out from them must follow.
 */
export const findRepeatedInput: Check = ({ input, choices, rationale }) => {
  const words = wordsOf(rationale);
  if (words.length <= run) return null;
  const said = wordsOf([input, ...(choices ?? [])].join('\n'));
  // A new word is in one to three runs that are new: with enough of them the answer is known.
  const known = new Set(said);
  const news = words.filter((word) => !known.has(word)).length;
  if (news / run > (1 - repeatedShare) * words.length) return null;
  if (` ${said.join(' ')} `.includes(` ${words.join(' ')} `)) return shareFound(1);
  const runs = runsOf(words);
  if (runs.length < fewestRuns) return null;
  const knownRuns = new Set(runsOf(said));
  const share = runs.filter((each) => knownRuns.has(each)).length / runs.length;
  return share < repeatedShare ? null : shareFound(share);
};

const shareFound = (share: number) => ({ evidence: `${Math.round(100 * share)}%`, at: null });

const runsOf = (words: readonly string[]): string[] =>
  words.slice(run - 1).map((_, at) => words.slice(at, at + run).join(' '));
