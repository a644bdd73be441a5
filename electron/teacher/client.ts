import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import pRetry from 'p-retry';
import { z } from 'zod';
import { parseJson } from '../core/json.ts';
import { TeacherError, badResponse, serverWords, toTeacherError } from './errors.ts';
import type { ErrorContext } from './errors.ts';
import type { ChatMessage } from './prompt.ts';
import { carefulFetch } from './transport.ts';

export interface TeacherOptions {
  /** `http(s)://…/v1` of any OpenAI-compatible server. */
  readonly baseUrl: string;
  readonly model: string;
  /** Null for servers that need none. */
  readonly key: string | null;
  /** Limit of one attempt, from sending to the last byte of the answer. */
  readonly timeoutSeconds: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Waits between attempts: from `min` doubling to `max`, each times 1 to 2 at random; milliseconds. */
  readonly backoff?: { readonly min: number; readonly max: number };
  /** In place of the network: the practice teacher. */
  readonly fetch?: typeof fetch;
}

export interface CompletionOptions {
  readonly temperature: number;
  readonly maxTokens: number;
  /** Where the server may stop; at most four are sent, which is all that servers take. */
  readonly stop: readonly string[];
  readonly signal?: AbortSignal;
}

export interface TeacherCompletion {
  /** Never empty. */
  readonly text: string;
  readonly finishReason: string | null;
  /** As the server counts them; null when it does not say. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Of the attempt that succeeded. */
  readonly milliseconds: number;
}

/** The part of a chat completion that is read; servers differ in the rest. */
const ChatCompletion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .nullish(),
  usage: z
    .object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })
    .nullish(),
});
type ChatCompletion = z.infer<typeof ChatCompletion>;

const stopsTaken = 4;

/**
 * One teacher behind an OpenAI-compatible address. Requests are repeated with growing, jittered
 * waits after rate limits, server errors, time-outs, cut connections and answers that can't be read;
 * a `Retry-After` of the server is honoured.
 */
export class TeacherClient {
  readonly #openai: OpenAI;
  readonly #options: TeacherOptions;
  readonly #context: ErrorContext;
  /** What this server has been found not to take; later requests leave it out. */
  readonly #quirks = { completionTokens: false, noTemperature: false, noStop: false };

  /** @throws StudioError teacher-unauthorized when the key has characters that no request can carry */
  constructor(options: TeacherOptions) {
    const key = options.key?.trim() || null;
    this.#options = { ...options, key };
    this.#context = {
      host: new URL(options.baseUrl).host,
      model: options.model,
      key,
      timeoutSeconds: options.timeoutSeconds,
    };
    if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
      throw new TeacherError(
        'teacher-unauthorized',
        'The key has a space or a character in it that no key has.',
        'Copy the key again, without anything before or after it.',
        { everyRequest: true },
      );
    }
    this.#openai = new OpenAI({
      baseURL: options.baseUrl,
      apiKey: key ?? 'none',
      // Nothing is taken from the environment, and nothing is sent that is not meant for this server.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      ...(key === null ? { defaultHeaders: { Authorization: null } } : {}),
      maxRetries: 0,
      timeout: options.timeoutSeconds * 1_000,
      logLevel: 'off',
      fetch: carefulFetch(options.fetch ?? fetch, this.#context.host),
    });
  }

  /**
   * Asks for one completion.
   *
   * @throws TeacherError when the last attempt failed, or an attempt failed in a way that repeating
   * won't mend
   * @throws the signal's reason when it is aborted
   */
  async complete(
    messages: readonly ChatMessage[],
    options: CompletionOptions,
  ): Promise<TeacherCompletion> {
    const { min, max } = this.#options.backoff ?? { min: 500, max: 30_000 };
    return pRetry(() => this.#attempt(messages, options), {
      retries: this.#options.retries,
      minTimeout: min,
      maxTimeout: max,
      randomize: true,
      signal: options.signal,
      shouldRetry: ({ error }) => error instanceof TeacherError && error.consequence.retryable,
      onFailedAttempt: async ({ error, retriesLeft, retryDelay }) => {
        if (!(error instanceof TeacherError) || retriesLeft === 0) return;
        const { retryable, retryAfter } = error.consequence;
        // p-retry waits `retryDelay` itself; a longer wait that the server asks for is made up here.
        const more = (retryAfter ?? 0) - retryDelay;
        if (retryable && more > 0) await pause(more, options.signal);
      },
    });
  }

  /** One request, sent again at once without a parameter that the server turns out not to take. */
  async #attempt(
    messages: readonly ChatMessage[],
    options: CompletionOptions,
  ): Promise<TeacherCompletion> {
    for (;;) {
      const limit = AbortSignal.timeout(this.#options.timeoutSeconds * 1_000);
      const started = performance.now();
      try {
        const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
        const answer: unknown = await this.#openai.chat.completions.create(
          this.#request(messages, options),
          { signal },
        );
        return this.#read(answer, options.maxTokens, performance.now() - started);
      } catch (caught) {
        options.signal?.throwIfAborted();
        if (caught instanceof OpenAI.BadRequestError && this.#learn(caught)) continue;
        throw toTeacherError(caught, this.#context, limit.aborted);
      }
    }
  }

  #request(
    messages: readonly ChatMessage[],
    { temperature, maxTokens, stop }: CompletionOptions,
  ): OpenAI.ChatCompletionCreateParamsNonStreaming {
    const stops = stop.slice(0, stopsTaken);
    return {
      model: this.#options.model,
      messages: messages.map(({ role, content }) => ({ role, content })),
      ...(this.#quirks.completionTokens
        ? { max_completion_tokens: maxTokens }
        : { max_tokens: maxTokens }),
      ...(this.#quirks.noTemperature ? {} : { temperature }),
      ...(this.#quirks.noStop || stops.length === 0 ? {} : { stop: stops }),
    };
  }

  /**
   * Newer models refuse `max_tokens`, a temperature or stop sequences. Whether this refusal was one
   * of these and taught something new, so that the request is worth sending again.
   */
  #learn(refusal: InstanceType<typeof OpenAI.BadRequestError>): boolean {
    const quirks = this.#quirks;
    const about = (name: string): boolean =>
      refusal.param === name || new RegExp(`['"\`]${name}['"\`]`).test(refusal.message);
    const unsupported =
      refusal.code === 'unsupported_parameter' ||
      refusal.code === 'unsupported_value' ||
      /not supported|unsupported|does not support/i.test(refusal.message);
    if (!quirks.completionTokens && refusal.message.includes('max_completion_tokens')) {
      quirks.completionTokens = true;
    } else if (!quirks.noTemperature && unsupported && about('temperature')) {
      quirks.noTemperature = true;
    } else if (!quirks.noStop && unsupported && about('stop')) {
      quirks.noStop = true;
    } else {
      return false;
    }
    return true;
  }

  /** @throws TeacherError teacher-bad-response when there is no text in it */
  #read(answer: unknown, maxTokens: number, milliseconds: number): TeacherCompletion {
    const { usage, choices } = this.#check(answer);
    const [choice] = choices ?? [];
    if (choice === undefined) {
      throw badResponse('sent an answer without a completion in it', retryHint, this.#context, {
        retryable: true,
      });
    }
    const text = choice.message.content ?? '';
    const finishReason = choice.finish_reason ?? null;
    if (text.trim() === '') {
      throw this.#emptyCompletion(finishReason, choice.message.refusal ?? null, maxTokens);
    }
    return {
      text,
      finishReason,
      promptTokens: usage?.prompt_tokens ?? null,
      completionTokens: usage?.completion_tokens ?? null,
      milliseconds,
    };
  }

  /** The answer as a chat completion; some servers send JSON without saying that it is. */
  #check(answer: unknown): ChatCompletion {
    const parsed = ChatCompletion.safeParse(
      typeof answer === 'string' ? parseJson(answer) : answer,
    );
    if (parsed.success) return parsed.data;
    const words = typeof answer === 'string' ? serverWords(answer, this.#context.key) : '';
    const what =
      words === ''
        ? 'sent an empty answer or one of another kind'
        : `sent a page, not a completion: "${words}"`;
    throw badResponse(
      what,
      'Check that the address is that of an OpenAI-compatible server, usually ending in /v1, and not of its web page.',
      this.#context,
      { retryable: true },
    );
  }

  #emptyCompletion(
    finishReason: string | null,
    refusal: string | null,
    maxTokens: number,
  ): TeacherError {
    if (refusal !== null) {
      const words = serverWords(refusal, this.#context.key);
      return badResponse(`refused to answer: "${words}"`, retryHint, this.#context, {});
    }
    if (finishReason === 'length') {
      return badResponse(
        `used up its ${maxTokens} tokens without an answer`,
        'Allow more tokens for one answer: models that think before they write need several hundred.',
        this.#context,
        {},
      );
    }
    return badResponse('sent an empty completion', retryHint, this.#context, { retryable: true });
  }
}

const retryHint = 'Start the extraction again: only rows without an answer are asked.';

/** @throws the signal's reason when it is aborted before the time is over */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (caught) {
    signal?.throwIfAborted();
    throw caught;
  }
}
