import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../contract/errors.ts';

/** Bytes: a file goes to the disk as it comes, and is never held whole. */
export const largestUpload = 16 * 1024 ** 3;
/** Files in one uploaded folder: each is a request of its own. */
const mostFiles = 100_000;
/** Folders in one another. */
const deepest = 16;
/** Bytes of a name that every file system takes, with room for what it may add. */
const longestName = 240;

/** A file that was taken in. */
export interface Received {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Streams a request's body into a new file of the folder. The file's name on disk is made here,
 * never taken from the request; a body that ends early or is too long leaves nothing behind.
 *
 * @throws StudioError file-too-large; the stream's own error when the client goes away
 */
export async function receiveFile(
  request: IncomingMessage,
  folder: string,
  limit: number = largestUpload,
): Promise<Received> {
  return receive(request, join(folder, randomUUID()), limit);
}

async function receive(request: IncomingMessage, path: string, limit: number): Promise<Received> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > limit ? tooLarge(limit) : null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let made = false;
  file.once('open', () => (made = true));
  try {
    // The request itself stays open on failure, so that the refusal can still be answered.
    await pipeline(request.iterator({ destroyOnReturn: false }), meter, file);
  } catch (error) {
    // What was there before under that name is another upload's.
    if (made) await rm(path, { force: true });
    throw error;
  }
  return { path, bytes };
}

/** A folder that is uploaded file by file. */
interface FolderUpload {
  readonly path: string;
  bytes: number;
  files: number;
}

/**
 * Folders that a page uploads, one request for each file. The page names a folder by a key that it
 * made up; where it lies on the disk is decided here, and files stay inside.
 */
export class FolderUploads {
  readonly #incoming: string;
  readonly #limit: number;
  readonly #folders = new Map<string, FolderUpload>();

  /** @param limit bytes that all files of a folder may have */
  constructor(incoming: string, limit: number = largestUpload) {
    this.#incoming = incoming;
    this.#limit = limit;
  }

  /**
   * Takes in one file of a folder.
   *
   * @param key the same for all files of the folder
   * @param place the file's path below the folder, with `/` between names
   * @returns the folder's own path, and the bytes of this file
   * @throws StudioError invalid-input, file-too-large
   */
  async receive(request: IncomingMessage, key: string, place: string): Promise<Received> {
    if (!/^[\w-]{1,64}$/.test(key)) throw badPlace();
    const names = safeNames(place);
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      folder = { path: join(this.#incoming, randomUUID()), bytes: 0, files: 0 };
      this.#folders.set(key, folder);
    }
    if (folder.files >= mostFiles) throw tooMany();
    folder.files += 1;
    const left = this.#limit - folder.bytes;
    const { bytes } = await receive(request, join(folder.path, ...names), left);
    folder.bytes += bytes;
    return { path: folder.path, bytes };
  }
}

/** Names without anything that would lead out of the folder or that a file system refuses. */
function safeNames(place: string): string[] {
  const names = place.split(/[/\\]/).map((name) =>
    clipped(
      name
        .replace(/\p{Cc}/gu, '')
        .replace(/[<>:"|?*]/g, '_')
        .trim(),
    ),
  );
  if (names.length > deepest || names.some((name) => /^\.*$/.test(name))) throw badPlace();
  return names;
}

/** A name that is too long keeps its extension. */
function clipped(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name;
  const extension = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? '';
  let stem = name.slice(0, longestName);
  while (Buffer.byteLength(stem + extension) > longestName) stem = stem.slice(0, -1);
  return stem.toWellFormed() + extension;
}

/** The name shown for an upload: its last path part, without control characters, of a sane length. */
export function shownName(raw: string): string {
  const last = raw.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 200);
  return clean === '' || clean === '.' || clean === '..' ? 'upload' : clean;
}

function tooLarge(limit: number): StudioError {
  return new StudioError(
    'file-too-large',
    `This file is larger than ${Math.floor(limit / 1024 ** 2)} MB.`,
    'Divide it into smaller files and import them one after another.',
  );
}

function badPlace(): StudioError {
  return new StudioError(
    'invalid-input',
    'This file has no place in a folder that could be kept.',
    'Choose the folder again, or pack it into a zip archive and choose that.',
  );
}

function tooMany(): StudioError {
  return new StudioError(
    'file-too-large',
    `This folder has more than ${mostFiles.toLocaleString('en')} files.`,
    'Pack it into a zip archive, or write its texts into one file.',
  );
}
