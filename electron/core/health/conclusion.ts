/** Longest sentence that is looked at, in characters. */
const longest = 400;

/** Not `must be`: `The answer must be a place where …` says what is looked for. */
const announcement =
  /(?<![\p{L}\p{N}])(?:the|my|our)\s+(?:(?:final|correct|right|best|most likely)\s+){0,2}(?:answer|choice|option|label|class|category)\s+(?:is|would be|will be)(?:\s*:)?\s+|(?<![\p{L}\p{N}])(?:final )?answer\s*[:：]\s*|(?<![가-힣])(?:최종 |올바른 )?(?:정답|답|결론)\s*(?:은|[:：])\s*/giu;
const conclusive =
  /^(?:and |but )?(?:so|therefore|thus|hence|consequently|in conclusion|따라서|그러므로|그래서|결국|그러니)(?![\p{L}])/iu;
const sentenceEnd = /[.!?。！？](?=\s|$)|\n/gu;

export interface Stretch {
  readonly text: string;
  readonly from: number;
}

/** What the text last says that its answer is: the words behind `the answer is`, to the end of the sentence. */
export function announcedIn(text: string): Stretch | null {
  let end: number | null = null;
  for (const found of text.matchAll(announcement)) end = found.index + found[0].length;
  if (end === null) return null;
  return { text: sentenceFrom(text, end), from: end };
}

/** The last sentence, where it begins with `so`, `therefore`, `따라서` or the like. */
export function concludedIn(text: string): Stretch | null {
  const last = lastSentence(text);
  return conclusive.test(last.text) ? last : null;
}

export function lastSentence(text: string): Stretch {
  const whole = text.trimEnd();
  const tail = Math.max(0, whole.length - longest);
  let from = tail;
  for (const found of whole.slice(tail).matchAll(sentenceEnd)) {
    const end = tail + found.index + found[0].length;
    if (end < whole.length) from = end;
  }
  const sentence = whole.slice(from);
  const trimmed = sentence.trimStart();
  return { text: trimmed, from: from + sentence.length - trimmed.length };
}

function sentenceFrom(text: string, from: number): string {
  const tail = text.slice(from, from + longest);
  const end = tail.search(sentenceEnd);
  return tail.slice(0, end < 0 ? tail.length : end).trim();
}
