import { join } from 'node:path';
import { setImmediate as letMessagesIn } from 'node:timers/promises';
import type { MetricPoint } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type {
  ScoredRow,
  StopReason,
  StudentManifest,
  TrainBatch,
  TrainTask,
} from '../contract/worker.ts';
import {
  answerFormatOf,
  answerMarkOf,
  labelLengths,
  rationaleMarkOf,
  splitAnswer,
  withTeacherRationale,
} from '../core/methods.ts';
import { asDrawn, composeBatch, lossWeights, pickRows, tokensIn, withPrefix } from './batches.ts';
import { writeCheckpoint } from './checkpoint.ts';
import type { TrainerState } from './checkpoint.ts';
import { decodeTexts } from './decode.ts';
import type { Engine } from './engines/engine.ts';
import { hashTask, newState, openCheckpoint, prepare, refuseOtherEngine } from './preparation.ts';
import type { Prepared } from './preparation.ts';
import { Reporter } from './reporter.ts';
import { learningRateAt } from './schedule.ts';

/** What the trainer needs from whoever runs it. */
export interface TrainHost {
  readonly engine: Engine;
  /** Aborted with the reason `pause` or `cancel`. */
  readonly signal: AbortSignal;
  /** Waits for room where the receiver is behind. */
  report(batch: TrainBatch): void | Promise<void>;
  /** Whether an answer counts as right. */
  score(predicted: string, row: ScoredRow): boolean;
  /** Milliseconds that only rise. */
  now(): number;
}

/** `last` is written at least this often, unless writing it takes long. */
const SAVE_EVERY_MS = 30_000;
/** Of the time, at most one part in this many is spent on saving. */
const SAVE_SHARE = 20;
const VALIDATION_BATCH = 50;

/**
 * Trains one student from scratch, or goes on from `last/` in the task's folder.
 *
 * `finetune` and `distill` learn the label task alone; `step-by-step` learns labels and rationales
 * as two prefixed tasks of one model (Hsieh et al. 2023, section 3.2). Every evaluation decodes the
 * same validation rows; `best/` is the checkpoint with the most right, the later one among equals,
 * since it has learned longer. Without validation rows the newest evaluation point is kept as best.
 *
 * Repeatable bit for bit on one machine with one number of threads: the same task gives the same
 * losses and parameters, whether or not it was interrupted in between. Another number of threads adds
 * up in another order, and its losses drift apart from the fifth digit on.
 *
 * @returns why it stopped early; null when all steps are done
 * @throws StudioError `rows-missing` without training rows, `training-diverged` when the loss or the
 *   gradient is no longer a number, `checkpoint-corrupt` when `last/` cannot be continued,
 *   `invalid-input` for settings that cannot be carried out
 */
export async function trainStudent(
  task: TrainTask,
  host: TrainHost,
): Promise<{ stopped: StopReason | null }> {
  if (task.train.length === 0) {
    throw new StudioError(
      'rows-missing',
      'There is no row to train on.',
      'Give the training part rows that have the label this method learns from.',
    );
  }
  refuseOtherEngine(task.settings, host.engine);
  const trainer = await Trainer.open(task, host);
  try {
    return { stopped: await trainer.run() };
  } finally {
    await trainer.dispose();
  }
}

class Trainer {
  readonly #task: TrainTask;
  readonly #host: TrainHost;
  readonly #prepared: Prepared;
  readonly #reporter: Reporter;
  readonly #validation: readonly ScoredRow[];
  #state: TrainerState;
  #savedAt: number;
  #saveEvery = SAVE_EVERY_MS;

  private constructor(task: TrainTask, host: TrainHost, prepared: Prepared, reporter: Reporter) {
    this.#task = task;
    this.#host = host;
    this.#prepared = prepared;
    this.#reporter = reporter;
    this.#validation = pickRows(task.validation, task.settings.validationRows);
    this.#state = prepared.state;
    this.#savedAt = host.now();
  }

  static async open(task: TrainTask, host: TrainHost): Promise<Trainer> {
    const reporter = new Reporter(host);
    const taskHash = hashTask(task);
    const checkpoint = await openCheckpoint(task, taskHash);
    const state = checkpoint?.state ?? newState(task, taskHash);
    await reporter.send({ step: state.step, phase: 'preparing' });
    return new Trainer(task, host, await prepare(task, host.engine, checkpoint, state), reporter);
  }

  async dispose(): Promise<void> {
    await this.#prepared.generator?.dispose();
    await this.#prepared.model.dispose();
  }

  async run(): Promise<StopReason | null> {
    const { model } = this.#prepared;
    await this.#reporter.send({
      step: this.#state.step,
      phase: 'working',
      model: { parameters: model.parameterCount, engine: this.#host.engine.id },
    });
    if (this.#state.unevaluated) await this.#evaluate(this.#state.unevaluated);
    while (!this.#host.signal.aborted && this.#state.step < this.#task.settings.steps) {
      await letMessagesIn();
      const point = await this.#step();
      const { step } = point;
      const { steps, evaluateEvery } = this.#task.settings;
      if (step === steps || step % evaluateEvery === 0) await this.#evaluate(point);
      else await this.#reporter.metric(point);
      if (this.#host.now() - this.#savedAt >= this.#saveEvery) await this.#saveLast();
    }
    if (this.#finished) {
      await this.#reporter.send({ step: this.#state.step, phase: 'working' });
      return null;
    }
    if (this.#host.signal.reason === 'cancel') return 'cancel';
    await this.#saveLast();
    return 'pause';
  }

  get #finished(): boolean {
    return this.#state.step >= this.#task.settings.steps && this.#state.unevaluated === null;
  }

  /** One update; the state then stands after it. */
  async #step(): Promise<MetricPoint> {
    const { model, rows, order } = this.#prepared;
    const { settings } = this.#task;
    const step = this.#state.step + 1;
    const began = this.#host.now();
    const batches = Array.from({ length: settings.accumulate }, () => {
      const drawn = order.take(settings.batchSize).flatMap((draw) => {
        const row = rows[draw.row];
        return row === undefined ? [] : [asDrawn(row, draw, settings)];
      });
      return composeBatch(drawn, lossWeights(settings));
    });
    const losses = await model
      .accumulate(batches, settings.accumulation)
      .catch((caught: unknown) => {
        const lost = caught instanceof StudioError && caught.code === 'training-diverged';
        throw lost ? diverged(step, this.#task) : caught;
      });
    const gradientNorm = model.gradientNorm();
    const labelLoss = losses.labelLoss ?? Number.NaN;
    if (![losses.loss, labelLoss, gradientNorm].every(Number.isFinite)) {
      throw diverged(step, this.#task);
    }
    const learningRate = learningRateAt(step, settings);
    const { weightDecay, clipNorm } = settings;
    model.update({ learningRate, weightDecay, clipNorm, step });
    this.#state = { ...this.#state, step, order: order.state, dropout: model.dropoutState() };
    const seconds = Math.max(this.#host.now() - began, 1e-3) / 1000;
    return {
      step,
      labelLoss,
      rationaleLoss: losses.rationaleLoss,
      loss: losses.loss,
      learningRate,
      gradientNorm,
      tokensPerSecond: batches.reduce((sum, batch) => sum + tokensIn(batch), 0) / seconds,
      validation: null,
    };
  }

  /** Validates, keeps the checkpoint if it is the best, and saves `last`. */
  async #evaluate(point: MetricPoint): Promise<void> {
    const { step } = point;
    await this.#reporter.send({ step, phase: 'evaluating' });
    this.#state = { ...this.#state, unevaluated: point };
    const correct = await this.#countCorrect();
    if (correct === null) return;
    const rows = this.#validation.length;
    const validation = rows > 0 ? correct / rows : null;
    const measured = rows > 0 ? { ...point, validation: { correct, rows } } : point;
    this.#state = { ...this.#state, unevaluated: null };
    await this.#reporter.metric(measured);
    const { best } = this.#state;
    if (validation === null || best === null || validation >= best.validation) {
      if (validation !== null) this.#state = { ...this.#state, best: { step, validation } };
      await this.#save('best', validation);
    }
    await this.#saveLast(validation);
  }

  /** Right answers among the validation rows; null when the signal came first. */
  async #countCorrect(): Promise<number | null> {
    const { generator, model, tokenizer } = this.#prepared;
    if (!generator) return 0;
    // The generator reads these arrays; matrices with adapters are brought up to date in them.
    model.merged();
    const { settings } = this.#task;
    const answers = await decodeTexts(
      generator,
      tokenizer,
      this.#validation.map(({ input, rationale }) =>
        withTeacherRationale(
          withPrefix(settings.labelPrefix, input),
          rationale,
          rationaleMarkOf(settings),
        ),
      ),
      {
        maxInputTokens: labelLengths(settings).input,
        maxTokens: labelLengths(settings).target,
        batchSize: VALIDATION_BATCH,
        signal: this.#host.signal,
      },
    );
    if (answers === null) return null;
    const mark = answerMarkOf(settings);
    return this.#validation.filter((row, index) => {
      const text = answers[index]?.text ?? '';
      return this.#host.score(mark === null ? text : splitAnswer(text, mark).label, row);
    }).length;
  }

  async #saveLast(validation: number | null = null): Promise<void> {
    const began = this.#host.now();
    await this.#save('last', validation);
    this.#savedAt = this.#host.now();
    this.#saveEvery = Math.max(SAVE_EVERY_MS, SAVE_SHARE * (this.#savedAt - began));
  }

  /** Metrics go out first, so that none is missing when training goes on from the checkpoint. */
  async #save(which: 'last' | 'best', validation: number | null): Promise<void> {
    const { model, tokenizerJson } = this.#prepared;
    const { step } = this.#state;
    await this.#reporter.send({ step, phase: 'saving' });
    const folder = join(this.#task.folder, which);
    await writeCheckpoint(
      folder,
      {
        config: model.config,
        parameters: model.merged(),
        tokenizer: tokenizerJson,
        manifest: manifestOf(this.#task),
      },
      which === 'last'
        ? { optimizer: model.optimizerState(), state: this.#state, unmerged: model.unmerged() }
        : null,
    );
    const checkpoint = { which, step, folder, validation };
    await this.#reporter.send({ step, phase: 'working', checkpoint });
  }
}

/** What the exported folder says about itself. */
export function manifestOf(task: TrainTask): StudentManifest {
  const { settings } = task;
  return {
    format: 1,
    method: settings.method,
    task: task.task,
    labels: task.labels,
    ...answerFormatOf(settings),
  };
}

function diverged(step: number, task: TrainTask): StudioError {
  return new StudioError(
    'training-diverged',
    `The loss, or its gradient, stopped being a number at step ${step} of ${task.settings.steps}.`,
    `Train again with a lower learning rate, for example ${task.settings.learningRate / 3} in place of ${task.settings.learningRate}. The checkpoints saved before are kept.`,
  );
}
