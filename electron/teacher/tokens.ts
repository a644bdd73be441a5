import type { ChatMessage } from '../contract/teacher.ts';

export interface TokenCounter {
  countTokens(text: string): number;
  /** A whole request as the chat format wraps it. */
  countMessages(messages: readonly ChatMessage[]): number;
}

/** Tokens that the chat format adds to each message, and the start of the answer to the request. */
const perMessage = 4;
const perRequest = 3;

/** Blocks whose counts are remembered: the exemplars of a few templates, not the rows. */
const remembered = 1_000;

let loading: Promise<TokenCounter> | null = null;

/**
 * The counter of OpenAI's o200k_base encoding, which GPT-4o and later models use. Other models count
 * somewhat differently. Its 2 MB of ranks are loaded at the first call.
 */
export function tokenCounter(): Promise<TokenCounter> {
  loading ??= load();
  return loading;
}

async function load(): Promise<TokenCounter> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // Marks such as <|endoftext|> are ordinary text in a row, not control tokens.
  const options = { disallowedSpecial: new Set<string>() };
  return counterFrom((text) => countTokens(text, options));
}

/**
 * A counter over an encoding. It counts by blocks and remembers them, since the exemplars of a
 * template come back in every prompt. That is exact: the encoding first cuts text into words, and
 * none of its words reaches across line breaks into a following letter or digit.
 */
export function counterFrom(encodedLength: (text: string) => number): TokenCounter {
  const counts = new Map<string, number>();

  function countBlock(block: string): number {
    const known = counts.get(block);
    const count = known ?? countWords(block);
    // The newest stand last, so that the oldest is the first to go.
    counts.delete(block);
    counts.set(block, count);
    for (const oldest of counts.keys()) {
      if (counts.size <= remembered) break;
      counts.delete(oldest);
    }
    return count;
  }

  function countWords(block: string): number {
    if (!endlessWord.test(block)) return encodedLength(block);
    const pieces = block.match(/.{1,200}/gsu) ?? [];
    return pieces.length + sum(pieces, encodedLength);
  }

  const countTokens = (text: string): number =>
    sum(text.split(/(?<=\n\n)(?=[\p{L}\p{N}])/u), countBlock);
  return {
    countTokens,
    countMessages: (messages) =>
      perRequest + sum(messages, ({ content }) => perMessage + countTokens(content)),
  };
}

/**
 * Letters, marks or white space without end: no text that a person wrote. The time to encode a word
 * grows with its square, and 100,000 characters would take half a minute; so it is counted in pieces,
 * with one token more for each, which is never too few.
 */
const endlessWord = /[\p{L}\p{M}]{500}|[^\s\p{L}\p{N}]{500}|\s{500}/u;

function sum<T>(items: readonly T[], measure: (item: T) => number): number {
  return items.reduce((total, item) => total + measure(item), 0);
}
