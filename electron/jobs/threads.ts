import { Worker } from 'node:worker_threads';
import { StudioError } from '../contract/errors.ts';
import type { ThreadOptions, ThreadTask, Threads } from '../stages/threads.ts';
import { workerEnvironment } from './host.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/**
 * A thread that has nothing to do is kept so long, milliseconds:
 * a live preview asks again and again, and starting one takes a third of a second.
 */
const idleMilliseconds = 120_000;

/** MiB of JavaScript values a thread may hold: a file is never held whole. */
const mostHeap = 1_024;
/** MiB of them that were just made: what is read lives short, and a larger nursery only takes memory. */
const nursery = 32;

/** Threads of this process, started when there is something to do and ended when there is nothing. */
export class ThreadPool implements Threads {
  readonly #path: string;
  readonly #heapMegabytes: number;
  readonly #idle = new Map<Worker, NodeJS.Timeout>();
  readonly #all = new Set<Worker>();
  #closed = false;

  /** @param path absolute path of `data-thread.ts`, or of the built `data-thread.js` */
  constructor(path: string, { heapMegabytes = mostHeap } = {}) {
    this.#path = path;
    this.#heapMegabytes = heapMegabytes;
  }

  async run<Input, Batch, Output>(
    task: ThreadTask<Input, Batch, Output>,
    input: Input,
    options: ThreadOptions<Batch> = {},
  ): Promise<Output> {
    if (options.signal?.aborted === true || this.#closed) throw cancelled();
    const worker = this.#take();
    try {
      const output = await converse<Batch, Output>(
        worker,
        { name: task.name, input },
        options,
        () => this.#closed,
      );
      this.#giveBack(worker);
      return output;
    } catch (caught) {
      // It may still be at work, or broken: another one is started next time.
      this.#all.delete(worker);
      await worker.terminate();
      throw caught;
    }
  }

  /** Ends all threads; tasks under way fail with `job-cancelled`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #take(): Worker {
    for (const [worker, timer] of this.#idle) {
      clearTimeout(timer);
      this.#idle.delete(worker);
      worker.ref();
      return worker;
    }
    const worker = new Worker(this.#path, {
      resourceLimits: {
        maxOldGenerationSizeMb: this.#heapMegabytes,
        maxYoungGenerationSizeMb: nursery,
      },
      env: workerEnvironment(process.env),
    });
    this.#all.add(worker);
    // What goes wrong in a thread that nobody waits for ends that thread alone, not this process.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      this.#all.delete(worker);
      clearTimeout(this.#idle.get(worker));
      this.#idle.delete(worker);
    });
    return worker;
  }

  #giveBack(worker: Worker): void {
    if (this.#closed || !this.#all.has(worker)) return;
    const timer = setTimeout(() => void worker.terminate(), idleMilliseconds);
    timer.unref();
    worker.unref();
    this.#idle.set(worker, timer);
  }
}

/** One task in one thread, until it is done, has failed, or the thread has ended. */
function converse<Batch, Output>(
  worker: Worker,
  task: { name: string; input: unknown },
  { signal, onBatch }: ThreadOptions<Batch>,
  closing: () => boolean,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const post = (message: ToThread): void => worker.postMessage(message);
    let taking = Promise.resolve();
    let hasEnded = false;
    const end = (settle: () => void): void => {
      hasEnded = true;
      worker.off('message', hear);
      worker.off('error', broke);
      worker.off('exit', exited);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const failed = (error: unknown): void => end(() => reject(error));
    const take = async (batch: Batch): Promise<void> => {
      // What was handed over before the end, and not taken yet, is not taken any more.
      if (hasEnded) return;
      await onBatch?.(batch);
      post({ kind: 'more' });
    };
    const hear = (message: FromThread<Batch, Output>): void => {
      switch (message.kind) {
        case 'batch':
          taking = taking.then(() => take(message.batch));
          taking.catch(failed);
          return;
        case 'done':
          // Whatever was handed over is taken before the end is told.
          taking.then(() => end(() => resolve(message.output))).catch(failed);
          return;
        case 'failed':
          end(() => reject(StudioError.from(message.error)));
      }
    };
    const broke = (error: Error): void => end(() => reject(died(error)));
    const exited = (): void => end(() => reject(closing() ? cancelled() : vanished()));
    const stop = (): void => end(() => reject(cancelled()));
    worker.on('message', hear);
    worker.on('error', broke);
    worker.on('exit', exited);
    signal?.addEventListener('abort', stop);
    post({ kind: 'task', ...task });
  });
}

function cancelled(): StudioError {
  return new StudioError(
    'job-cancelled',
    'This was stopped before it was done.',
    'Nothing was changed. Start it again when you are ready.',
  );
}

function vanished(): StudioError {
  return new StudioError(
    'worker-died',
    'The work stopped without saying why.',
    'Nothing was changed. Try again; the log file in the workspace has the details.',
  );
}

function died(cause: Error): StudioError {
  const memory = 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new StudioError(
    'worker-died',
    memory
      ? 'There was not enough memory for this.'
      : `The work stopped unexpectedly: ${cause.message}`,
    memory
      ? 'Close other programs, or divide the file into smaller ones.'
      : 'Nothing was changed. Try again; the log file in the workspace has the details.',
    { cause },
  );
}
