import OpenAI from 'openai';
import { z } from 'zod';
import type { ChatMessage, Provider, Support } from '../contract/teacher.ts';
import { isRecord, parseJson } from '../core/json.ts';
import { afterThoughts, readAnswer } from './answer.ts';
import { connect } from './connection.ts';
import type { Connection, TeacherOptions } from './connection.ts';
import { TeacherError, toTeacherError } from './errors.ts';
import { httpFetch } from './http-fetch.ts';
import { isSent, refusables } from './quirks.ts';
import type { Quirks, Refusable } from './quirks.ts';
import { composeBody } from './request.ts';
import type { RequestBody, RequestSettings } from './request.ts';
import { TimeLimit } from './time-limit.ts';

/** Completions that one probe asks for at most, refused ones included. */
export const mostAsked = 14;
/** Names of models that are kept. */
const mostModels = 500;

/** Left out one group after the other when a refusal does not say what it is about. */
const suspects: readonly (readonly Refusable[])[] = [
  ['n', 'logprobs'],
  ['response_format'],
  ['seed', 'stop'],
  ['temperature'],
  ['system'],
];
/** Statuses with which servers refuse what is in a request; some say 500 or 501 for it. */
const refusals: ReadonlySet<number | undefined> = new Set([400, 422, 500, 501]);

/** What a question brought. */
export interface ProbeAnswer {
  /** Of its choices, without thoughts; empty ones are left out. */
  readonly texts: readonly string[];
  /** Why there is no text; null where there is one. */
  readonly failure: TeacherError | null;
  readonly logprobs: boolean;
  readonly usage: boolean;
  readonly fingerprint: boolean;
  /** What was in the request that was answered. */
  readonly sent: ReadonlySet<Refusable>;
  /** What the server refused by name. */
  readonly refused: ReadonlySet<Refusable>;
  readonly milliseconds: number;
}

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** A server that is asked what it can do. */
export class ProbedServer {
  readonly #connection: Connection;
  readonly #provider: Provider;
  readonly #model: string;
  readonly #timeoutSeconds: number;
  readonly #signal: AbortSignal | undefined;
  readonly #refused = new Set<Refusable>();
  #asked = 0;
  /** Requests sent so far. */
  requests = 0;

  constructor(options: TeacherOptions, signal: AbortSignal | undefined) {
    this.#connection = connect(options, options.fetch ?? httpFetch);
    this.#provider = options.provider;
    this.#model = options.model;
    this.#timeoutSeconds = options.timeoutSeconds;
    this.#signal = signal;
  }

  /**
   * Names of its models; null when it refuses to list them, or is Azure, which lists models but not
   * the deployments that are asked.
   *
   * @throws TeacherError when it can't be reached
   */
  async models(): Promise<string[] | null> {
    if (this.#provider === 'azure') return null;
    try {
      const answer: unknown = await this.#send((signal) =>
        this.#connection.openai.get('/models', { signal }),
      );
      const list = ModelList.safeParse(typeof answer === 'string' ? parseJson(answer) : answer);
      if (!list.success) return null;
      const names = new Set(list.data.data.map(({ id }) => id));
      return [...names].sort().slice(0, mostModels);
    } catch (caught) {
      if (caught instanceof OpenAI.APIError && caught.status !== undefined) return null;
      throw this.#failure(caught);
    }
  }

  /** Whether it has a batch API. Only OpenAI and Azure are asked. */
  async batches(): Promise<Support> {
    if (this.#provider !== 'openai' && this.#provider !== 'azure') return 'no';
    try {
      const answer: unknown = await this.#send((signal) =>
        this.#connection.openai.get('/batches', { query: { limit: 1 }, signal }),
      );
      return isRecord(answer) && Array.isArray(answer['data']) ? 'yes' : 'no';
    } catch (caught) {
      this.#signal?.throwIfAborted();
      const answered = caught instanceof OpenAI.APIError && caught.status !== undefined;
      return answered && caught.status < 500 && caught.status !== 429 ? 'no' : 'unknown';
    }
  }

  /**
   * Asks until the server takes the request, and leaves out what it refuses: what it names, else one
   * group of parameters after the other.
   *
   * @throws TeacherError when nothing more can be left out, or what comes is no chat completion
   */
  async ask(
    messages: readonly ChatMessage[],
    settings: RequestSettings,
    quirks: Quirks,
  ): Promise<ProbeAnswer> {
    for (;;) {
      const body = composeBody(this.#model, messages, settings, quirks);
      const started = performance.now();
      try {
        this.#asked += 1;
        const answer: unknown = await this.#send((signal) =>
          this.#connection.openai.chat.completions.create(body, { signal }),
        );
        return this.#read(answer, body, settings, performance.now() - started);
      } catch (caught) {
        if (this.#asked < mostAsked && this.#leaveOut(caught, body, quirks)) continue;
        throw this.#failure(caught);
      }
    }
  }

  /** Whether the refusal has led to another request. */
  #leaveOut(caught: unknown, body: RequestBody, quirks: Quirks): boolean {
    if (!(caught instanceof OpenAI.APIError) || !refusals.has(caught.status)) return false;
    const before = refusables.filter((parameter) => quirks.takes(parameter));
    if (quirks.learn(caught, body)) {
      const named = before.filter((parameter) => !quirks.takes(parameter));
      for (const parameter of named) this.#refused.add(parameter);
      return true;
    }
    const group = suspects.find((names) => names.some((parameter) => isSent(parameter, body)));
    for (const parameter of group ?? []) quirks.refuse(parameter);
    return group !== undefined;
  }

  #read(
    answer: unknown,
    body: RequestBody,
    { maxTokens }: RequestSettings,
    milliseconds: number,
  ): ProbeAnswer {
    const reading = readAnswer(answer, this.#connection.context, maxTokens);
    const texts = reading.completions.flatMap((it) =>
      it instanceof TeacherError ? [] : [afterThoughts(it.text).trim()],
    );
    const failure = reading.completions.find((it) => it instanceof TeacherError) ?? null;
    const raw = typeof answer === 'string' ? parseJson(answer) : answer;
    const fields = isRecord(raw) ? raw : {};
    const choices: unknown = fields['choices'];
    const [first]: unknown[] = Array.isArray(choices) ? choices : [];
    return {
      texts,
      failure: texts.length === 0 ? failure : null,
      logprobs: isRecord(first) && isRecord(first['logprobs']),
      usage: reading.promptTokens !== null && reading.completionTokens !== null,
      fingerprint: typeof fields['system_fingerprint'] === 'string',
      sent: new Set(refusables.filter((parameter) => isSent(parameter, body))),
      refused: this.#refused,
      milliseconds,
    };
  }

  async #send<T>(work: (signal: AbortSignal) => PromiseLike<T>): Promise<T> {
    this.requests += 1;
    const limit = new TimeLimit(this.#timeoutSeconds, this.#signal);
    try {
      return await work(limit.signal);
    } catch (caught) {
      if (limit.passed) throw toTeacherError(caught, this.#connection.context, true);
      throw caught;
    } finally {
      limit.clear();
    }
  }

  #failure(caught: unknown): TeacherError {
    this.#signal?.throwIfAborted();
    return toTeacherError(caught, this.#connection.context, false);
  }
}
