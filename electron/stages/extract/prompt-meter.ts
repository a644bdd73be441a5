import type { TokenCounter } from '../../teacher/tokens.ts';
import type { Question } from './questions.ts';

/** Prompts are reckoned this much longer than they were counted, until the server says more. */
const margin = 1.15;
/** Beyond the largest share that a server was seen to count of what was counted here. */
const learnedMargin = 1.05;
/** Tokens that servers put around a short prompt unasked. */
const framing = 16;

/**
 * How many tokens a prompt has at most. Models count differently from the tokenizer at hand, so the
 * bound follows what the server was seen to count.
 */
export class PromptMeter {
  readonly #counter: TokenCounter;
  #factor = margin;

  constructor(counter: TokenCounter) {
    this.#counter = counter;
  }

  /** Tokens as counted here. */
  count({ messages, schema }: Question): number {
    const inSchema = schema === null ? 0 : this.#counter.countTokens(JSON.stringify(schema));
    return this.#counter.countMessages(messages) + inSchema;
  }

  countText(text: string): number {
    return this.#counter.countTokens(text);
  }

  /** The most that the server is likely to count for a prompt that has so many tokens here. */
  bound(counted: number): number {
    return Math.ceil(counted * this.#factor) + framing;
  }

  /** The server counted one prompt too. */
  learn(counted: number, byServer: number): void {
    if (counted === 0) return;
    const share = Math.max(0, byServer - framing) / counted;
    this.#factor = Math.max(this.#factor, share * learnedMargin);
  }
}
