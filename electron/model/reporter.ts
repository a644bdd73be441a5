import type { MetricPoint } from '../contract/entities.ts';
import type { TrainBatch } from '../contract/worker.ts';

/** Metrics are sent together, about five times a second. */
const SEND_EVERY_MS = 200;

interface ReportHost {
  report(batch: TrainBatch): void | Promise<void>;
  /** Milliseconds. */
  now(): number;
  /** Resident memory of this process; null where it cannot be told. */
  memoryBytes(): number | null;
}

/** What there is to tell, beside the metrics that wait. */
export type News = Pick<TrainBatch, 'step' | 'phase'> &
  Partial<Pick<TrainBatch, 'checkpoint' | 'model' | 'samples' | 'ended'>>;

const nothing = { checkpoint: null, model: null, samples: null, ended: null };

/** Collects the metrics of single steps into batches that a screen can follow. */
export class Reporter {
  readonly #host: ReportHost;
  #waiting: MetricPoint[] = [];
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(host: ReportHost) {
    this.#host = host;
  }

  /** Adds one step's metrics; they go out now if the last batch is long enough ago. */
  async metric(point: MetricPoint): Promise<void> {
    this.#waiting.push(point);
    if (this.#host.now() - this.#sentAt >= SEND_EVERY_MS) {
      await this.send({ step: point.step, phase: 'working' });
    }
  }

  /** Sends at once, with every metric that waits. Memory is looked up once for all of these. */
  async send(news: News): Promise<void> {
    const memoryBytes = this.#waiting.length > 0 ? this.#host.memoryBytes() : null;
    const metrics = this.#waiting.map((point) => ({ ...point, memoryBytes }));
    this.#waiting = [];
    this.#sentAt = this.#host.now();
    await this.#host.report({ kind: 'train', ...nothing, ...news, metrics });
  }
}
