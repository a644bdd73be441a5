import { join } from 'node:path';
import type { RunSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { TrainTask } from '../contract/worker.ts';
import { seedFrom, settingsHash } from '../core/hash.ts';
import { rationalePrefixOf } from '../core/methods.ts';
import { statedSettings } from '../core/run-settings.ts';
import { RowOrder, encodeRows } from './batches.ts';
import type { EncodedRow } from './batches.ts';
import {
  readCheckpoint,
  recoverCheckpoint,
  removeCheckpoints,
  tidyStepFolders,
} from './checkpoint.ts';
import type { ReadCheckpoint, TrainerState } from './checkpoint.ts';
import { freshWatch } from './divergence.ts';
import type { Engine } from './engines/engine.ts';
import { Generator } from './generate/index.ts';
import { startingPoint } from './starting-point.ts';
import type { T5Config } from './t5/config.ts';
import { trainableParameters } from './t5/frozen.ts';
import { TrainingModel } from './t5/training.ts';
import type { TrainingOptions } from './t5/training.ts';
import type { Tokenizer } from './tokenizer.ts';

/** What is worked out before the first step. */
export interface Prepared {
  readonly tokenizerJson: string;
  readonly tokenizer: Tokenizer;
  readonly rows: readonly EncodedRow[];
  readonly model: TrainingModel;
  /** Null when there is nothing to validate on. */
  readonly generator: Generator | null;
  readonly order: RowOrder;
  readonly state: TrainerState;
}

/**
 * The checkpoint to go on from, or null to start anew. With `resume` off, checkpoints that are
 * there are removed first.
 *
 * @throws StudioError `checkpoint-corrupt` when it is damaged or of other settings or rows
 */
export async function openCheckpoint(
  task: TrainTask,
  taskHash: string,
): Promise<ReadCheckpoint | null> {
  if (!task.resume) await removeCheckpoints(task.folder);
  await recoverCheckpoint(join(task.folder, 'best'));
  await tidyStepFolders(task.folder);
  const checkpoint = await readCheckpoint(join(task.folder, 'last'));
  if (checkpoint && checkpoint.state.taskHash !== taskHash) {
    throw new StudioError(
      'checkpoint-corrupt',
      'The checkpoint in this run’s folder was trained with other settings or other rows.',
      'Train a new run; this one cannot be continued.',
    );
  }
  return checkpoint;
}

/**
 * Builds tokenizer, rows and model, and puts them where the checkpoint stood.
 *
 * @throws StudioError `checkpoint-corrupt` when the optimizer's state does not fit the settings,
 *   `invalid-input` when the settings leave nothing to train, and what {@link startingPoint} throws
 */
export async function prepare(
  task: TrainTask,
  engine: Engine,
  checkpoint: ReadCheckpoint | null,
  state: TrainerState,
): Promise<Prepared> {
  const { settings } = task;
  const { config, initial, tokenizer, tokenizerJson } = await startingPoint(task, checkpoint);
  const rows = await encodeRows(tokenizer, task.train, settings);
  const options = trainingOptions(settings, config, state);
  const model = await TrainingModel.create(engine, config, initial, options);
  if (checkpoint) model.restoreOptimizer(checkpoint.optimizer);
  const generator =
    task.validation.length > 0 ? await Generator.create(engine, config, model.merged()) : null;
  const order = new RowOrder(rows.length, orderSeed(task), state.order, {
    alternatives:
      settings.rationalesPerRow === 'sampled'
        ? rows.map(({ explained, rationales }) => explained.length + rationales.length)
        : [],
    rationaleDropout: settings.rationaleDropout,
  });
  return { tokenizerJson, tokenizer, rows, model, generator, order, state };
}

/** Everything about the model in training that the settings decide; dropout goes on where it was. */
function trainingOptions(
  settings: RunSettings,
  config: T5Config,
  state: TrainerState,
): TrainingOptions {
  const { optimizer, accumulate, dropout, labelSmoothing, mutualInformation, seed } = settings;
  const { names, lora } = trainableParameters(config, settings);
  const from = state.dropout === null ? {} : { state: state.dropout };
  return {
    optimizer: { kind: optimizer },
    accumulates: accumulate > 1,
    dropout: dropout > 0 ? { rate: dropout, seed: seedFrom(`dropout ${seed}`), ...from } : null,
    labelSmoothing,
    mutualInformation: mutualInformation > 0 && rationalePrefixOf(settings) !== null,
    trainable: names,
    lora: lora && { ...lora, seed: seedFrom(`adapters ${seed}`) },
  };
}

/** @throws StudioError `invalid-input`: better no run than one that silently is another */
export function refuseOtherEngine(settings: RunSettings, opened: Engine): void {
  if (settings.engine === opened.id) return;
  throw new StudioError(
    'invalid-input',
    `This run asks for the engine “${settings.engine}”, but “${opened.id}” was opened for it.`,
    'Start it again with the engine it asks for.',
  );
}

/** The state before the first step. */
export function newState(task: TrainTask, taskHash: string): TrainerState {
  return {
    format: 2,
    step: 0,
    order: { random: orderSeed(task), position: 0 },
    dropout: null,
    best: null,
    stale: 0,
    watch: freshWatch,
    unevaluated: null,
    taskHash,
  };
}

function orderSeed(task: TrainTask): number {
  return seedFrom(`order ${task.settings.seed}`);
}

/**
 * Tells one task's settings and rows from another's. Rows with one rationale at most are written as
 * they were before there could be several, so that an older run can be continued.
 */
export function hashTask(task: TrainTask): string {
  const train = task.train.map(({ input, label, rationales }) =>
    rationales.length > 1
      ? { input, label, rationales }
      : { input, label, rationale: rationales[0] ?? null },
  );
  return settingsHash({ settings: statedSettings(task.settings), train });
}
