import { quoted } from './row.ts';
import type { Check, Finding } from './row.ts';
import { wordsOf } from './words.ts';

/** How servers name an answer that came to its limit of length. */
const cutReasons = /^(?:length|max_?(?:output_?)?tokens?|model_length|token_limit)$/i;

/** The end of a sentence, quotation marks, brackets and Markdown behind it allowed. */
const sentenceEnd = /[.!?…。．！？:;：%）)\]」』"”’']\s*(?:\*\*|__|`)*$/u;
/** What no sentence ends with. */
const danglingSign = /[-+−–—*×÷/=<(（[{,&、，]$/u;
const danglingWord =
  /(?<![\p{L}\p{N}])(?:the|an?|of|and|or|but|with|from|because|than|if|which|whose|their|its|my|your|our|every|into|per|및|또는|그리고|하지만|그러나)$/iu;
const danglingKorean = /(?:[가-힣](?:를|에게|면서|지만|라서|므로|으로써)|때문에)$/u;
/** A last line that needs no full stop: an equation, an item, a heading. */
const unpunctuated = /[=≈]|^\s*(?:[-*•#|]|\d+[.)])/u;

/** With so many sentences that end, and so many words in one that doesn't, it was broken off. */
const fewestSentences = 2;
const fewestWordsOpen = 3;

/**
 * `truncated`: the text was cut off before its end.
 *
 * Raised when the server says that the answer came to its limit of length (finish reason `length` or
 * `max_tokens`), unless further lines follow the line of the answer: then rationale and answer are
 * whole, and what was cut is what the model went on to invent. Raised also when the rationale breaks
 * off in a sentence: with `the`, `and`, `때문에`, a comma or a sign (`3 +`), or without a full stop
 * where its other sentences, two at least, have theirs. Not where the answer goes on in the same line:
 * there the parser has divided one sentence (`since 8 is more than 5, | the answer is 8`).
 */
export const findTruncated: Check = ({ completion, rationale, finishReason }) => {
  const place = completion.lastIndexOf(rationale);
  const rest = place < 0 ? null : completion.slice(place + rationale.length);
  if (finishReason !== null && cutReasons.test(finishReason) && !goesOn(rest)) {
    return { evidence: finishReason, at: null };
  }
  return rest !== null && /^[^\S\n]*[^\s"}]/u.test(rest) ? null : brokenOff(rationale);
};

/** Whether lines follow the line of the answer. */
function goesOn(rest: string | null): boolean {
  const lines = (rest ?? '').trimStart().split('\n');
  return lines.length > 1 && lines.slice(1).some((line) => line.trim() !== '');
}

function brokenOff(rationale: string): Finding {
  const text = rationale.trimEnd();
  if (sentenceEnd.test(text.slice(-8))) return null;
  const end = text.slice(-40);
  if (danglingSign.test(end) || danglingWord.test(end) || danglingKorean.test(end)) {
    return lastWords(text);
  }
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  if (unpunctuated.test(lastLine)) return null;
  const sentences = text.split(/(?<=[.!?。！？])\s+/u);
  const open = sentences.at(-1) ?? '';
  const broken =
    sentences.length > fewestSentences &&
    lastLine.length >= open.length &&
    wordsOf(open).length >= fewestWordsOpen;
  return broken ? lastWords(text) : null;
}

const lastWords = (text: string): Finding => {
  const from = text.lastIndexOf(' ', text.length - 25) + 1;
  return quoted(text, from, text.length);
};
