import { StudioError, toErrorValue } from '../contract/errors.ts';
import { FromWorker } from '../contract/worker.ts';
import type { StopReason, WorkerBatch, WorkerTask } from '../contract/worker.ts';
import type { Log } from '../stages/job.ts';
import type { WorkerExit, WorkerHost } from './host.ts';

export interface WorkerTaskOptions {
  readonly host: WorkerHost;
  readonly task: WorkerTask;
  /** Commits a batch and returns; a throw ends the task with that error. */
  readonly onBatch: (batch: WorkerBatch) => void;
  /** Aborted with a stop reason; `shutdown` is passed on as `pause`, so that a checkpoint is written. */
  readonly signal: AbortSignal;
  /** More of these: a stop that outranks an earlier one is passed on too. */
  readonly furtherSignals?: readonly AbortSignal[];
  readonly log: Log;
  /**
   * How long a child that was asked to stop may take before it is killed. Of a `finish` there is no
   * telling how long it takes: it is not killed for it.
   */
  readonly graceMilliseconds?: number;
}

/** A child that writes or tries an export has nothing to save: it is thrown away and done anew. */
const graceOf = ({ kind }: WorkerTask): number =>
  kind === 'write' || kind === 'prove' ? 1_000 : 15_000;

/** How the task ended, as soon as it is known; the promise settles when the process is gone too. */
type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: unknown };

/**
 * Runs one task in a numeric child process, from start to the end of the process.
 *
 * Batches are numbered; each is committed by `onBatch` before it is acknowledged, which makes the
 * acknowledgement both back-pressure and resume point. A batch seen before is dropped.
 *
 * A task that was stopped beforehand is not begun, except to be finished: the child then sees to it
 * that there is something to keep.
 *
 * @throws StudioError `worker-died` when the child ends without a word, the child's own error when
 *   it reports one, `internal` when it breaks the protocol, and whatever `onBatch` throws
 */
export function runWorkerTask(options: WorkerTaskOptions): Promise<void> {
  const { host, task, onBatch, log, graceMilliseconds = graceOf(task) } = options;
  const signals = [options.signal, ...(options.furtherSignals ?? [])];
  const isStopped = (signal: AbortSignal) => signal.aborted && reasonOf(signal) !== 'finish';
  if (signals.some(isStopped)) return Promise.resolve();

  return new Promise((resolve, reject) => {
    const child = host.start();
    let outcome: Outcome | null = null;
    let committed = 0;
    let asked: StopReason | null = null;
    let grace: NodeJS.Timeout | null = null;

    /** Nothing is left to wait for: the child has said its last word, or said something wrong. */
    const conclude = (value: Outcome) => {
      if (outcome !== null) return;
      outcome = value;
      child.kill();
    };
    const fail = (error: unknown) => conclude({ ok: false, error });

    const stop = () => {
      const reason = strongest(signals);
      if (reason === null || (asked !== null && ranks[reason] <= ranks[asked])) return;
      asked = reason;
      child.post({ type: 'stop', reason });
      if (reason === 'finish') return;
      grace ??= setTimeout(() => {
        log.warn({ graceMilliseconds }, 'numeric process did not stop in time and was ended');
        conclude({ ok: true });
      }, graceMilliseconds);
    };
    for (const signal of signals) signal.addEventListener('abort', stop);

    const onBatchMessage = (seq: number, batch: WorkerBatch) => {
      if (seq <= committed) return;
      if (seq !== committed + 1 || batch.kind !== task.kind) {
        fail(brokenProtocol(`batch ${seq} (${batch.kind}) after batch ${committed}`));
        return;
      }
      onBatch(batch);
      committed = seq;
      child.post({ type: 'acknowledge', seq });
    };

    child.onMessage((raw) => {
      if (outcome !== null) return;
      const parsed = FromWorker.safeParse(raw);
      if (!parsed.success) {
        fail(brokenProtocol(parsed.error.issues[0]?.message ?? 'unreadable message'));
        return;
      }
      const message = parsed.data;
      try {
        if (message.type === 'ready') {
          child.post({ type: 'start', task });
          stop();
        } else if (message.type === 'batch') onBatchMessage(message.seq, message.batch);
        else if (message.type === 'done') conclude({ ok: true });
        else if (message.type === 'failed') fail(StudioError.from(message.error));
        else fail(brokenProtocol(`${message.type} in a task without questions`));
      } catch (error) {
        fail(error);
      }
    });

    child.onExit((exit) => {
      for (const signal of signals) signal.removeEventListener('abort', stop);
      if (grace !== null) clearTimeout(grace);
      // A child that dies after it was told to stop has stopped; its last checkpoint stands.
      const result = outcome ?? (signals.some(isStopped) ? { ok: true as const } : died(exit));
      if (result.ok) {
        resolve();
        return;
      }
      log.error(
        { ...exit, error: toErrorValue(result.error), task: task.kind },
        'numeric process failed',
      );
      reject(result.error);
    });
  });
}

const ranks: Readonly<Record<StopReason, number>> = { finish: 0, pause: 1, cancel: 2 };

function reasonOf({ reason }: AbortSignal): StopReason {
  return reason === 'cancel' || reason === 'finish' ? reason : 'pause';
}

/** What outranks the others of what the child is to be told; null when nothing is. */
function strongest(signals: readonly AbortSignal[]): StopReason | null {
  const reasons = signals.filter((signal) => signal.aborted).map(reasonOf);
  return reasons.sort((a, b) => ranks[b] - ranks[a])[0] ?? null;
}

/** What native allocators, V8 and ONNX Runtime say when memory runs out. */
const outOfMemory =
  /out of memory|heap limit|bad_alloc|failed to allocate|cannot allocate memory|ENOMEM/i;

function died(exit: WorkerExit): Outcome {
  return { ok: false, error: deathOf(exit) };
}

/** A sentence for a process that ended without a word; running out of memory is told apart. */
export function deathOf(exit: WorkerExit): StudioError {
  const killed = exit.signal === 'SIGKILL' || exit.code === 137;
  if (killed || outOfMemory.test(exit.lastWords)) {
    return new StudioError(
      'worker-died',
      'The computing process was ended by the system, most likely because memory ran out.',
      'Everything up to the last checkpoint is saved. Close other large programs and resume; if it happens again, start a new run with a smaller batch size or shorter inputs.',
    );
  }
  const how = exit.signal ?? (exit.code === null ? 'it did not start' : `exit code ${exit.code}`);
  return new StudioError(
    'worker-died',
    `The computing process stopped unexpectedly (${how}).`,
    'Everything up to the last checkpoint is saved. Resume it; if it happens again, a smaller batch size may help, and the log file in the workspace has its last words.',
  );
}

function brokenProtocol(detail: string): StudioError {
  return new StudioError(
    'internal',
    `The computing process sent something that does not fit (${detail}).`,
    'Everything up to the last checkpoint is saved. Resume it, or restart the studio first.',
  );
}
