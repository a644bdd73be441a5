import type { WorkerBatch } from '../contract/worker.ts';

/** How many batches a worker may have sent that main has not committed yet. */
export const windowSize = 8;

/**
 * Numbers batches and holds the sender back while too many are unacknowledged, so that a slow disk
 * slows the numeric loop down instead of filling memory.
 */
export class BatchWindow {
  readonly #send: (seq: number, batch: WorkerBatch) => void;
  readonly #limit: number;
  #sent = 0;
  #acknowledged = 0;
  #waiting: (() => void)[] = [];

  constructor(send: (seq: number, batch: WorkerBatch) => void, limit = windowSize) {
    this.#send = send;
    this.#limit = limit;
  }

  /** Sends a batch as soon as fewer than the limit are unacknowledged; resolves when it is sent. */
  async push(batch: WorkerBatch): Promise<void> {
    while (this.#sent - this.#acknowledged >= this.#limit) await this.#acknowledgement();
    this.#sent += 1;
    this.#send(this.#sent, batch);
  }

  /** Everything up to and including `seq` is committed. */
  acknowledge(seq: number): void {
    this.#acknowledged = Math.min(this.#sent, Math.max(this.#acknowledged, seq));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves when everything sent is committed. */
  async drained(): Promise<void> {
    while (this.#acknowledged < this.#sent) await this.#acknowledgement();
  }

  #acknowledgement(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
