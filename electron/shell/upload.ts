import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../contract/errors.ts';

export const largestUpload = 2 * 1024 ** 3;

/**
 * Streams a request's body into a new file of the folder. The file's name on disk is made here,
 * never taken from the request; a body that ends early or is too long leaves nothing behind.
 *
 * @returns the file's path
 * @throws StudioError file-too-large; the stream's own error when the client goes away
 */
export async function receiveFile(
  request: IncomingMessage,
  folder: string,
  limit: number = largestUpload,
): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > limit ? tooLarge(limit) : null, chunk);
    },
  });
  try {
    // The request itself stays open on failure, so that the refusal can still be answered.
    await pipeline(request.iterator({ destroyOnReturn: false }), meter, createWriteStream(path));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return path;
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
