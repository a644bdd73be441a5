import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { StudioError } from '../../../contract/errors.ts';
import { fault } from '../faults.ts';
import type { FileBytes } from './bytes.ts';
import { absurd, inflatesAbsurdly } from './gzip.ts';
import { decodeKorean } from './korean.ts';
import { counted, MAX_UNPACKED, megabytes } from './limits.ts';

/** Files in an archive that are looked through. */
const MAX_ENTRIES = 20_000;

/** A file in an archive. Its name is shown and compared, and never used as a path. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes unpacked, as the archive says. */
  readonly bytes: number;
  readonly raw: Entry;
}

/** A zip archive: a file on disk, or one that was inside another archive. */
export class ZipArchive {
  /** Files, without folders, in the order of the archive. */
  readonly entries: readonly ZipEntry[];
  private readonly name: string;
  private readonly zip: ZipFile;

  private constructor(name: string, zip: ZipFile, entries: readonly ZipEntry[]) {
    this.name = name;
    this.zip = zip;
    this.entries = entries;
  }

  /** @throws StudioError file-syntax for a damaged archive, file-too-large for one of too many files */
  static async open(source: FileBytes | Buffer, name: string): Promise<ZipArchive> {
    const { default: yauzl } = await import('yauzl');
    // Names are decoded here: they are shown only, and archives from Korean Windows need CP949.
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
    try {
      const zip = Buffer.isBuffer(source)
        ? await yauzl.fromBufferPromise(source, options)
        : await yauzl.fromFdPromise(source.descriptor, options);
      const entries: ZipEntry[] = [];
      for await (const entry of zip.eachEntry()) {
        const entryName = decodeName(entry.fileNameRaw);
        if (entryName.endsWith('/') || entryName.endsWith('\\')) continue;
        if (entries.length === MAX_ENTRIES) throw tooMany(name);
        entries.push({ name: entryName, bytes: entry.uncompressedSize, raw: entry });
      }
      return new ZipArchive(name, zip, entries);
    } catch (caught) {
      throw damaged(caught, name);
    }
  }

  /** The file with that very name; null where there is none. */
  find(name: string): ZipEntry | null {
    return this.entries.find((entry) => entry.name === name) ?? null;
  }

  /**
   * A file's bytes in order, checked against the archive's checksum at the end.
   *
   * @throws StudioError file-unreadable for an encrypted file, file-too-large where it inflates
   *   absurdly, file-syntax where it is damaged
   */
  async *stream({ name, raw }: ZipEntry): AsyncGenerator<Buffer> {
    if (raw.isEncrypted()) throw encrypted(this.name, name);
    if (inflatesAbsurdly(raw.compressedSize, raw.uncompressedSize)) throw absurd(this.name);
    let sum = 0;
    try {
      for await (const chunk of await this.zip.openReadStreamPromise(raw)) {
        if (!Buffer.isBuffer(chunk)) continue;
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (sum !== raw.crc32) throw new Error('wrong checksum');
    } catch (caught) {
      throw damaged(caught, this.name);
    }
  }

  /** A whole file, for what can't be read in order. @throws StudioError as {@link stream} */
  async read(entry: ZipEntry, limit = MAX_UNPACKED): Promise<Buffer> {
    if (entry.bytes > limit) throw tooLarge(this.name, entry, limit);
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(entry)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

/** UTF-8 where it is, else the Korean encoding of Windows, else one character a byte. */
function decodeName(raw: Buffer): string {
  if (isUtf8(raw)) return raw.toString('utf8');
  const korean = decodeKorean(raw);
  return korean.includes('\ufffd') ? raw.toString('latin1') : korean;
}

function tooMany(fileName: string): StudioError {
  return fault(
    'file-too-large',
    fileName,
    null,
    `The archive holds more than ${counted(MAX_ENTRIES)} files.`,
    'Unpack it and choose the file with the table, or the folder.',
  );
}

function tooLarge(fileName: string, entry: ZipEntry, limit: number): StudioError {
  const sentence = `${shortName(entry.name)} has ${megabytes(entry.bytes)}; inside an archive, or as a part of a workbook, up to ${megabytes(limit)} can be read.`;
  const hint = 'Unpack the archive and choose the file that was in it, or save the table as CSV.';
  return fault('file-too-large', fileName, null, sentence, hint);
}

function encrypted(fileName: string, entry: string): StudioError {
  const sentence = `${shortName(entry)} in this archive is protected by a password.`;
  const hint = 'Unpack the archive with its password and choose the file that was in it.';
  return fault('file-unreadable', fileName, null, sentence, hint);
}

function damaged(caught: unknown, fileName: string): StudioError {
  if (caught instanceof StudioError) return caught;
  const method = caught instanceof Error && /compression method/.test(caught.message);
  const sentence = method
    ? 'The archive is packed with a method that can’t be read here.'
    : 'The zip archive is damaged or cut off.';
  const hint = method
    ? 'Unpack it and choose the file that was in it.'
    : 'Download or copy the file again, or pack it again from the original.';
  const { code, message } = fault('file-syntax', fileName, null, sentence, hint);
  return new StudioError(code, message, hint, { cause: caught });
}

/** A name from outside, fit for a sentence. */
export const shortName = (name: string): string =>
  `“${(name.length > 80 ? `…${name.slice(-79)}` : name).toWellFormed()}”`;
