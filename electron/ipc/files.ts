import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import type { FileHandle } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';

export interface KnownFile extends FileHandle {
  readonly path: string;
}

/**
 * The files a person chose or uploaded. Others hold a handle; the path stays here, so no caller can
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
  register(path: string, name: string = basename(path)): FileHandle {
    const absolute = resolve(path);
    const handle = { fileId: randomUUID(), name, bytes: sizeOf(absolute, name) };
    this.#files.set(handle.fileId, { ...handle, path: absolute });
    return handle;
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
    if (this.isUpload(absolute)) await rm(absolute, { force: true });
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
  } catch (cause) {
    throw unreadable(name, { cause });
  }
  throw unreadable(name);
}

function unreadable(name: string, options?: { cause: unknown }): StudioError {
  return new StudioError(
    'file-unreadable',
    `“${name}” can't be read.`,
    'Check that it is a file, that it is still there, and that you may open it.',
    options,
  );
}
