import { StudioError } from '../contract/errors.ts';
import type { PreflightBatch, PreflightTask } from '../contract/worker.ts';
import type { Log } from '../stages/job.ts';
import type { WorkerHost } from './host.ts';
import { runWorkerTask } from './run-worker-task.ts';

export interface PreflightQuestion {
  readonly host: WorkerHost;
  readonly log: Log;
  readonly task: PreflightTask;
}

export interface PreflightAnswer {
  /** The last that the process told; null when it came to nothing. */
  readonly batch: PreflightBatch | null;
  /** Memory ran out on the way: what was told last is what still fitted. */
  readonly outOfMemory: boolean;
  /** Until it told something for the first time. */
  readonly readySeconds: number;
}

/** A student that has not done a few steps by then is not waited for. */
const ANSWER_MILLISECONDS = 300_000;

/**
 * Tries a training in a numeric process of its own. A process that dies for want of memory is an
 * answer: it leaves this one and what is saved alone.
 *
 * @throws StudioError whatever else the process reports, and `engine-failed` when it takes too long
 */
export async function askPreflight({
  host,
  log,
  task,
}: PreflightQuestion): Promise<PreflightAnswer> {
  const told: PreflightBatch[] = [];
  const began = performance.now();
  let readySeconds = 0;
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  try {
    await runWorkerTask({
      ...{ host, task, signal },
      onBatch: (batch) => {
        if (batch.kind !== 'preflight') return;
        if (told.length === 0) readySeconds = (performance.now() - began) / 1000;
        told.push(batch);
      },
      // Nothing of the studio has failed.
      log: { ...log, error: (fields, message) => log.info(fields, message) },
      graceMilliseconds: 0,
    });
  } catch (caught) {
    if (!isOutOfMemory(caught)) throw caught;
    return { batch: told.at(-1) ?? null, outOfMemory: true, readySeconds };
  }
  if (signal.aborted) {
    throw new StudioError(
      'engine-failed',
      'Some steps of this training took longer than five minutes, so it was not tried to the end.',
      'Choose a smaller student, a smaller batch or shorter texts, or another engine.',
    );
  }
  return { batch: told.at(-1) ?? null, outOfMemory: false, readySeconds };
}

/** What engines and dead processes say when memory was not enough, on the host or on a device. */
const memoryWords = /memory|ENOMEM|bad_alloc|\balloc/i;

const isOutOfMemory = (caught: unknown): boolean =>
  caught instanceof StudioError &&
  (caught.code === 'worker-died' || caught.code === 'engine-failed') &&
  memoryWords.test(caught.message);
