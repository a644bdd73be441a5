/** Words as ROUGE counts them: runs of letters and digits, without regard to case. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * ROUGE-L of two texts: the F1 of the longest common subsequence of their words, so of its share of
 * the candidate's words and its share of the reference's. 0 where one of them has no word.
 *
 * Source: C.-Y. Lin, "ROUGE: A package for automatic evaluation of summaries", Text Summarization
 * Branches Out (ACL 2004), 74-81, section 3, with β = 1; without stemming.
 */
export function rougeL(candidate: string, reference: string): number {
  const a = wordsOf(candidate);
  const b = wordsOf(reference);
  if (a.length === 0 || b.length === 0) return 0;
  return (2 * commonSubsequence(a, b)) / (a.length + b.length);
}

const wordsOf = (text: string): string[] => text.normalize('NFC').toLowerCase().match(WORD) ?? [];

/** Length of the longest common subsequence. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number {
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
  const [left, right] = [Int32Array.from(a, numberOf), Int32Array.from(b, numberOf)];
  // Of the first words of `left` that were seen so far, against every beginning of `right`.
  const best = new Int32Array(right.length + 1);
  for (const word of left) {
    let diagonal = 0;
    for (let at = 1; at <= right.length; at++) {
      const above = best[at] ?? 0;
      best[at] = word === right[at - 1] ? diagonal + 1 : Math.max(above, best[at - 1] ?? 0);
      diagonal = above;
    }
  }
  return best[right.length] ?? 0;
}
