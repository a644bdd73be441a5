import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import pRetry from 'p-retry';
import { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { parseJson } from '../core/json.ts';
import { readAnswer } from './answer.ts';
import type { Reading } from './answer.ts';
import { connect } from './connection.ts';
import type { Connection, TeacherOptions } from './connection.ts';
import { TeacherError, badResponse, serverWords, toTeacherError } from './errors.ts';
import { linesOf } from './lines.ts';
import { readBatch } from './remote-batch.ts';
import type { RemoteBatch } from './remote-batch.ts';
import type { RequestBody } from './request.ts';

/** Of one file, as OpenAI and Azure take it. */
export const batchLimits = { requests: 50_000, bytes: 200_000_000 } as const;

/** Where the requests of a batch go. */
export const batchEndpoint = '/v1/chat/completions';

export type { RemoteBatch } from './remote-batch.ts';

/** One line of a batch's output or error file. */
export interface BatchAnswer {
  readonly customId: string;
  /** What came, or why nothing did. */
  readonly result: Reading | TeacherError;
}

/** Batches of ours that are looked through at most when one is searched for. */
const searched = 5_000;
/** States of a file that Azure is still looking through, and how often it is asked for them. */
const pendingFile: ReadonlySet<string> = new Set(['pending', 'notRunning', 'running']);
const mostLooks = 60;
/** With which servers refuse an address that they do not have. */
const statusesWithoutFiles: ReadonlySet<number> = new Set([404, 405, 501]);
/** A file that sends nothing for so long is given up; milliseconds. */
const stall = 120_000;
/** Limit of every request but the upload of a file; milliseconds. */
const timeout = 60_000;

const BatchLine = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
  error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish(),
});

/** What an API says is wrong, inside the body of its answer. */
const Said = z.object({ error: z.object({ message: z.string().min(1) }) });

/** The file-based batch API of OpenAI and Azure: requests handed over together, answered within a day. */
export class BatchClient {
  readonly #connection: Connection;
  readonly #retries: number;
  readonly #backoff: { readonly min: number; readonly max: number };
  /** Address that each request of a file names: Azure has its own. */
  readonly url: string;

  /** @throws StudioError teacher-unauthorized when the key has characters that no request can carry */
  constructor(options: TeacherOptions) {
    this.#connection = connect(options, options.fetch ?? streamingFetch);
    this.#retries = options.retries;
    this.url = options.provider === 'azure' ? '/chat/completions' : batchEndpoint;
    this.#backoff = options.backoff ?? { min: 1_000, max: 30_000 };
  }

  /**
   * One line of a file of requests.
   *
   * @param customId our own name for the request, by which its answer is told
   */
  line(customId: string, body: RequestBody): string {
    return JSON.stringify({ custom_id: customId, method: 'POST', url: this.url, body });
  }

  /**
   * Uploads the requests and starts their batch. Neither is repeated by itself: after a failure
   * {@link find} tells whether the batch was made all the same.
   *
   * @param lines requests as JSON, one each, without line breaks
   * @param id our own name for the batch, by which it is found again
   * @throws StudioError invalid-input for more than {@link batchLimits}
   * @throws TeacherError
   */
  async submit(
    lines: AsyncIterable<string> | Iterable<string>,
    id: string,
    signal?: AbortSignal,
  ): Promise<RemoteBatch> {
    const file = await batchFile(lines);
    const { openai } = this.#connection;
    return this.#once(signal, async () => {
      const uploaded = await openai.files
        .create({ file, purpose: 'batch' }, { signal })
        .catch((caught: unknown) => {
          throw this.#withoutFiles(caught) ?? caught;
        });
      await this.#accepted(uploaded, signal);
      const batch = await openai.batches.create(
        {
          input_file_id: uploaded.id,
          endpoint: batchEndpoint,
          completion_window: '24h',
          metadata: { stepwise: id },
        },
        { signal, timeout },
      );
      return readBatch(batch, this.#connection.context);
    });
  }

  /** The batch that was submitted under our name for it; null when the server has none. */
  async find(id: string, signal?: AbortSignal): Promise<RemoteBatch | null> {
    return this.#repeated(signal, async () => {
      let seen = 0;
      const list = this.#connection.openai.batches.list({ limit: 100 }, { signal, timeout });
      for await (const batch of list) {
        if (batch.metadata?.['stepwise'] === id) return readBatch(batch, this.#connection.context);
        if (++seen >= searched) break;
      }
      return null;
    });
  }

  async status(remoteId: string, signal?: AbortSignal): Promise<RemoteBatch> {
    return this.#repeated(signal, async () =>
      readBatch(
        await this.#connection.openai.batches.retrieve(remoteId, { signal, timeout }),
        this.#connection.context,
      ),
    );
  }

  /** Ends a batch; what has been answered by then can be collected. */
  async cancel(remoteId: string, signal?: AbortSignal): Promise<RemoteBatch> {
    return this.#repeated(signal, async () =>
      readBatch(
        await this.#connection.openai.batches.cancel(remoteId, { signal, timeout }),
        this.#connection.context,
      ),
    );
  }

  /**
   * Lines of an output or error file as they arrive; the file is never held whole.
   *
   * @throws TeacherError, also in the middle: the file can be read again from its start
   */
  async *lines(fileId: string, signal?: AbortSignal): AsyncIterable<string> {
    const { openai } = this.#connection;
    const response = await this.#repeated(signal, () =>
      openai.files.content(fileId, { signal, timeout }),
    );
    if (response.body === null) return;
    try {
      yield* linesOf(response.body, stall);
    } catch (caught) {
      throw this.#failure(caught, signal);
    }
  }

  /**
   * Reads one line of an output or error file; null when it is none.
   *
   * @param maxTokens that were allowed for its completion
   */
  read(line: string, maxTokens: number): BatchAnswer | null {
    const parsed = BatchLine.safeParse(parseJson(line));
    if (!parsed.success) return null;
    const { custom_id: customId, response, error } = parsed.data;
    const { context } = this.#connection;
    try {
      if (response?.status_code === 200) {
        return { customId, result: readAnswer(response.body, context, maxTokens) };
      }
      const words = error?.message ?? error?.code ?? wordsOf(response?.body);
      const status = response ? ` (${response.status_code})` : '';
      throw badResponse(
        `did not answer this request of a batch${status}: "${serverWords(words, context.key)}"`,
        'Start the extraction again: only rows without an answer are asked.',
        context,
        { retryable: true },
      );
    } catch (caught) {
      return { customId, result: toTeacherError(caught, context, false) };
    }
  }

  /** What it means that files can't be handed over here at all; null for every other failure. */
  #withoutFiles(caught: unknown): TeacherError | null {
    if (!(caught instanceof OpenAI.APIError) || !statusesWithoutFiles.has(caught.status ?? 0)) {
      return null;
    }
    const { host, key } = this.#connection.context;
    return new TeacherError(
      'teacher-failed',
      `The teacher at ${host} has no batch API: "${serverWords(caught.message, key)}".`,
      'Send single requests instead.',
      { everyRequest: true },
    );
  }

  /** Azure looks through a file before a batch may name it. */
  async #accepted(uploaded: OpenAI.FileObject, signal: AbortSignal | undefined): Promise<void> {
    let file = uploaded;
    for (let asked = 0; pendingFile.has(file.status) && asked < mostLooks; asked++) {
      await sleep(Math.min(this.#backoff.min * 2 ** asked, this.#backoff.max), undefined, {
        signal,
      });
      file = await this.#connection.openai.files.retrieve(file.id, { signal, timeout });
    }
  }

  async #once<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (caught) {
      throw this.#failure(caught, signal);
    }
  }

  async #repeated<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    return pRetry(() => this.#once(signal, work), {
      retries: this.#retries,
      minTimeout: this.#backoff.min,
      maxTimeout: this.#backoff.max,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof TeacherError && error.consequence.retryable,
    });
  }

  #failure(caught: unknown, signal: AbortSignal | undefined): Error {
    signal?.throwIfAborted();
    return toTeacherError(caught, this.#connection.context, false);
  }
}

/** The server's words in the body of an answer; the whole body where they stand nowhere. */
function wordsOf(body: unknown): string {
  const said = Said.safeParse(body);
  if (said.success) return said.data.error.message;
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
}

/** Files are too large for the client that reads answers whole. No redirect is followed here either. */
const streamingFetch: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'manual' });

/** The requests as a file, outside JavaScript's memory. */
async function batchFile(lines: AsyncIterable<string> | Iterable<string>): Promise<File> {
  const parts: Blob[] = [];
  let pending: string[] = [];
  let [requests, bytes] = [0, 0];
  for await (const line of lines) {
    requests += 1;
    bytes += Buffer.byteLength(line) + 1;
    if (requests > batchLimits.requests || bytes > batchLimits.bytes) {
      throw new StudioError(
        'invalid-input',
        `One batch takes ${batchLimits.requests} requests and ${batchLimits.bytes / 1e6} MB at most.`,
        'Hand the rows over in several batches.',
      );
    }
    pending.push(`${line}\n`);
    if (pending.length < 200) continue;
    parts.push(new Blob(pending));
    pending = [];
    // Fifty thousand prompts take seconds to write: others have their turn in between.
    await turn();
  }
  parts.push(new Blob(pending));
  return new File(parts, 'requests.jsonl', { type: 'application/jsonl' });
}
