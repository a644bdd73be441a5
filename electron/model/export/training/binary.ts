import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Bytes that are put together before they are written. */
const CHUNK = 1 << 20;

/** A file of numbers, little-endian and one after another, which never lies in memory as a whole. */
export class NumberFile {
  readonly #handle: FileHandle;
  readonly #bytesPerNumber: 2 | 4 | 8;
  readonly #wrote: (bytes: number) => void;
  readonly #chunk = Buffer.alloc(CHUNK);
  #filled = 0;

  private constructor(
    handle: FileHandle,
    bytesPerNumber: 2 | 4 | 8,
    wrote: (bytes: number) => void,
  ) {
    this.#handle = handle;
    this.#bytesPerNumber = bytesPerNumber;
    this.#wrote = wrote;
  }

  /** @param wrote told how many bytes have gone into the file, as they go */
  static async create(
    path: string,
    bytesPerNumber: 2 | 4 | 8,
    wrote: (bytes: number) => void,
  ): Promise<NumberFile> {
    return new NumberFile(await open(path, 'w'), bytesPerNumber, wrote);
  }

  /** Appends whole numbers that are not negative. */
  async append(numbers: ArrayLike<number>): Promise<void> {
    for (let at = 0; at < numbers.length; at++) {
      if (this.#filled === CHUNK) await this.#flush();
      this.#put(numbers[at] ?? 0);
    }
  }

  /** Writes what is left, and waits until the file is on the disk. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
  }

  /** Lets go of a file that is not finished. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }

  #put(value: number): void {
    if (this.#bytesPerNumber === 2) this.#chunk.writeUInt16LE(value, this.#filled);
    else if (this.#bytesPerNumber === 4) this.#chunk.writeUInt32LE(value, this.#filled);
    else this.#chunk.writeBigUInt64LE(BigInt(value), this.#filled);
    this.#filled += this.#bytesPerNumber;
  }

  async #flush(): Promise<void> {
    if (this.#filled === 0) return;
    await this.#handle.writeFile(this.#chunk.subarray(0, this.#filled));
    this.#wrote(this.#filled);
    this.#filled = 0;
  }
}

/** Uses files and finishes them all; when that fails, none is left open. */
export async function withFiles<Name extends string>(
  files: Readonly<Record<Name, NumberFile>>,
  use: (files: Readonly<Record<Name, NumberFile>>) => Promise<void>,
): Promise<void> {
  const all = Object.values<NumberFile>(files);
  try {
    await use(files);
  } catch (caught) {
    await Promise.allSettled(all.map((file) => file.abandon()));
    throw caught;
  }
  for (const file of all) await file.finish();
}
