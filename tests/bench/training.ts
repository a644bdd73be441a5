import { Random } from '../../electron/core/random.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import type { TrainingBatch, TrainingModel } from '../../electron/model/t5/training.ts';
import { timed } from './measure.ts';
import { configs, randomBatch, randomModel, type Shape } from './shapes.ts';

/** Milliseconds of the two parts of a step. */
export interface StepTime {
  readonly gradients: number;
  /** Clipping and AdamW. */
  readonly update: number;
}

export const wholeStep = ({ gradients, update }: StepTime): number => gradients + update;

/** A model that can be stepped again and again: losses, gradients, clipping, AdamW. */
export class TrainingBench {
  readonly model: TrainingModel;
  #step = 0;

  constructor(model: TrainingModel) {
    this.model = model;
  }

  /** One step on each of these batches. */
  async time(batches: Iterable<TrainingBatch>): Promise<StepTime[]> {
    const times: StepTime[] = [];
    for (const batch of batches) {
      const step = (this.#step += 1);
      times.push({
        gradients: await timed(() => this.model.step(batch)),
        update: await timed(() =>
          this.model.update({ learningRate: 1e-4, weightDecay: 0.01, clipNorm: 1, step }),
        ),
      });
    }
    return times;
  }
}

/** The same, on one random batch. */
export class ShapeBench {
  readonly model: TrainingModel;
  readonly #bench: TrainingBench;
  readonly #batch: TrainingBatch;

  private constructor(model: TrainingModel, batch: TrainingBatch) {
    this.model = model;
    this.#bench = new TrainingBench(model);
    this.#batch = batch;
  }

  static async create(engine: Engine, of: Shape): Promise<ShapeBench> {
    const random = new Random(1);
    const batch = randomBatch(of, random);
    return new ShapeBench(await randomModel(engine, configs[of.size], random), batch);
  }

  /** Milliseconds of each of the next steps. */
  async time(steps: number): Promise<number[]> {
    return (await this.parts(steps)).map(wholeStep);
  }

  /** The same, part by part. */
  parts(steps: number): Promise<StepTime[]> {
    return this.#bench.time(Array.from({ length: steps }, () => this.#batch));
  }
}
