/**
 * Korean writes copula and particles onto the word before them, without a space: `긍정입니다`,
 * `'긍정'이다`, `(b)로`. What is compared with labels and choices must be free of them.
 */

/** Endings that make a sentence of a noun, as alternatives of a regular expression. */
export const copula = '입니다|이다|이에요|이예요|예요|에요|임';
const particle =
  '이라고|라고|이라는|라는|이므로|이며|이고|이라|이거나|거나|이나|나|인|일|다|이|가|은|는|을|를|의|에|에서|으로|로|와|과|도|만|요';
/** `긍정적이다`: of the nature of. */
const tail = `적?(?:${copula}|${particle})?`;

const wholeTail = new RegExp(`^["'”’」』)）*]*(?:번)?["'”’」』)）*]*${tail}[\\s.。!]*$`, 'u');
const spokenTail = new RegExp(`^번?(?:${copula}|${particle})(?![\\p{L}\\p{N}])`, 'u');
const tailAhead = new RegExp(`^["'”’」』)）*]*${tail}(?![\\p{L}\\p{N}])`, 'u');
const deniedAhead = /^["'”’」』)）*]*(?:(?:이|가|은|는|도)?|도\s+\S{1,8}도)\s*아[니닌닙님]/u;
const deniedBefore = /\b(?:not|isn't|neither|nor)\s+(?:an?\s+|the\s+)?["'“‘]?$/;

/** Longest tail that is looked at, in characters; longer ones are words of their own. */
export const reach = 16;

/** Whether nothing but copula or particle and punctuation is left. */
export function isTail(text: string): boolean {
  return text.length <= reach && wholeTail.test(text);
}

/** Whether a copula or particle is written right onto what stands before the text: `로 보인다`. */
export function beginsWithTail(text: string): boolean {
  return spokenTail.test(text.slice(0, reach));
}

/**
 * Where `words` stand in `text` as whole words, a Korean ending behind them allowed. Places that
 * deny them are left out: `not neutral`, `긍정이 아니라`.
 */
export function mentions(text: string, words: string): number[] {
  const places: number[] = [];
  if (words === '') return places;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
    const before = text.slice(Math.max(0, at - reach), at);
    const end = at + words.length;
    const after = text.slice(end, end + reach);
    const whole = !/[\p{L}\p{N}]$/u.test(before) && tailAhead.test(after);
    if (whole && !deniedBefore.test(before) && !deniedAhead.test(after)) places.push(at);
  }
  return places;
}
