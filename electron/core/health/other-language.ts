import type { Check } from './row.ts';

/**
 * `other-language`: input and rationale are each surely in one language, and not in the same.
 *
 * Languages are guessed (`core/language.ts`), and one that can't be told says nothing. Two languages of
 * one script are told apart only in texts of {@link fewestLetters} letters or more; Korean and English
 * at once.
 * A student would learn to explain in another language than it is asked in.
 */
export const findOtherLanguage: Check = (row, { language }) => {
  const [input, rationale] = [row.input.slice(0, enough), row.rationale.slice(0, enough)];
  const short = Math.min(lettersOf(input), lettersOf(rationale)) < fewestLetters;
  if (short && isLatin(input) && isLatin(rationale)) return null;
  const inEnglish = isPlainEnglish(rationale);
  if (inEnglish && isPlainEnglish(input)) return null;
  const asked = language(input);
  const explained = inEnglish ? 'en' : language(rationale);
  if (asked === unknown || explained === unknown || explained === asked) return null;
  if (short && !scripts.has(asked) && !scripts.has(explained)) return null;
  return { evidence: `${asked} → ${explained}`, at: null };
};

const unknown = 'und';

/** Languages that are known by their script alone. */
const scripts = new Set(['ko', 'ja', 'zh', 'th', 'he', 'el', 'hy', 'ka', 'ta', 'te', 'bn']);

export const fewestLetters = 60;
/** Characters that are looked at: a language shows early. */
const enough = 400;

const isLatin = (text: string): boolean => !/[^\P{L}\p{Script=Latin}]/u.test(text);

const lettersOf = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;

const commonest = /\b(?:the|and|of|is|are|that|with|has|have|was|were|so|there|to|a|in)\b/giu;

/**
 * Whether a fifth of the words are the commonest ones of English, `the` or `and` among them: guessing
 * would take ten times as long, and most data is in English.
 */
function isPlainEnglish(text: string): boolean {
  const words = text.match(/\S+/gu)?.length ?? 0;
  const common = text.match(commonest) ?? [];
  return common.length >= words / 5 && /\b(?:the|and)\b/iu.test(text);
}
