/**
 * Work that would keep main from answering, done in a thread of its own: files read, texts compared,
 * flags worked out. A task is pure or reads the store through a connection of its own; only main
 * writes. What goes in, comes out and is handed over in between crosses as a structured clone.
 */
export interface ThreadTask<Input, Batch, Output> {
  /** Its name in the thread's list of tasks. */
  readonly name: string;
  /**
   * @param emit hands over a part of the result; resolves when main has room for the next
   * @throws StudioError which arrives at the other side as it was
   */
  run(input: Input, emit: (batch: Batch) => Promise<void>): Promise<Output>;
}

export interface ThreadOptions<Batch> {
  /** Ends the thread at once; the answer is then a failure, `job-cancelled`. */
  readonly signal?: AbortSignal;
  /** Takes the parts, one after another and in order. What it throws ends the task. */
  readonly onBatch?: (batch: Batch) => void | Promise<void>;
}

export interface Threads {
  /** @throws StudioError what the task threw; `worker-died` when its thread ended without a word */
  run<Input, Batch, Output>(
    task: ThreadTask<Input, Batch, Output>,
    input: Input,
    options?: ThreadOptions<Batch>,
  ): Promise<Output>;
}
