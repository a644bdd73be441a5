import { readFile, stat } from 'node:fs/promises';
import type { FileFormat } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { Breather } from './breather.ts';
import { readDelimited } from './csv.ts';
import { decode, detectDelimiter, detectFormat, emptyFile } from './detect.ts';
import { fault } from './faults.ts';
import { readJson, readJsonLines } from './json.ts';
import type { Table } from './table.ts';

/** What a file was found to be, and its rows. */
export interface ReadFile {
  readonly table: Table;
  readonly format: FileFormat;
  readonly encoding: string;
  /** Null for JSON and JSON Lines. */
  readonly delimiter: string | null;
}

/** A file is read whole, and a JavaScript string holds no more than 2^29 characters. */
const MAX_BYTES = 500_000_000;

/**
 * Reads the bytes of a file as rows and columns.
 *
 * @throws StudioError file-empty, file-binary, file-encoding or file-syntax
 */
export async function readTable(
  bytes: Buffer,
  fileName: string,
  breather: Breather,
): Promise<ReadFile> {
  const { text, encoding } = decode(bytes, fileName);
  const format = detectFormat(text, fileName);
  const delimiter = format === 'csv' || format === 'tsv' ? detectDelimiter(text) : null;
  const table =
    delimiter !== null
      ? await readDelimited(text, delimiter, fileName, breather)
      : format === 'json'
        ? await readJson(text, fileName, breather)
        : await readJsonLines(text, fileName, breather);
  if (table.records.length === 0) throw emptyFile(fileName);
  return { table, format, encoding, delimiter };
}

/**
 * {@link readTable} of a file on disk, with the SHA-256 of its bytes.
 *
 * @throws StudioError also file-unreadable and file-too-large
 */
export async function readTableFile(
  path: string,
  fileName: string,
  breather: Breather,
): Promise<ReadFile & { sha256: string }> {
  const bytes = await readBytes(path, fileName);
  return { ...(await readTable(bytes, fileName, breather)), sha256: sha256(bytes) };
}

async function readBytes(path: string, fileName: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) {
      throw fault(
        'file-too-large',
        fileName,
        null,
        `The file has ${Math.round(size / 1e6).toLocaleString('en')} MB; up to ${MAX_BYTES / 1e6} MB can be read.`,
        'Divide the file into smaller ones and import them one by one.',
      );
    }
    return await readFile(path);
  } catch (caught) {
    if (caught instanceof StudioError) throw caught;
    throw unreadable(caught, fileName);
  }
}

function unreadable(caught: unknown, fileName: string): StudioError {
  const code =
    typeof caught === 'object' && caught !== null && 'code' in caught ? caught.code : null;
  const sentence =
    code === 'ENOENT'
      ? 'The file is not there any more.'
      : code === 'EISDIR'
        ? 'This is a folder, not a file.'
        : code === 'EACCES' || code === 'EPERM'
          ? 'This account may not read the file.'
          : 'The file could not be read.';
  return new StudioError(
    'file-unreadable',
    `${fileName}: ${sentence}`,
    'Check that the file is still in its place and can be opened, then choose it again.',
    { cause: caught },
  );
}
