import type { CurvePoint } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { toFailure } from '../../lib/failure.ts';
import type { StudioFailure } from '../../lib/failure.ts';

/** The curve of one run, fetched piece by piece as it grows. */
export class RunMetrics {
  points = $state.raw<readonly CurvePoint[]>([]);
  failure = $state.raw<StudioFailure | null>(null);
  /** Whether the first answer has come: until then nobody knows that there are no points. */
  loaded = $state(false);
  readonly runId: string;
  readonly #client: Client;
  #asking = false;
  #again = false;

  constructor(client: Client, runId: string) {
    this.#client = client;
    this.runId = runId;
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
      this.loaded = true;
    } catch (caught) {
      this.failure = toFailure(caught);
    } finally {
      this.#asking = false;
    }
  }

  /**
   * A resumed run goes on from its checkpoint, and points after it are dropped. So the last known
   * point is asked for once more: where it is gone, all of them are fetched anew.
   */
  async #fetch(): Promise<void> {
    const last = this.points.at(-1);
    const answer = await this.#ask(last === undefined ? 0 : last.step - 1);
    if (last === undefined) {
      if (answer.length > 0) this.points = answer;
      return;
    }
    const [same, ...more] = answer;
    if (same?.step !== last.step) this.points = await this.#ask(0);
    else if (more.length > 0) this.points = [...this.points, ...more];
  }

  #ask(afterStep: number): Promise<readonly CurvePoint[]> {
    return this.#client.call('runs.metrics', { runId: this.runId, afterStep });
  }
}
