/** The columns of the index that hold what was imported, not what a teacher or a person said of it. */
const dataColumns = '{input choices gold}';

/** Characters that the index keeps: letters, digits and private ones, of any script. */
const wordCharacter = /[\p{L}\p{N}\p{Co}]/u;

/**
 * What a person typed, as a query of FTS5: every word must occur, as it is or as the beginning of a
 * longer one (so Korean nouns are found with their particles); `"…"` is a phrase, and one that is
 * not closed reaches to the end. Everything else that FTS5 would read as an operator is text.
 *
 * @returns null when there is no word in it
 */
export function matchQuery(text: string, where: 'everything' | 'data'): string | null {
  const terms = [...termsOf(text)];
  if (terms.length === 0) return null;
  const all = terms
    .map(({ words, isPhrase }) => quoted(words) + (isPhrase ? '' : '*'))
    .join(' AND ');
  return where === 'data' ? `${dataColumns} : (${all})` : all;
}

interface Term {
  words: string;
  isPhrase: boolean;
}

function* termsOf(text: string): Generator<Term> {
  // A control character, NUL above all, would end the query for SQLite.
  const clean = text.replace(/\p{Cc}/gu, ' ').replace(/[“”„«»]/g, '"');
  for (const [index, part] of clean.split('"').entries()) {
    const isPhrase = index % 2 === 1;
    for (const words of isPhrase ? [part] : part.split(/\s+/)) {
      if (wordCharacter.test(words)) yield { words, isPhrase };
    }
  }
}

const quoted = (words: string): string => `"${words}"`;
