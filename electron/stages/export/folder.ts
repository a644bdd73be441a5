import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExportRecord } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { hashFile, syncFile, syncFolder, writeSynced } from '../../model/files.ts';

/** Files of a checkpoint that make up a Hugging Face T5 folder; trainer state stays behind. */
const studentFiles = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
  'stepwise.json',
] as const;

/**
 * Writes an export beside its final place: nothing that looks finished exists before
 * {@link publish} renames it.
 * @returns the temporary folder
 */
export async function stage(checkpoint: string, target: string, card: string): Promise<string> {
  await refuseTaken(target);
  const temporary = `${target}.part-${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  for (const name of studentFiles) {
    await copyFile(join(checkpoint, name), join(temporary, name));
    await syncFile(join(temporary, name));
  }
  await writeSynced(join(temporary, 'README.md'), card);
  await syncFolder(temporary);
  return temporary;
}

/** Renames a staged export into place. @throws StudioError invalid-input when the name was taken meanwhile */
export async function publish(temporary: string, target: string): Promise<void> {
  await refuseTaken(target);
  await rename(temporary, target);
  await syncFolder(dirname(target));
}

/** Name, size in bytes and SHA-256 of every file of a folder, by name. */
export async function listFiles(folder: string): Promise<ExportRecord['files']> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, bytes: (await stat(path)).size, sha256: await hashFile(path) };
    }),
  );
}

async function refuseTaken(target: string): Promise<void> {
  const taken = await stat(target).catch(() => null);
  if (!taken) return;
  throw new StudioError(
    'invalid-input',
    `There is already something at ${target}.`,
    'Choose another name for the export, or move the old folder away.',
  );
}
