import type { Check } from './row.ts';

/**
 * `other-language`: input and rationale are each surely in one language, and not in the same.
 *
 * Languages are guessed (`core/language.ts`); a short text, or one that can't be told, says nothing.
 * A student would learn to explain in another language than it is asked in.
 */
export const findOtherLanguage: Check = ({ input, rationale }, { language }) => {
  const asked = language(input);
  if (asked === unknown) return null;
  const explained = language(rationale);
  if (explained === unknown || explained === asked) return null;
  return { evidence: `${asked} → ${explained}`, at: null };
};

const unknown = 'und';
