import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { MetricPoint } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { StudentManifest } from '../contract/export.ts';
import { configJson, generationConfigJson } from './config.ts';
import { LossWatch, freshWatch } from './divergence.ts';
import {
  exists,
  hashFile,
  readIfPresent,
  replaceFolder,
  syncFolder,
  tidyFolder,
  writeSynced,
} from './files.ts';
import { stateRegions } from './optimizer/optimizer.ts';
import type { OptimizerState, StateRegion } from './optimizer/index.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import type { FloatTensor } from './safetensors.ts';
import { parameterSpecs } from './t5/config.ts';
import type { T5Config } from './t5/config.ts';
import { specialTokensMapJson, tokenizerConfigJson } from './tokenizer-json.ts';

/**
 * A checkpoint is an ordinary Hugging Face T5 folder. One that training can go on from also holds
 * `trainer/`: the optimizer's state, and `state.json` with everything else that decides the next step.
 */

const Count = z.number().int().nonnegative();

/**
 * What the trainer needs, beside weights and optimizer state, to go on as if it had never stopped.
 * Format 1 knew neither dropout nor another optimizer than AdamW. What has a default came later still.
 */
export const TrainerState = z.strictObject({
  format: z.union([z.literal(1), z.literal(2)]).transform((): 2 => 2),
  /** Updates done. */
  step: Count,
  /** Where the epoch's order stands: the generator before its shuffle, and rows drawn since. */
  order: z.strictObject({ random: Count, position: Count }),
  /** Where the dropout's generator stands; null without dropout. */
  dropout: z.strictObject({ seed: Count, passes: Count }).nullable().default(null),
  best: z.strictObject({ step: Count, validation: z.number() }).nullable(),
  /** Evaluations in a row that were no better than the best, for early stopping. */
  stale: Count.default(0),
  /** What tells whether the loss runs away. */
  watch: LossWatch.default(freshWatch),
  /** The step whose evaluation was cut short by a pause; it is done first when training goes on. */
  unevaluated: MetricPoint.nullable(),
  /** Of the run's settings and rows: a checkpoint of something else is refused. */
  taskHash: z.string(),
});
export type TrainerState = z.infer<typeof TrainerState>;

const StateFile = z.strictObject({
  state: TrainerState,
  optimizer: z.enum(['adamw', 'adafactor']).default('adamw'),
  /** SHA-256 of every other file, by its path in the folder. */
  files: z.record(z.string(), z.string()),
});

/** What every checkpoint holds. */
export interface StudentContent {
  readonly config: T5Config;
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** The content of `tokenizer.json`. */
  readonly tokenizer: string;
  readonly manifest: StudentManifest;
}

export interface TrainingContent {
  readonly optimizer: OptimizerState;
  readonly state: TrainerState;
  /** With adapters, what the student's merged matrices cannot be taken apart into again. */
  readonly unmerged?: ReadonlyMap<string, FloatTensor> | null;
}

const MODEL = 'model.safetensors';
/** One file for each of the optimizer's regions. */
const momentsFile = (region: StateRegion): string => `trainer/moments-${region}.safetensors`;
/** Adapters, and the matrices they stand beside as they were before. */
const UNMERGED = 'trainer/unmerged.safetensors';
const STATE = 'trainer/state.json';

/**
 * Writes a checkpoint beside its place and renames it in: whoever looks finds the old folder or
 * the new one, whole.
 *
 * @param training null for a checkpoint that is only to be used, not trained on
 */
export async function writeCheckpoint(
  folder: string,
  student: StudentContent,
  training: TrainingContent | null,
): Promise<void> {
  const unfinished = `${folder}.tmp-${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'trainer'), { recursive: true });
  try {
    const { config, manifest } = student;
    const texts: Record<string, string> = {
      'config.json': configJson(config),
      'generation_config.json': generationConfigJson(config, manifest.maxLabelTokens),
      'tokenizer.json': student.tokenizer,
      'tokenizer_config.json': tokenizerConfigJson(manifest.maxInputTokens),
      'special_tokens_map.json': specialTokensMapJson(),
      'stepwise.json': `${JSON.stringify(manifest, null, 2)}\n`,
    };
    for (const [name, text] of Object.entries(texts)) {
      await writeSynced(join(unfinished, name), text);
    }
    await writeSafetensors(join(unfinished, MODEL), shaped(config, student.parameters));
    if (training) await writeTraining(unfinished, training, Object.keys(texts));
    else await rm(join(unfinished, 'trainer'), { recursive: true });
    await syncFolder(unfinished);
    await replaceFolder(unfinished, folder);
  } catch (caught) {
    await rm(unfinished, { recursive: true, force: true });
    throw caught;
  }
}

/** A checkpoint to go on from. */
export interface ReadCheckpoint {
  /** With adapters, these too, and the matrices without them. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly optimizer: OptimizerState;
  readonly tokenizer: string;
  readonly state: TrainerState;
}

/** A student that is kept on the way: `step-000500`. */
export const stepFolder = (step: number): string => `step-${String(step).padStart(6, '0')}`;

/** Removes every checkpoint of a run, and what a killed process left of one. */
export async function removeCheckpoints(folder: string): Promise<void> {
  const names = (await exists(folder)) ? await readdir(folder) : [];
  for (const name of names.filter((candidate) => /^(last|best|step-\d+)(\.|$)/.test(candidate))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes what a killed process left half-written of the students that are kept on the way. */
export async function tidyStepFolders(folder: string): Promise<void> {
  const names = (await exists(folder)) ? await readdir(folder) : [];
  const kept = names.flatMap((name) => /^step-\d+/.exec(name)?.[0] ?? []);
  for (const name of new Set(kept)) await recoverCheckpoint(join(folder, name));
}

/**
 * Removes what a killed process left half-written beside a checkpoint, and brings back a folder
 * that was set aside for a successor which never came.
 */
export async function recoverCheckpoint(folder: string): Promise<void> {
  const parent = dirname(folder);
  const leftover = `${basename(folder)}.tmp-`;
  const names = (await exists(parent)) ? await readdir(parent) : [];
  for (const name of names.filter((candidate) => candidate.startsWith(leftover))) {
    await rm(join(parent, name), { recursive: true, force: true });
  }
  await tidyFolder(folder);
}

/**
 * Reads a checkpoint with trainer state; every file is compared with its recorded hash first.
 *
 * @returns null when there is no such folder
 * @throws StudioError `checkpoint-corrupt` when a file is missing or not as it was written
 */
export async function readCheckpoint(folder: string): Promise<ReadCheckpoint | null> {
  await recoverCheckpoint(folder);
  if (!(await exists(folder))) return null;
  const { state, optimizer, files } = await readState(folder);
  const saved = stateRegions.filter((region) => momentsFile(region) in files);
  for (const name of [MODEL, 'tokenizer.json']) {
    if (!(name in files)) throw corrupt(folder, `${name} is not listed in its state`);
  }
  for (const [name, hash] of Object.entries(files)) {
    if (!(await exists(join(folder, name)))) throw corrupt(folder, `${name} is missing`);
    if ((await hashFile(join(folder, name))) !== hash) {
      throw corrupt(folder, `${name} is not as it was written`);
    }
  }
  const regions = new Map<StateRegion, Map<string, FloatTensor>>();
  for (const region of saved) {
    regions.set(region, await readSafetensors(join(folder, momentsFile(region))));
  }
  const unmerged = UNMERGED in files ? await readSafetensors(join(folder, UNMERGED)) : [];
  return {
    parameters: unshaped(new Map([...(await readSafetensors(join(folder, MODEL))), ...unmerged])),
    optimizer: { kind: optimizer, regions },
    tokenizer: (await readIfPresent(folder, 'tokenizer.json')) ?? '',
    state,
  };
}

async function writeTraining(
  folder: string,
  training: TrainingContent,
  others: readonly string[],
): Promise<void> {
  const { state, optimizer, unmerged } = training;
  const files: Record<string, string> = {};
  for (const name of [...others, MODEL]) files[name] = await hashFile(join(folder, name));
  const tensorFiles = new Map<string, ReadonlyMap<string, FloatTensor>>(
    [...optimizer.regions].map(([region, tensors]) => [momentsFile(region), tensors]),
  );
  if (unmerged) tensorFiles.set(UNMERGED, unmerged);
  for (const [name, tensors] of tensorFiles) {
    await writeSafetensors(join(folder, name), tensors);
    files[name] = await hashFile(join(folder, name));
  }
  const content = { state, optimizer: optimizer.kind, files } satisfies z.input<typeof StateFile>;
  await writeSynced(join(folder, STATE), `${JSON.stringify(content, null, 2)}\n`);
  await syncFolder(join(folder, 'trainer'));
}

async function readState(folder: string): Promise<z.infer<typeof StateFile>> {
  const text = await readIfPresent(folder, STATE);
  if (text === null) throw corrupt(folder, `${STATE} is missing`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw corrupt(folder, `${STATE} is not JSON`);
  }
  const parsed = StateFile.safeParse(value);
  if (!parsed.success) throw corrupt(folder, `${STATE} lacks what training needs`);
  return parsed.data;
}

function shaped(
  config: T5Config,
  tensors: ReadonlyMap<string, Float32Array>,
): Map<string, FloatTensor> {
  return new Map(
    parameterSpecs(config).map(({ name, shape }): [string, FloatTensor] => {
      const values = tensors.get(name);
      if (!values) throw new RangeError(`no tensor ${name}`);
      return [name, { shape, values }];
    }),
  );
}

function unshaped(tensors: ReadonlyMap<string, FloatTensor>): Map<string, Float32Array> {
  return new Map([...tensors].map(([name, { values }]) => [name, values]));
}

function corrupt(folder: string, problem: string): StudioError {
  return new StudioError(
    'checkpoint-corrupt',
    `The checkpoint “${basename(folder)}” cannot be used: ${problem}.`,
    'Train a new run with the same settings; the best checkpoint of this one, if there is one, can still be evaluated and exported.',
  );
}
