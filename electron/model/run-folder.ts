import { join } from 'node:path';
import type { StudentManifest } from '../contract/export.ts';
import type { TrainTask } from '../contract/worker.ts';
import { answerFormatOf } from '../core/methods.ts';
import { stepFolder, writeCheckpoint } from './checkpoint.ts';
import type { StudentContent, TrainerState } from './checkpoint.ts';
import { exists } from './files.ts';
import type { Prepared } from './preparation.ts';
import type { Reporter } from './reporter.ts';

/** `last` is written at least this often, unless writing it takes long. */
const SAVE_EVERY_MS = 30_000;
/** Of the time, at most one part in this many is spent on saving. */
const SAVE_SHARE = 20;

/**
 * The checkpoints of one run: `last/`, which training can go on from, `best/`, and the students that
 * are kept on the way, `step-000500/` and so on.
 */
export class RunFolder {
  readonly #task: TrainTask;
  readonly #prepared: Pick<Prepared, 'model' | 'tokenizerJson'>;
  readonly #reporter: Reporter;
  readonly #now: () => number;
  #savedStep: number;
  #savedAt: number;
  #saveEvery = SAVE_EVERY_MS;

  /** @param now milliseconds that only rise */
  constructor(
    task: TrainTask,
    prepared: Pick<Prepared, 'model' | 'tokenizerJson' | 'state'>,
    reporter: Reporter,
    now: () => number,
  ) {
    this.#task = task;
    this.#prepared = prepared;
    this.#reporter = reporter;
    this.#now = now;
    this.#savedStep = prepared.state.step;
    this.#savedAt = now();
  }

  /** Whether `last` should be written again. */
  get isDue(): boolean {
    return this.#now() - this.#savedAt >= this.#saveEvery;
  }

  /** The step of `last`; 0 without one. */
  get savedStep(): number {
    return this.#savedStep;
  }

  /** @param validation share of right answers, where it was measured at this step */
  async saveLast(state: TrainerState, validation: number | null): Promise<void> {
    const began = this.#now();
    await this.#save('last', state, validation);
    this.#savedStep = state.step;
    this.#savedAt = this.#now();
    this.#saveEvery = Math.max(SAVE_EVERY_MS, SAVE_SHARE * (this.#savedAt - began));
  }

  hasBest(): Promise<boolean> {
    return exists(join(this.#task.folder, 'best'));
  }

  /** @param validation share of right answers; null without rows to validate on */
  saveBest(state: TrainerState, validation: number | null): Promise<void> {
    return this.#save('best', state, validation);
  }

  /** Keeps a copy of the student as it is now. */
  async keep(step: number): Promise<void> {
    await this.#reporter.send({ step, phase: 'saving' });
    await writeCheckpoint(join(this.#task.folder, stepFolder(step)), this.#student(), null);
  }

  /** Metrics go out first, so that none is missing when training goes on from the checkpoint. */
  async #save(
    which: 'last' | 'best',
    state: TrainerState,
    validation: number | null,
  ): Promise<void> {
    const { model } = this.#prepared;
    const { step } = state;
    await this.#reporter.send({ step, phase: 'saving' });
    const folder = join(this.#task.folder, which);
    const training = { optimizer: model.optimizerState(), state, unmerged: model.unmerged() };
    await writeCheckpoint(folder, this.#student(), which === 'last' ? training : null);
    const checkpoint = { which, step, folder, validation };
    await this.#reporter.send({ step, phase: 'working', checkpoint });
  }

  #student(): StudentContent {
    const { model, tokenizerJson } = this.#prepared;
    return {
      config: model.config,
      parameters: model.merged(),
      tokenizer: tokenizerJson,
      manifest: manifestOf(this.#task),
    };
  }
}

/** What the folder says about itself. */
function manifestOf({ settings, task, labels }: TrainTask): StudentManifest {
  return { format: 1, method: settings.method, task, labels, ...answerFormatOf(settings) };
}
