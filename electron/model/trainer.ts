import { setImmediate as letMessagesIn } from 'node:timers/promises';
import type { MetricPoint } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { ScoredRow, StopReason, TrainBatch, TrainTask } from '../contract/worker.ts';
import type { TrainerState } from './checkpoint.ts';
import { divergence, hasRunAway, isSuspect, noNumber, ranAway, watchLoss } from './divergence.ts';
import type { Engine } from './engines/engine.ts';
import { Evaluator } from './evaluation.ts';
import { hashTask, newState, openCheckpoint, prepare, refuseOtherEngine } from './preparation.ts';
import type { Prepared } from './preparation.ts';
import { Reporter } from './reporter.ts';
import { RunFolder } from './run-folder.ts';
import { warmupSteps } from './schedule.ts';
import { endOf, isEvaluated, isKept, judge } from './stopping.ts';
import { Updates } from './updates.ts';

/** What the trainer needs from whoever runs it. */
export interface TrainHost {
  readonly engine: Engine;
  /** Aborted with a stop reason. */
  readonly signal: AbortSignal;
  /** Aborted with a reason that outranks a `finish` which is under way: that may take as long as an evaluation. */
  readonly overruling?: AbortSignal;
  /** Waits for room where the receiver is behind. */
  report(batch: TrainBatch): void | Promise<void>;
  /** Whether an answer counts as right. */
  score(predicted: string, row: ScoredRow): boolean;
  /** Milliseconds that only rise. */
  now(): number;
  /** Resident memory of this process; null where it cannot be told. */
  memoryBytes(): number | null;
}

/**
 * Trains one student, or goes on from `last/` in the task's folder.
 *
 * What a method learns is in `core/methods.ts`. Every evaluation decodes the same validation rows;
 * `best/` is the checkpoint with the most right, the later one among equals, since it has learned
 * longer. Without validation rows the newest evaluation point is kept as best.
 *
 * Repeatable bit for bit on one machine with one number of threads: the same task gives the same
 * losses and parameters, whether or not it was interrupted in between. Another number of threads adds
 * up in another order, and its losses drift apart from the fifth digit on.
 *
 * @returns why it stopped early; null when nothing is left to train
 * @throws StudioError `rows-missing` without training rows, `training-diverged` when the loss or the
 *   gradient is no longer a number or the loss has run away, `checkpoint-corrupt` when `last/` cannot
 *   be continued, `invalid-input` for settings that cannot be carried out
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
  const taskHash = hashTask(task);
  const checkpoint = await openCheckpoint(task, taskHash);
  const state = checkpoint?.state ?? newState(task, taskHash);
  const reporter = new Reporter(host);
  await reporter.send({ step: state.step, phase: 'preparing' });
  const prepared = await prepare(task, host.engine, checkpoint, state);
  try {
    return { stopped: await new Trainer(task, host, prepared, reporter).run() };
  } finally {
    await prepared.generator?.dispose();
    await prepared.model.dispose();
  }
}

/** The loop of one training on what was prepared for it: updates, evaluations, checkpoints, the end. */
export class Trainer {
  readonly #task: TrainTask;
  readonly #host: TrainHost;
  readonly #prepared: Prepared;
  readonly #reporter: Reporter;
  readonly #updates: Updates;
  readonly #evaluator: Evaluator;
  readonly #folder: RunFolder;
  #state: TrainerState;
  /** Of the last update in this process. */
  #newest: MetricPoint | null = null;

  /** @param prepared stays the caller's, to dispose of */
  constructor(
    task: TrainTask,
    host: TrainHost,
    prepared: Prepared,
    reporter: Reporter = new Reporter(host),
  ) {
    const { settings } = task;
    const now = (): number => host.now();
    this.#task = task;
    this.#host = host;
    this.#prepared = prepared;
    this.#reporter = reporter;
    this.#updates = new Updates(prepared, settings, now);
    this.#evaluator = new Evaluator(prepared, settings, task.validation, (predicted, row) =>
      host.score(predicted, row),
    );
    this.#folder = new RunFolder(task, prepared, reporter, now);
    this.#state = prepared.state;
  }

  /** Trains until nothing is left, or a signal. See {@link trainStudent}. */
  async run(): Promise<StopReason | null> {
    const { model } = this.#prepared;
    const { settings } = this.#task;
    const { signal, engine } = this.#host;
    await this.#reporter.send({
      step: this.#state.step,
      phase: 'working',
      model: { parameters: model.parameterCount, engine: engine.id },
    });
    if (this.#state.unevaluated) await this.#evaluate(this.#state.unevaluated, signal);
    while (!signal.aborted && endOf(this.#state, settings) === null) {
      await letMessagesIn();
      const point = await this.#step();
      if (isEvaluated(point.step, settings)) await this.#evaluate(point, signal);
      else await this.#reporter.metric(point);
      if (this.#folder.isDue) await this.#saveLast(null);
    }
    return this.#end();
  }

  /** One update; the state then stands after it. */
  async #step(): Promise<MetricPoint> {
    const { settings } = this.#task;
    const step = this.#state.step + 1;
    const point = await this.#updates.next(step, isEvaluated(step, settings));
    if (point === null) throw await this.#diverged(noNumber({ step, settings }));
    const watch = watchLoss(this.#state.watch, point, warmupSteps(settings));
    this.#state = { ...this.#state, ...this.#updates.state, step, watch };
    this.#newest = point;
    if (hasRunAway(watch)) {
      await this.#reporter.metric(point);
      throw await this.#diverged(ranAway({ step, settings, watch }));
    }
    return point;
  }

  /**
   * Validates, keeps the checkpoint if it is the best, and saves `last`. Where the signal comes first,
   * the evaluation is left to be made up for.
   */
  async #evaluate(point: MetricPoint, signal: AbortSignal | null): Promise<void> {
    const { step } = point;
    const { settings } = this.#task;
    await this.#reporter.send({ step, phase: 'evaluating' });
    this.#state = { ...this.#state, unevaluated: point };
    const evaluation = await this.#evaluator.evaluate(signal);
    if (evaluation === null) return;
    const { validation, answers } = evaluation;
    this.#state = { ...this.#state, unevaluated: null };
    await this.#reporter.metric({ ...point, validation });
    if (answers.length > 0) {
      await this.#reporter.send({ step, phase: 'working', samples: { step, answers } });
    }
    const share = validation && validation.correct / validation.rows;
    if (await this.#isBest(step, share)) await this.#folder.saveBest(this.#state, share);
    if (isKept(step, settings)) await this.#folder.keep(step);
    await this.#saveLast(share);
  }

  /** Takes an evaluation into account. Weights that may be bad replace none that are good. */
  async #isBest(step: number, validation: number | null): Promise<boolean> {
    const doubtful = isSuspect(this.#state.watch);
    if (validation === null) return !doubtful || !(await this.#folder.hasBest());
    const { isBest, ...standing } = judge(this.#state, { step, validation, doubtful });
    this.#state = { ...this.#state, ...standing };
    return isBest;
  }

  /** Not with weights that may be bad: training then goes on from the good ones before. */
  async #saveLast(validation: number | null): Promise<void> {
    if (!isSuspect(this.#state.watch)) await this.#folder.saveLast(this.#state, validation);
  }

  /** Says why nothing is left to train, or does what the signal asks for. */
  async #end(): Promise<StopReason | null> {
    const ended = endOf(this.#state, this.#task.settings);
    if (ended !== null) {
      await this.#reporter.send({ step: this.#state.step, phase: 'working', ended });
      return null;
    }
    const { signal, overruling } = this.#host;
    if (signal.reason === 'finish' && (await this.#keepBest())) return 'finish';
    if ((overruling?.aborted ? overruling : signal).reason === 'cancel') return 'cancel';
    await this.#saveLast(null);
    return 'pause';
  }

  /**
   * Ends for good with the best student so far; where there is none, with the one there is now.
   * @returns whether it did: false where it was overruled before there was a student to keep
   */
  async #keepBest(): Promise<boolean> {
    const { overruling } = this.#host;
    if (overruling?.aborted) return false;
    const { best, unevaluated } = this.#state;
    if (best === null) {
      const point = unevaluated ?? this.#newest ?? (await this.#step());
      await this.#evaluate(point, overruling ?? null);
      if (this.#state.unevaluated !== null) return false;
    } else if (unevaluated !== null) {
      await this.#reporter.metric(unevaluated);
    }
    const { step } = this.#state;
    await this.#reporter.send({ step, phase: 'working', ended: 'kept-best' });
    return true;
  }

  /** The error with what is still there; the curve up to here goes out first. */
  async #diverged(reason: string): Promise<StudioError> {
    const { step, best } = this.#state;
    await this.#reporter.send({ step, phase: 'working' });
    const kept = { last: this.#folder.savedStep, best: best?.step ?? null };
    return divergence(reason, this.#task.settings, kept);
  }
}
