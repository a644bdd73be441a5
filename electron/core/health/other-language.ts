import type { Check } from './row.ts';

/**
 * `other-language`: input and rationale are each surely in one language, and not in the same.
 *
 * Languages are guessed (`core/language.ts`), and one that can't be told says nothing. Two languages of
 * one script are told apart only in texts of {@link fewestLetters} letters or more; Korean and English
 * at once.
 * A student would learn to explain in another language than it is asked in.
 */
export const findOtherLanguage: Check = ({ input, rationale }, { language }) => {
  const asked = language(input);
  if (asked === unknown) return null;
  const explained = language(rationale);
  if (explained === unknown || explained === asked) return null;
  const byScript = scripts.has(asked) || scripts.has(explained);
  if (!byScript && Math.min(lettersOf(input), lettersOf(rationale)) < fewestLetters) return null;
  return { evidence: `${asked} → ${explained}`, at: null };
};

const unknown = 'und';

/** Languages that are known by their script alone. */
const scripts = new Set(['ko', 'ja', 'zh', 'th', 'he', 'el', 'hy', 'ka', 'ta', 'te', 'bn']);

export const fewestLetters = 60;
const enough = 1_000;

const lettersOf = (text: string): number => text.slice(0, enough).match(/\p{L}/gu)?.length ?? 0;
