import { copyFile, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ExportRecord } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { StudentManifest } from '../../contract/export.ts';
import type { ManifestCascade } from '../../contract/export.ts';
import { exists, hashFile, syncFile, syncFolder, writeSynced } from '../../model/files.ts';

/** What the folder says about itself. */
const manifestFile = 'stepwise.json';

/** Files of a checkpoint that make up a Hugging Face T5 folder; trainer state stays behind. */
const studentFiles = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
  manifestFile,
] as const;

/** Between a folder's name and the process that is writing it. */
const unfinished = '.part-';
const readme = 'README.md';

/**
 * Writes an export beside its final place: nothing that looks finished exists before
 * {@link publish} renames it. Every file is the checkpoint's own, byte for byte, but for the
 * manifest of a student with a cascade.
 * @returns the temporary folder
 */
export async function stage(
  checkpoint: string,
  target: string,
  card: string,
  cascade: ManifestCascade | null = null,
): Promise<string> {
  await refuseTaken(target);
  await sweepUnfinished(target);
  const temporary = `${target}${unfinished}${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  try {
    await mkdir(temporary, { recursive: true });
    for (const name of studentFiles) {
      await copyFile(join(checkpoint, name), join(temporary, name));
      await syncFile(join(temporary, name));
    }
    if (cascade !== null) {
      await writeSynced(join(temporary, manifestFile), await manifestWith(checkpoint, cascade));
    }
    await writeSynced(join(temporary, readme), card);
    await syncFolder(temporary);
    return temporary;
  } catch (caught) {
    await rm(temporary, { recursive: true, force: true });
    throw caught;
  }
}

/** The checkpoint's manifest with a cascade, as it stands in the exported file. */
async function manifestWith(checkpoint: string, cascade: ManifestCascade): Promise<string> {
  const text = await readFile(join(checkpoint, manifestFile), 'utf8');
  const manifest = StudentManifest.parse(JSON.parse(text));
  return `${JSON.stringify({ ...manifest, cascade }, null, 2)}\n`;
}

/**
 * Whether the folder is this checkpoint's export, whole: what a process leaves that was killed
 * after {@link publish} and before the export was written down.
 */
export async function isExportOf(
  checkpoint: string,
  folder: string,
  cascade: ManifestCascade | null = null,
): Promise<boolean> {
  if (!(await exists(join(folder, readme)))) return false;
  for (const name of studentFiles) {
    const [from, to] = [join(checkpoint, name), join(folder, name)];
    if (!(await exists(from)) || !(await exists(to))) return false;
    if (name === manifestFile && cascade !== null) {
      if ((await readFile(to, 'utf8')) !== (await manifestWith(checkpoint, cascade))) return false;
      continue;
    }
    if ((await hashFile(from)) !== (await hashFile(to))) return false;
  }
  return true;
}

/** Removes what killed processes left half-written beside the target. */
async function sweepUnfinished(target: string): Promise<void> {
  const parent = dirname(target);
  const names = (await exists(parent)) ? await readdir(parent) : [];
  for (const name of names) {
    const [before, pid] = name.split(`${basename(target)}${unfinished}`);
    if (before !== '' || pid === undefined || !/^\d+$/.test(pid) || isAlive(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (caught) {
    // Not allowed to signal it: it is there, and another account's.
    return caught instanceof Error && 'code' in caught && caught.code === 'EPERM';
  }
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
