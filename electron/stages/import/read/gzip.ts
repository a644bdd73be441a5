import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import { CHUNK_BYTES } from './limits.ts';

/** Text shrinks to a twentieth, tables of one repeated row to a hundredth. */
const MOST_INFLATION = 250;
/** Bytes up to which any inflation is harmless. */
const HARMLESS = 1 << 26;

/** Whether an archive grows as no table does: it is made to fill memory or disk. */
export const inflatesAbsurdly = (packed: number, unpacked: number): boolean =>
  unpacked > HARMLESS && unpacked > packed * MOST_INFLATION;

export function absurd(fileName: string): StudioError {
  return fault(
    'file-too-large',
    fileName,
    null,
    `This archive unpacks to more than ${MOST_INFLATION} times its size, as no table of data does.`,
    'Unpack it yourself if you trust it, and choose the file that was in it.',
  );
}

/**
 * Unpacks gzip, of one member or of several put together.
 *
 * @throws StudioError file-syntax where the archive is damaged or cut off, file-too-large where it
 *   inflates absurdly
 */
export async function* gunzip(
  packed: AsyncIterable<Buffer>,
  fileName: string,
): AsyncGenerator<Buffer> {
  let taken = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of packed) {
      taken += chunk.length;
      yield chunk;
    }
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  // What goes wrong is thrown where the chunks are read.
  pipeline(Readable.from(counted()), unpacked, () => undefined);
  let given = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      given += chunk.length;
      if (inflatesAbsurdly(taken, given)) throw absurd(fileName);
      yield chunk;
    }
  } catch (caught) {
    throw caught instanceof StudioError ? caught : damaged(caught, fileName);
  }
}

function damaged(caught: unknown, fileName: string): StudioError {
  const cut = caught instanceof Error && caught.message.includes('unexpected end');
  const sentence = cut
    ? 'The gzip archive is cut off before its end.'
    : 'The gzip archive is damaged.';
  const hint = 'Download or copy the file again, or pack it again from the original.';
  const { code, message } = fault('file-syntax', fileName, null, sentence, hint);
  return new StudioError(code, message, hint, { cause: caught });
}
