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
 * Counts by blocks and remembers them, since the exemplars of a template come back in every prompt.
 * This is exact: the encoding first cuts text into words, and none of its words reaches across line
 * breaks into a following letter or digit.
 */
export function counterFrom(encodedLength: (text: string) => number): TokenCounter {
  const counts = new Map<string, number>();

  function countBlock(block: string): number {
    const known = counts.get(block);
    const count = known ?? encodedLength(block);
    counts.delete(block);
    counts.set(block, count);
    if (counts.size > remembered) counts.delete(counts.keys().next().value ?? '');
    return count;
  }

  function countTokens(text: string): number {
    let total = 0;
    for (const block of text.split(/(?<=\n\n)(?=[\p{L}\p{N}])/u)) total += countBlock(block);
    return total;
  }

  return {
    countTokens,
    countMessages: (messages) =>
      messages.reduce(
        (total, { content }) => total + perMessage + countTokens(content),
        perRequest,
      ),
  };
}
