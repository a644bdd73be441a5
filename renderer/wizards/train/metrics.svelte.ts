import type { MetricPoint } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { toFailure } from '../../lib/failure.ts';
import type { StudioFailure } from '../../lib/failure.ts';

/** The curve of one run, fetched piece by piece as it grows. */
export class RunMetrics {
  points = $state.raw<readonly MetricPoint[]>([]);
  failure = $state.raw<StudioFailure | null>(null);
  readonly #client: Client;
  readonly #runId: string;
  #asking = false;
  #again = false;

  constructor(client: Client, runId: string) {
    this.#client = client;
    this.#runId = runId;
  }

  get lastStep(): number {
    return this.points.at(-1)?.step ?? 0;
  }

  /** Asks for what came after the last point; a wish that arrives meanwhile is granted afterwards. */
  async grow(): Promise<void> {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        await this.#fetch();
      } while (this.#again);
      this.failure = null;
    } catch (caught) {
      this.failure = toFailure(caught);
    } finally {
      this.#asking = false;
    }
  }

  /** A resumed run goes on from its checkpoint: points after it were dropped, and are fetched anew. */
  rewind(step: number): void {
    if (step < this.lastStep) this.points = [];
  }

  async #fetch(): Promise<void> {
    const afterStep = this.lastStep;
    const more = await this.#client.call('runs.metrics', { runId: this.#runId, afterStep });
    if (afterStep === this.lastStep && more.length > 0) this.points = [...this.points, ...more];
  }
}
