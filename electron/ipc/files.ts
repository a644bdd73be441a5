import { randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { FileHandle } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';

export interface KnownFile extends FileHandle {
  /** Of a file, or of a folder with text files. */
  readonly path: string;
  /** Whether it is text that was pasted. */
  readonly pasted: boolean;
}

/** Entries of a folder that are counted for its size: it is shown, and nothing depends on it. */
const entriesCounted = 20_000;

/**
 * The files and folders a person chose, uploaded or pasted. Others hold a handle; the path stays here, so no caller can
 * name a file that was not chosen.
 */
export class FileRegistry {
  readonly #incoming: string;
  readonly #files = new Map<string, KnownFile>();

  /** @param incoming folder of uploaded files, which belong to the studio and are removed after use */
  constructor(incoming: string) {
    this.#incoming = resolve(incoming);
  }

  /**
   * @param name shown to the person; the file's own name where an upload gave it another on disk
   * @throws StudioError file-unreadable
   */
  register(
    path: string,
    name: string = basename(path),
    { pasted = false }: { pasted?: boolean } = {},
  ): FileHandle {
    const absolute = resolve(path);
    const handle = { fileId: randomUUID(), name, bytes: sizeOf(absolute, name) };
    this.#files.set(handle.fileId, { ...handle, path: absolute, pasted });
    return handle;
  }

  /** Something was added to a folder that is being uploaded. @throws StudioError not-found */
  grow(fileId: string, bytes: number): FileHandle {
    const file = this.resolve(fileId);
    this.#files.set(fileId, { ...file, bytes: file.bytes + bytes });
    return { fileId, name: file.name, bytes: file.bytes + bytes };
  }

  /** @throws StudioError not-found */
  resolve(fileId: string): KnownFile {
    const file = this.#files.get(fileId);
    if (file) return file;
    throw new StudioError('not-found', 'This file is no longer at hand.', 'Choose the file again.');
  }

  /** Forgets a path's handles after its import; an uploaded copy is deleted, a person's own file never. */
  async release(path: string): Promise<void> {
    const absolute = resolve(path);
    for (const [fileId, file] of this.#files) {
      if (file.path === absolute) this.#files.delete(fileId);
    }
    if (this.isUpload(absolute)) await rm(absolute, { recursive: true, force: true });
  }

  isUpload(path: string): boolean {
    const inside = relative(this.#incoming, resolve(path));
    return inside !== '' && !isAbsolute(inside) && inside.split(sep)[0] !== '..';
  }
}

function sizeOf(path: string, name: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
    if (stat.isDirectory()) return sizeOfFolder(path);
  } catch (cause) {
    throw unreadable(name, { cause });
  }
  throw unreadable(name);
}

function sizeOfFolder(folder: string): number {
  let bytes = 0;
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.slice(0, entriesCounted)) {
    if (!entry.isFile()) continue;
    bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function unreadable(name: string, options?: { cause: unknown }): StudioError {
  return new StudioError(
    'file-unreadable',
    `“${name}” can't be read.`,
    'Check that it is a file or a folder, that it is still there, and that you may open it.',
    options,
  );
}
