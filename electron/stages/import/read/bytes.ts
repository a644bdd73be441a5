import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { StudioError } from '../../../contract/errors.ts';
import { CHUNK_BYTES } from './limits.ts';
import type { SourceFile } from './types.ts';

/** The bytes of a file: from the beginning as a stream, or by ranges, with their hash. */
export class FileBytes {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  private readonly handle: FileHandle;
  private readonly hash = createHash('sha256');
  /** How far the stream, and with it the hash, has come. */
  private position = 0;
  private digest: string | null = null;
  private closed = false;

  private constructor(file: SourceFile, handle: FileHandle, size: number) {
    this.name = file.name;
    this.path = file.path;
    this.handle = handle;
    this.size = size;
  }

  /** @throws StudioError file-unreadable */
  static async open(file: SourceFile): Promise<FileBytes> {
    try {
      const handle = await open(file.path, 'r');
      const { size } = await handle.stat();
      return new FileBytes(file, handle, size);
    } catch (caught) {
      throw unreadable(caught, file.name);
    }
  }

  /** Bytes that the stream has read. */
  get streamed(): number {
    return this.position;
  }

  /** The file descriptor, for libraries that read by ranges themselves. */
  get descriptor(): number {
    return this.handle.fd;
  }

  /**
   * A range; shorter where the file ends.
   *
   * @throws StudioError file-unreadable
   */
  async read(start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, this.size - start)));
    try {
      let filled = 0;
      while (filled < buffer.length) {
        const left = buffer.length - filled;
        const { bytesRead } = await this.handle.read(buffer, filled, left, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    } catch (caught) {
      throw unreadable(caught, this.name);
    }
  }

  /** The bytes in order; to be asked for once. @throws StudioError file-unreadable */
  async *stream(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = await this.next();
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  /** SHA-256 of all bytes, hexadecimal; reads what the stream has not. */
  async sha256(): Promise<string> {
    while (this.digest === null) {
      const chunk = await this.next();
      if (chunk.length === 0) this.digest = this.hash.digest('hex');
    }
    return this.digest;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handle.close();
  }

  private async next(): Promise<Buffer> {
    const chunk = await this.read(this.position, CHUNK_BYTES);
    this.position += chunk.length;
    if (this.digest === null) this.hash.update(chunk);
    return chunk;
  }
}

/** Why a file or folder can't be read, in words. */
export function unreadable(caught: unknown, name: string): StudioError {
  const code =
    typeof caught === 'object' && caught !== null && 'code' in caught ? caught.code : null;
  const sentence =
    code === 'ENOENT'
      ? 'The file is not there any more.'
      : code === 'EACCES' || code === 'EPERM'
        ? 'This account may not read the file.'
        : 'The file could not be read.';
  return new StudioError(
    'file-unreadable',
    `${name}: ${sentence}`,
    'Check that the file is still in its place and can be opened, then choose it again.',
    { cause: caught },
  );
}

/** A stream whose first bytes have been looked at. */
export interface Peeked {
  /** The first bytes: as many as were asked for, or all where the stream is shorter. */
  readonly head: Buffer;
  /** Whether the head is all there is. */
  readonly whole: boolean;
  /** Everything from the beginning; once only. */
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Looks at the first bytes of a stream without losing them. */
export async function peek(source: AsyncGenerator<Buffer>, bytes: number): Promise<Peeked> {
  const first: Buffer[] = [];
  let length = 0;
  let whole = false;
  while (length < bytes) {
    const { value, done } = await source.next();
    if (done === true) {
      whole = true;
      break;
    }
    first.push(value);
    length += value.length;
  }
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      yield* first;
      if (!whole) yield* source;
    } finally {
      await source.return(undefined);
    }
  }
  return { head: Buffer.concat(first).subarray(0, bytes), whole, chunks: chunks() };
}
