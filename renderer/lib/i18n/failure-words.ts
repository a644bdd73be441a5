import type { StudioFailure } from '../failure.ts';
import type { Dictionary } from './en.ts';

export interface FailureWords {
  title: string;
  /** Main's own sentence, with a server's words in it; null where it is the title. */
  detail: string | null;
  /** What to do next; may be empty. */
  hint: string;
}

/**
 * A failure in the words of a language. Main speaks English: where the language has a heading of its
 * own, main's sentence stands below it.
 */
export function failureWords(
  t: Pick<Dictionary, 'errors' | 'errorHints'>,
  { code, message, hint }: Pick<StudioFailure, 'code' | 'message' | 'hint'>,
): FailureWords {
  const heading = t.errors[code];
  return {
    title: heading ?? message,
    detail: heading === null ? null : message,
    hint: t.errorHints[code] ?? hint,
  };
}
