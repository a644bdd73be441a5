import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Writes a whole file and waits until it is on the disk. */
export async function writeSynced(path: string, data: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until a file that is written already is on the disk. */
export async function syncFile(path: string): Promise<void> {
  // Opened for writing, though nothing is written: Windows flushes no other handle.
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder's entries durable. Windows cannot open folders and needs no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts a finished folder in another's place. Folders cannot be exchanged in one step everywhere, so
 * the old one is first set aside under a known name: {@link restoreFolder} brings it back when the
 * process ended between the two renames.
 */
export async function replaceFolder(finished: string, target: string): Promise<void> {
  const aside = asideName(target);
  await rm(aside, { recursive: true, force: true });
  if (await exists(target)) await rename(target, aside);
  await rename(finished, target);
  await syncFolder(dirname(target));
  await rm(aside, { recursive: true, force: true });
}

/** Undoes a replacement that was cut short. Call before reading a folder written this way. */
export async function restoreFolder(target: string): Promise<void> {
  if (await exists(target)) return;
  const aside = asideName(target);
  if (await exists(aside)) await rename(aside, target);
}

/** Also removes the predecessor that a process killed right after a replacement left behind. */
export async function tidyFolder(target: string): Promise<void> {
  await restoreFolder(target);
  await rm(asideName(target), { recursive: true, force: true });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** SHA-256 of a file's content, hexadecimal, without holding the file in memory. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Text of a file in a folder; null when it is not there. */
export async function readIfPresent(folder: string, name: string): Promise<string | null> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (caught) {
    const code = caught instanceof Error && 'code' in caught ? caught.code : null;
    // A file where the folder should be holds no files either.
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw caught;
  }
}

function asideName(target: string): string {
  return `${target}.replaced`;
}
