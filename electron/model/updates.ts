import type { MetricPoint, RunSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { measureBalance } from './balance.ts';
import { asDrawn, composeBatch, lossWeights, tokensIn } from './batches.ts';
import type { TrainerState } from './checkpoint.ts';
import type { Prepared } from './preparation.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainingBatch } from './t5/training.ts';

/** The updates of one training: draws rows, learns from them, and tells how each went. */
export class Updates {
  readonly #learner: Pick<Prepared, 'model' | 'rows' | 'order'>;
  readonly #settings: RunSettings;
  readonly #now: () => number;

  /** @param now milliseconds that only rise */
  constructor(
    learner: Pick<Prepared, 'model' | 'rows' | 'order'>,
    settings: RunSettings,
    now: () => number,
  ) {
    this.#learner = learner;
    this.#settings = settings;
    this.#now = now;
  }

  /** Where the order of rows and the dropout's generator stand. */
  get state(): Pick<TrainerState, 'order' | 'dropout'> {
    const { order, model } = this.#learner;
    return { order: order.state, dropout: model.dropoutState() };
  }

  /**
   * One update of the parameters.
   *
   * @param step 1 for the first
   * @param measures whether to find out, before the update, how hard each of two tasks pulls
   * @returns what can be told of it before an evaluation; null when the loss or the gradient is no
   *   longer a number, and then the parameters are as they were
   */
  async next(step: number, measures: boolean): Promise<MetricPoint | null> {
    const { model } = this.#learner;
    const { accumulation, clipNorm, weightDecay } = this.#settings;
    const batches = this.#draw();
    try {
      const balance = measures ? await measureBalance(model, batches, accumulation) : null;
      const began = this.#now();
      const losses = await model.accumulate(batches, accumulation);
      const gradientNorm = model.gradientNorm();
      const { labelLoss } = losses;
      if (labelLoss === null || ![labelLoss, gradientNorm].every(Number.isFinite)) return null;
      const learningRate = learningRateAt(step, this.#settings);
      model.update({ learningRate, weightDecay, clipNorm, step });
      const seconds = Math.max(this.#now() - began, 1e-3) / 1000;
      const tokens = batches.reduce((sum, batch) => sum + tokensIn(batch), 0);
      const measured = { ...losses, labelLoss, gradientNorm, learningRate };
      const nothingYet = { validation: null, memoryBytes: null };
      return { step, ...measured, tokensPerSecond: tokens / seconds, balance, ...nothingYet };
    } catch (caught) {
      if (caught instanceof StudioError && caught.code === 'training-diverged') return null;
      throw caught;
    }
  }

  /** The micro-batches of the next update. */
  #draw(): TrainingBatch[] {
    const { rows, order } = this.#learner;
    const { accumulate, batchSize } = this.#settings;
    return Array.from({ length: accumulate }, () => {
      const drawn = order.take(batchSize).flatMap((draw) => {
        const row = rows[draw.row];
        return row === undefined ? [] : [asDrawn(row, draw, this.#settings)];
      });
      return composeBatch(drawn, lossWeights(this.#settings));
    });
  }
}
