import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StudentManifest } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { trainedOnFile } from '../../core/trained-on.ts';
import type { TrainedOn } from '../../core/trained-on.ts';
import { exists, syncFile, syncFolder, writeSynced } from '../../model/files.ts';
import { hashStudent } from '../../model/folder-hash.ts';
import { weightFiles } from '../../model/shards.ts';

/** Beside weights, what a T5 folder may hold that is read by us or by those who open it later. */
const besideWeights = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'spiece.model',
];

/** The files of a folder that make up its student, weights last. */
export async function filesOf(folder: string): Promise<string[]> {
  const names = [...besideWeights, ...((await weightFiles(folder)) ?? [])];
  const found = await Promise.all(names.map((name) => exists(join(folder, name))));
  return names.filter((_name, index) => found[index]);
}

/**
 * Copies a folder's student, with what it is to say of itself, and waits until it is on the disk.
 * Numbers stay as they lie in the files: half as long, where they are.
 *
 * @param sha256 what configuration, weights and tokenizer came to when they were looked at
 * @throws StudioError model-invalid when they are no longer so
 */
export async function copyStudent(
  from: string,
  to: string,
  {
    sha256,
    manifest,
    trainedOn,
    signal,
    onFile,
  }: {
    readonly sha256: string;
    readonly manifest: StudentManifest;
    /** Kept for exports of it; null where the folder does not say. */
    readonly trainedOn: TrainedOn | null;
    readonly signal: AbortSignal;
    /** Files copied so far, and in all. */
    readonly onFile: (done: number, total: number) => void;
  },
): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const names = await filesOf(from);
  for (const [index, name] of names.entries()) {
    onFile(index, names.length);
    if (signal.aborted) return;
    const target = join(to, name);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, name), target);
    await syncFile(target);
  }
  if ((await hashStudent(to)) !== sha256) {
    throw new StudioError(
      'model-invalid',
      'A file of the folder changed while it was copied.',
      'Wait until nothing writes into the folder, then import it again.',
    );
  }
  await writeSynced(join(to, 'stepwise.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  if (trainedOn !== null) {
    await writeSynced(join(to, trainedOnFile), `${JSON.stringify(trainedOn)}\n`);
  }
  await syncFolder(to);
}
