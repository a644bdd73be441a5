import { join } from 'node:path';
import type { StudentChoice } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { TrainTask } from '../contract/worker.ts';
import { seedFrom } from '../core/hash.ts';
import { textsOf } from './batches.ts';
import type { ReadCheckpoint } from './checkpoint.ts';
import { readConfigOf, openModelFolder } from './folder.ts';
import { hashStudent } from './folder-hash.ts';
import { initialParameters, presetConfig } from './presets.ts';
import type { T5Config } from './t5/config.ts';
import type { InitialParameters } from './t5/training.ts';
import { Tokenizer, trainTokenizer } from './tokenizer.ts';

/** A student before its first step, or where its checkpoint stood. */
export interface StartingPoint {
  readonly config: T5Config;
  readonly initial: InitialParameters;
  readonly tokenizerJson: string;
  readonly tokenizer: Tokenizer;
}

/**
 * Where a run's student comes from: its checkpoint, a pretrained folder with its weights and its
 * tokenizer as they are, or nothing: then a tokenizer is learned and weights are drawn.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid` when the pretrained folder cannot be
 *   used, or is not as it was when the run was set up
 */
export async function startingPoint(
  task: TrainTask,
  checkpoint: ReadCheckpoint | null,
): Promise<StartingPoint> {
  const { settings } = task;
  const { preset } = settings;
  if (preset === 'folder') {
    return checkpoint
      ? { ...(await asSaved(task.folder, checkpoint)), initial: checkpoint.parameters }
      : pretrained(task.studentFolder, settings.student);
  }
  const tokenizerJson =
    checkpoint?.tokenizer ??
    (await trainTokenizer(task.tokenizerTexts ?? textsOf(task.train, settings), settings));
  const tokenizer = Tokenizer.fromJson(tokenizerJson);
  const config = presetConfig(preset, tokenizer.vocabularySize);
  const seed = seedFrom(`parameters ${settings.seed}`);
  const initial = checkpoint?.parameters ?? initialParameters(config, seed);
  return { config, initial, tokenizerJson, tokenizer };
}

/** The student of a checkpoint, which says its shape itself; the folder it came from may be gone. */
async function asSaved(
  folder: string,
  checkpoint: ReadCheckpoint,
): Promise<Omit<StartingPoint, 'initial'>> {
  const { config } = await readConfigOf(join(folder, 'last'));
  const tokenizerJson = checkpoint.tokenizer;
  return { config, tokenizerJson, tokenizer: Tokenizer.fromJson(tokenizerJson) };
}

async function pretrained(
  folder: string | null,
  student: StudentChoice | null,
): Promise<StartingPoint> {
  if (folder === null || student === null) {
    throw new StudioError(
      'invalid-input',
      'This run is to start from a pretrained student, but names none.',
      'Choose one of the list, or a student that is trained from scratch.',
    );
  }
  if ((await hashStudent(folder)) !== student.sha256) {
    throw new StudioError(
      'model-invalid',
      `The folder of the pretrained student “${student.name}” is not as it was when this run was set up: a file has changed or is missing.`,
      'Put the files back as they were, or add the folder to the list again and start a new run with it.',
    );
  }
  const { config, parameters, tokenizer, tokenizerJson } = await openModelFolder(folder);
  return { config, initial: parameters, tokenizerJson, tokenizer };
}
