import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import pRetry from 'p-retry';
import type { ChatMessage } from '../contract/teacher.ts';
import { StudioError } from '../contract/errors.ts';
import { readAnswer } from './answer.ts';
import type { Reading, TeacherCompletion } from './answer.ts';
import { connect } from './connection.ts';
import type { Connection, TeacherOptions } from './connection.ts';
import { TeacherError, toTeacherError } from './errors.ts';
import type { AttemptOutcome, Gate } from './gate.ts';
import { httpFetch } from './http-fetch.ts';
import { Quirks } from './quirks.ts';
import { composeBody } from './request.ts';
import type { RequestBody, RequestSettings } from './request.ts';
import { TimeLimit } from './time-limit.ts';

export type { TeacherCompletion } from './answer.ts';
export type { TeacherOptions } from './connection.ts';
export type { AttemptOutcome, Gate } from './gate.ts';
export type { JsonSchema, RequestBody, RequestSettings } from './request.ts';

export interface CompletionOptions extends RequestSettings {
  readonly signal?: AbortSignal | undefined;
  readonly gate?: Gate | undefined;
}

export interface TeacherAnswer {
  /** As many as were wanted, in order; at least one of them is a completion. */
  readonly completions: readonly (TeacherCompletion | TeacherError)[];
  /** Of all requests that brought completions; null when the server does not count. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Of the last attempt that succeeded. */
  readonly milliseconds: number;
}

/** A status that is no success. */
type Refused = InstanceType<typeof OpenAI.APIError>;

/** What one request brought, and how long it took. */
interface Delivery extends Reading {
  readonly milliseconds: number;
}

/**
 * One teacher behind an OpenAI-compatible address. Requests are repeated with growing, jittered
 * waits after rate limits, server errors, time-outs, cut connections and answers that can't be read;
 * a `Retry-After` of the server is honoured. What the server refuses to take is left out from then
 * on.
 */
export class TeacherClient {
  readonly #options: TeacherOptions;
  readonly #connection: Connection;
  readonly #quirks: Quirks;

  /** @throws StudioError teacher-unauthorized when the key has characters that no request can carry */
  constructor(options: TeacherOptions) {
    this.#options = options;
    this.#connection = connect(options, options.fetch ?? httpFetch);
    this.#quirks = Quirks.from(options.capabilities);
  }

  /**
   * Whether several completions come in one answer (`n`). Where they don't, each is a request of its
   * own, and who saves answers as they come asks for each by itself.
   */
  get answersTogether(): boolean {
    return this.#quirks.takes('n');
  }

  /** The body that {@link complete} would send. */
  body(messages: readonly ChatMessage[], settings: RequestSettings): RequestBody {
    return composeBody(this.#options.model, messages, settings, this.#quirks);
  }

  /**
   * Asks for `count` completions: in one request where the server honours `n`, else in as many
   * requests at once; those that are missing or failed in passing are asked for once more, each by
   * itself. The i-th of separate requests has the seed `seed + i`.
   *
   * Once one completion is there it resolves: others that were given up, by the gate or by the
   * signal as well, stand as errors in its place.
   *
   * @throws TeacherError when no completion came: the last attempt failed, or one failed in a way
   * that repeating won't mend
   * @throws whatever the gate throws
   * @throws the signal's reason when it is aborted
   */
  async complete(
    messages: readonly ChatMessage[],
    options: CompletionOptions,
  ): Promise<TeacherAnswer> {
    const { count } = options;
    if (count === 1) {
      const delivery = await this.#deliver(messages, options);
      return { ...delivery, completions: [usable(delivery)] };
    }
    const together = this.answersTogether ? await this.#deliver(messages, options) : null;
    if (together !== null && together.completions.length < count) this.#quirks.refuse('n');
    const completions: (TeacherCompletion | TeacherError | undefined)[] = Array.from(
      { length: count },
      (_, sample) => together?.completions[sample],
    );
    const missing = [...completions.keys()].filter((sample) => isOpen(completions[sample]));
    const settled = await Promise.allSettled(
      missing.map((sample) => this.#deliver(messages, ofSample(options, sample))),
    );
    const deliveries = together === null ? [] : [together];
    const failures: unknown[] = [];
    for (const [index, result] of settled.entries()) {
      const sample = missing[index] ?? 0;
      if (result.status === 'fulfilled') {
        deliveries.push(result.value);
        completions[sample] = usable(result.value);
      } else {
        failures.push(result.reason);
        completions[sample] = asTeacherError(result.reason);
      }
    }
    const last = deliveries.at(-1);
    // What stopped them all, gate or signal, goes before the failure of one.
    if (last === undefined)
      throw failures.find((it) => !(it instanceof TeacherError)) ?? failures[0];
    return {
      completions: completions.map((it) => it ?? asTeacherError(null)),
      promptTokens: sum(deliveries.map(({ promptTokens }) => promptTokens)),
      completionTokens: sum(deliveries.map(({ completionTokens }) => completionTokens)),
      milliseconds: last.milliseconds,
    };
  }

  /** One request, repeated until it brings a completion. */
  async #deliver(messages: readonly ChatMessage[], options: CompletionOptions): Promise<Delivery> {
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
  async #attempt(messages: readonly ChatMessage[], options: CompletionOptions): Promise<Delivery> {
    for (;;) {
      const body = this.body(messages, options);
      const result = await this.#send(body, options);
      if (!(result instanceof OpenAI.APIError)) return result;
      if (!this.#quirks.learn(result, body)) {
        throw toTeacherError(result, this.#connection.context, false);
      }
    }
  }

  /**
   * One HTTP request inside its gate.
   *
   * @returns the server's refusal of what is in the body, which may be worth learning from
   */
  async #send(
    body: RequestBody,
    { signal, gate, maxTokens }: CompletionOptions,
  ): Promise<Delivery | Refused> {
    const { openai, context } = this.#connection;
    await gate?.enter(signal);
    const started = performance.now();
    const elapsed = (): number => performance.now() - started;
    const limit = new TimeLimit(this.#options.timeoutSeconds, signal);
    let outcome: AttemptOutcome | null = null;
    /** Whether the request was dropped, or its answer was none, after the server had it. */
    let begun = false;
    try {
      const answer: unknown = await openai.chat.completions.create(body, { signal: limit.signal });
      const delivery = { ...readAnswer(answer, context, maxTokens), milliseconds: elapsed() };
      outcome = outcomeOf(delivery);
      if (outcome.kind === 'failed') throw delivery.completions[0];
      return delivery;
    } catch (caught) {
      begun = signal?.aborted === true;
      signal?.throwIfAborted();
      if (refusesBody(caught)) return caught;
      const error = toTeacherError(caught, context, limit.passed);
      begun = limit.passed || error.code === 'teacher-bad-response';
      if (isLimit(error)) {
        const { retryAfter } = error.consequence;
        outcome = { kind: 'limited', retryAfter, milliseconds: elapsed() };
      }
      throw error;
    } finally {
      limit.clear();
      gate?.leave(outcome ?? failed(elapsed(), begun));
    }
  }
}

/** Answered when one of the choices is a completion. */
function outcomeOf(delivery: Delivery): AttemptOutcome {
  const { completions, promptTokens, completionTokens, milliseconds } = delivery;
  const counted = { promptTokens, completionTokens, milliseconds };
  return completions.every((it) => it instanceof TeacherError)
    ? { kind: 'failed', mayCost: true, ...counted }
    : { kind: 'answered', ...counted };
}

const failed = (milliseconds: number, mayCost: boolean): AttemptOutcome => ({
  kind: 'failed',
  promptTokens: null,
  completionTokens: null,
  milliseconds,
  mayCost,
});

/** Whether the server asks for fewer requests, and not for another key, more credit or tomorrow. */
function isLimit({ code, consequence }: TeacherError): boolean {
  if (consequence.everyRequest) return false;
  return code === 'teacher-rate-limited';
}

function refusesBody(caught: unknown): caught is Refused {
  return caught instanceof OpenAI.APIError && (caught.status === 400 || caught.status === 422);
}

/** The completion of a request for one: some servers send more choices than were asked for. */
function usable({ completions }: Delivery): TeacherCompletion | TeacherError {
  const found = completions.find((it) => !(it instanceof TeacherError)) ?? completions[0];
  return found ?? asTeacherError(null);
}

/** Whether a sample of a shared request has still to be asked for. */
function isOpen(completion: TeacherCompletion | TeacherError | undefined): boolean {
  if (completion === undefined) return true;
  return completion instanceof TeacherError && completion.consequence.retryable;
}

function ofSample(options: CompletionOptions, sample: number): CompletionOptions {
  const { seed } = options;
  return { ...options, count: 1, seed: seed === null ? null : seed + sample };
}

/** What kept a sample from being asked for, beside others that were answered. */
function asTeacherError(reason: unknown): TeacherError {
  if (reason instanceof TeacherError) return reason;
  const { code, message, hint } =
    reason instanceof StudioError
      ? reason
      : {
          code: 'job-interrupted' as const,
          message: 'It was stopped before the teacher was asked for this.',
          hint: 'Start the extraction again: only what has no answer is asked.',
        };
  return new TeacherError(code, message, hint, { retryable: true }, { cause: reason });
}

/** Null when one of them is not known. */
function sum(counts: readonly (number | null)[]): number | null {
  return counts.reduce<number | null>(
    (total, count) => (total === null || count === null ? null : total + count),
    0,
  );
}

/** @throws the signal's reason when it is aborted before the time is over */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (caught) {
    signal?.throwIfAborted();
    throw caught;
  }
}
