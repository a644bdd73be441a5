import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Extraction } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { NewCompletion, PendingExample } from '../../store/store.ts';
import type { TeacherCompletion } from '../../teacher/client.ts';
import { TeacherError } from '../../teacher/errors.ts';
import { openTeacher } from '../../teacher/open.ts';
import { composeMessages } from '../../teacher/prompt.ts';
import type { JobContext } from '../job.ts';
import { readerFor, templateOf } from './reading.ts';
import { BatchSaver } from './saver.ts';

/** So many unreachable requests in a row, none answered in between, mean that the teacher is gone. */
const unreachableLimit = 3;
/** So many rows in a row that fail with the very same words mean that the next will, too. */
const stubbornLimit = 25;
/** Milliseconds between two counts of what is saved. */
const recountWait = 200;

/**
 * Asks the teacher for every example of the extraction that has no saved answer. Answers are saved
 * with their parse as they arrive; rows that fail for good are saved with the reason and asked again
 * by the next run.
 *
 * When the signal aborts, requests under way are dropped, what has arrived is saved, and it returns.
 *
 * @throws TeacherError when no request can succeed: a refused key, a wrong address, a teacher that
 * can't be reached
 * @throws StudioError with the commonest reason when every row that was asked failed
 */
export async function askTeacher(context: JobContext, extraction: Extraction): Promise<void> {
  const { store, signal } = context;
  const { settings, teacher, id } = extraction;
  const client = openTeacher(teacher, context.teacherKey(teacher.id), settings);
  const template = templateOf(store, extraction, store.projects.get(extraction.projectId));
  const read = readerFor(store, extraction);
  const tally = new Tally(Math.max(unreachableLimit, settings.concurrency));
  let recountedAt = Number.NEGATIVE_INFINITY;
  const saver = new BatchSaver((rows) => {
    store.extractions.saveCompletions(id, rows);
    // Counting a million rows takes longer than saving one.
    if (performance.now() - recountedAt < recountWait) return;
    recount();
    recountedAt = performance.now();
  });
  const recount = (): void => {
    const { completed, failed, wanted } = store.extractions.get(id);
    // Rows that failed in an earlier run are still to do.
    const settled = completed + Math.min(failed, tally.failures);
    context.progress({ done: settled, total: wanted, phase: 'working' });
    context.saved('rationales');
  };
  /** Ends the requests under way when one has shown that none can succeed. */
  const giveUp = new AbortController();
  const stopped = AbortSignal.any([signal, giveUp.signal]);
  setMaxListeners(0, stopped); // every request that waits listens to it

  const ask = async (example: PendingExample): Promise<void> => {
    if (stopped.aborted) return;
    try {
      const completion = await client.complete(composeMessages(template, example), {
        temperature: settings.temperature,
        maxTokens: settings.maxTokens,
        stop: template.parse.stopSequences,
        signal: stopped,
      });
      tally.succeeded();
      saver.add({
        completion: answered(example, completion),
        rationale: read(example, completion.text),
      });
    } catch (caught) {
      if (stopped.aborted) return;
      if (!(caught instanceof TeacherError)) throw caught;
      const last = tally.failed(caught);
      if (!caught.consequence.everyRequest) {
        saver.add({ completion: unanswered(example, caught), rationale: null });
      }
      if (last) giveUp.abort(caught);
    }
  };

  const pending = store.extractions.pending(id);
  try {
    await askAll(pending, settings.concurrency, stopped, ask);
  } catch (caught) {
    giveUp.abort(caught);
    throw caught;
  } finally {
    saver.flush();
    recount();
  }
  if (signal.aborted) return;
  giveUp.signal.throwIfAborted();
  tally.throwIfAllFailed();
}

/** Runs `ask` over the rows, some at a time, in order; rejects with the first error that it throws. */
async function askAll(
  rows: readonly PendingExample[],
  concurrency: number,
  stopped: AbortSignal,
  ask: (row: PendingExample) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency });
  const failures: unknown[] = [];
  for (const row of rows) {
    // Requests are made when there is room for them: a million rows are not a million closures.
    await queue.onSizeLessThan(concurrency);
    if (stopped.aborted || failures.length > 0) break;
    queue.add(() => ask(row)).catch((error: unknown) => failures.push(error));
  }
  await queue.onIdle();
  if (failures.length > 0) throw failures[0];
}

/** What one run of the job has met, to know when going on is of no use. */
class Tally {
  readonly #unreachableLimit: number;
  /** Rows that failed for good in this run. */
  failures = 0;
  #answers = 0;
  #unreachableInRow = 0;
  #sameInRow = 0;
  #lastReason: string | null = null;
  readonly #reasons = new Map<string, { error: TeacherError; rows: number }>();

  constructor(limit: number) {
    this.#unreachableLimit = limit;
  }

  succeeded(): void {
    this.#answers++;
    this.#unreachableInRow = 0;
    this.#lastReason = null;
  }

  /** Whether this failure means that the requests to come will fail too. */
  failed(error: TeacherError): boolean {
    this.failures++;
    const reason = `${error.code} ${error.message}`;
    const rows = (this.#reasons.get(reason)?.rows ?? 0) + 1;
    this.#reasons.set(reason, { error, rows });
    this.#sameInRow = reason === this.#lastReason ? this.#sameInRow + 1 : 1;
    this.#lastReason = reason;
    this.#unreachableInRow = error.code === 'teacher-unreachable' ? this.#unreachableInRow + 1 : 0;
    return (
      error.consequence.everyRequest ||
      this.#unreachableInRow >= this.#unreachableLimit ||
      this.#sameInRow >= Math.max(stubbornLimit, this.#unreachableLimit)
    );
  }

  /** @throws StudioError with the commonest reason when nothing but failures came */
  throwIfAllFailed(): void {
    const [commonest] = [...this.#reasons.values()].sort((a, b) => b.rows - a.rows);
    if (this.#answers > 0 || commonest === undefined) return;
    const { code, message, hint } = commonest.error;
    throw new StudioError(code, message, hint, { cause: commonest.error });
  }
}

function answered(example: PendingExample, completion: TeacherCompletion): NewCompletion {
  const { text, finishReason, promptTokens, completionTokens, milliseconds } = completion;
  return {
    exampleId: example.id,
    text,
    failure: null,
    finishReason,
    promptTokens,
    completionTokens,
    milliseconds: Math.round(milliseconds),
  };
}

function unanswered(example: PendingExample, { code, message }: TeacherError): NewCompletion {
  return {
    exampleId: example.id,
    text: null,
    failure: { code, message },
    finishReason: null,
    promptTokens: null,
    completionTokens: null,
    milliseconds: null,
  };
}
