/** Words as a reader counts them: runs of letters and digits. */
const word = /[\p{L}\p{N}]+(?:['’.,][\p{L}\p{N}]+)*/gu;
const syllables = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** The words of a text in lower case and composed; numbers are words. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(word) ?? [];
}

/**
 * How many words a text has. Korean, Chinese and Japanese say more in a word, or write none: there two
 * syllables or characters are one.
 */
export function wordCount(text: string): number {
  let count = 0;
  for (const each of wordsOf(text)) {
    const dense = each.match(syllables)?.length ?? 0;
    count += Math.max(1, Math.floor(dense / 2));
  }
  return count;
}
