import { access, constants, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { ExportFormat, ExportRecord, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { exists, syncFile, syncFolder } from '../../model/files.ts';
import { readCertificate } from '../../model/export/certificate.ts';
import type { ExportCertificate } from '../../contract/export.ts';

/** Between a folder's name and the process that is writing it. */
const unfinished = '.part-';

/** The folder of a format: the plain name is that of the Hugging Face folder. */
export const folderName = (name: string, format: ExportFormat): string =>
  format === 'huggingface' ? name : `${name}-${format}`;

/** What tells an export of one student from any other. */
export interface ExportedStudent {
  readonly run: Pick<Run, 'id' | 'settingsHash'>;
  readonly format: ExportFormat;
  readonly step: number;
}

/**
 * The certificate of a folder that is whole under its name, and this very student's: what a process
 * leaves that was killed after {@link publish} and before the export was written down.
 */
export async function certificateOf(
  folder: string,
  { run, format, step }: ExportedStudent,
): Promise<ExportCertificate | null> {
  const found = await readCertificate(folder).catch(() => null);
  return found?.exported === format && found.student.runId === run.id && found.student.step === step
    ? found
    : null;
}

/**
 * Where a format goes that was given no name: the first place that is free, or was left by this very
 * student's export.
 * @param taken what the store knows of
 */
export async function freePlace(
  base: string,
  student: ExportedStudent,
  taken: ReadonlySet<ExportRecord['folder']>,
): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = folderName(n === 1 ? base : `${base}-${n}`, student.format);
    if (taken.has(folder)) continue;
    if (!(await exists(folder)) || (await certificateOf(folder, student)) !== null) return folder;
  }
}

/**
 * Makes the folder beside its final place in which an export is put together; nothing that looks
 * finished exists before {@link publish}. What killed processes left half-written there is removed.
 * @throws StudioError invalid-input when the name is taken, workspace-unusable when nothing can be
 *   written there
 */
export async function stage(target: string): Promise<string> {
  await refuseTaken(target);
  const parent = dirname(target);
  await requireWritable(parent);
  await sweepUnfinished(target);
  const temporary = `${target}${unfinished}${process.pid}`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  return temporary;
}

/** Renames a staged export into place. @throws StudioError invalid-input when the name was taken meanwhile */
export async function publish(temporary: string, target: string): Promise<void> {
  await syncTree(temporary);
  await refuseTaken(target);
  await rename(temporary, target);
  await syncFolder(dirname(target));
}

/**
 * Refuses a place among the folders of runs: what lies there is read as checkpoints, replaced while a
 * run trains, and removed with it. Links are followed as far as the folders exist.
 * @throws StudioError invalid-input
 */
export async function refuseAmongRuns(folder: string, runs: string): Promise<void> {
  const [place, home] = await Promise.all([realPlace(folder), realPlace(runs)]);
  const below = relative(home, place);
  if (below.startsWith('..') || isAbsolute(below)) return;
  throw new StudioError(
    'invalid-input',
    `${folder} lies among the folders that hold this workspace’s runs.`,
    'Choose a folder elsewhere: exports there would be lost with the run.',
  );
}

/** Where a folder is or would be, with links followed. */
async function realPlace(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : join(await realPlace(parent), basename(folder));
  }
}

/** @throws StudioError workspace-unusable, naming the folder */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new StudioError(
      'workspace-unusable',
      `Nothing can be written to ${folder}.`,
      'Choose a folder that is there and that you may write to.',
      { cause },
    );
  }
}

/** @throws StudioError invalid-input */
export async function refuseTaken(target: string): Promise<void> {
  const taken = await stat(target).catch(() => null);
  if (!taken) return;
  throw new StudioError(
    'invalid-input',
    `There is already something at ${target}.`,
    'Choose another name for the export, or move the old folder away.',
  );
}

/** Removes what killed processes left half-written beside the target. */
async function sweepUnfinished(target: string): Promise<void> {
  const parent = dirname(target);
  for (const name of await readdir(parent)) {
    const [before, pid] = name.split(`${basename(target)}${unfinished}`);
    if (before !== '' || pid === undefined || !/^\d+$/.test(pid) || isAlive(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (caught) {
    // Not allowed to signal it: it is there, and another account's.
    return caught instanceof Error && 'code' in caught && caught.code === 'EPERM';
  }
}

/** Makes every file and folder of a tree durable, whoever wrote it. */
async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncFile(path);
  }
  await syncFolder(folder);
}
