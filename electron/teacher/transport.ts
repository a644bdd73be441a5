import { AnswerTooLarge } from './errors.ts';

/** Bytes of one answer: far more than the longest completion that can be asked for. */
export const largestAnswer = 8 * 1024 ** 2;

/**
 * Redirects are handed back, not followed: they would take the rows, and to the same host the key,
 * where nobody has sent them.
 */
export function withoutRedirects(send: typeof fetch): typeof fetch {
  return (input, init) => send(input, { ...init, redirect: 'manual' });
}

/**
 * `fetch` as a teacher is asked with it: no redirect is followed, the answer is read whole, and one
 * that does not end is cut off before it fills the memory.
 */
export function carefulFetch(send: typeof fetch): typeof fetch {
  const careful = withoutRedirects(send);
  return async (input, init) => {
    const response = await careful(input, init);
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(await readWhole(response.body), { status, statusText, headers });
  };
}

/** @throws AnswerTooLarge */
async function readWhole(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > largestAnswer) throw new AnswerTooLarge(largestAnswer);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Ends a request when its time is over, or when its caller gives it up. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #giveUp = (): void => this.#controller.abort();
  #passed = false;

  constructor(seconds: number, caller: AbortSignal | undefined) {
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort();
    }, seconds * 1_000);
    this.#caller = caller;
    if (caller?.aborted) this.#giveUp();
    else caller?.addEventListener('abort', this.#giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time was over before {@link clear}. */
  get passed(): boolean {
    return this.#passed;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#giveUp);
  }
}
