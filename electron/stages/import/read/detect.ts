import type { FileFormat } from '../../../contract/entities.ts';
import { isRecord, parseJson } from '../../../core/json.ts';
import { fault } from '../faults.ts';
import { detectDelimiter } from './dialect.ts';
import { JsonScanner } from './json-scan.ts';

/** First bytes of the files people choose by mistake, and what to call them. */
const signatures: readonly (readonly [bytes: string, name: string])[] = [
  ['%PDF-', 'a PDF document'],
  ['ARROW1', 'an Arrow file'],
  ['PARE', 'an encrypted Parquet file'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ\x00', 'an xz archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old or protected Excel or Word file'],
  ['SQLite format 3\x00', 'a SQLite database'],
  ['\x89PNG\r\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
];
const TAR_AT = 257;
export const TABLE_HINT =
  'Save the table as CSV, TSV, JSON, JSON Lines, Parquet or XLSX and choose that file.';

/** What the first bytes say that is not text: a container, a table in binary form, or null for text. */
export function binaryKind(head: Buffer): 'gzip' | 'zip' | 'parquet' | null {
  const start = head.toString('latin1', 0, 4);
  if (start.startsWith('\x1f\x8b')) return 'gzip';
  if (start === 'PK\x03\x04' || start === 'PK\x05\x06') return 'zip';
  return start === 'PAR1' ? 'parquet' : null;
}

/** @throws StudioError file-binary, naming what the file looks like */
export function refuseForeign(head: Buffer, fileName: string): void {
  const start = head.toString('latin1', 0, 16);
  const tar = head.toString('latin1', TAR_AT, TAR_AT + 5) === 'ustar';
  const name = tar
    ? 'a tar archive'
    : signatures.find(([signature]) => start.startsWith(signature))?.[1];
  if (name === undefined) return;
  const sentence = `This is ${name}, not a table that can be read.`;
  throw fault('file-binary', fileName, null, sentence, TABLE_HINT);
}

/** A file without rows. */
export function emptyFile(fileName: string): Error {
  return fault(
    'file-empty',
    fileName,
    null,
    'The file has no rows.',
    'Choose a file with a line of column names and at least one row below it.',
  );
}

/**
 * The format of a text, from its content first and the extension second: `.json` files are often JSON
 * Lines, and `.csv` files often hold tabs.
 *
 * @param head the first text, with `\n` line ends
 * @param whole whether it is all there is
 */
export function detectFormat(
  head: string,
  whole: boolean,
  fileName: string,
): 'csv' | 'tsv' | 'json' | 'jsonl' {
  const extension = extensionOf(fileName);
  const body = head.trimStart();
  const end = body.indexOf('\n');
  const firstLine = end < 0 ? body : body.slice(0, end);
  const first = /^[[{]/.test(firstLine) ? parseJson(firstLine) : undefined;

  const lines = extension === 'jsonl' || extension === 'ndjson';
  if (isRecord(first)) {
    // One object alone is a settings file more often than a table of one row.
    const more = end >= 0 && body.slice(end).trim() !== '';
    return lines || more ? 'jsonl' : 'json';
  }
  if (first !== undefined) return 'json';
  const json = /^[[{]/.test(body);
  const sound = json && isSoundJson(body, whole);
  if (sound && (!lines || body.startsWith('['))) return 'json';
  if (lines && sound) return whole ? 'json' : 'jsonl';
  const delimiter = detectDelimiter(head, whole);
  const table = !json && isTable(body, delimiter);
  if (lines && !table) return 'jsonl';
  const delimited = /^(csv|tsv|tab|txt)$/.test(extension);
  if ((extension === 'json' && !table) || (json && !delimited)) return 'json';
  return delimiter === '\t' ? 'tsv' : 'csv';
}

/** In lower case, without that of compression. */
function extensionOf(fileName: string): string {
  const name = fileName.toLowerCase().replace(/\.(gz|gzip)$/, '');
  return /\.([a-z]+)$/.exec(name)?.[1] ?? '';
}

/** Whether text that begins like JSON is JSON as far as it goes. */
function isSoundJson(text: string, whole: boolean): boolean {
  const scanner = new JsonScanner();
  scanner.push(text);
  if (whole) scanner.end();
  return scanner.error === null;
}

/** Whether text is delimited although its extension says JSON: two lines with several values each. */
function isTable(body: string, delimiter: string): boolean {
  const [first = '', second = ''] = body.split('\n', 2);
  return first.includes(delimiter) && second.includes(delimiter);
}

/** What a text format is called in a list of files to choose from. */
export const isTableName = (name: string): boolean =>
  /\.(csv|tsv|tab|json|jsonl|ndjson|parquet|xlsx)(\.gz|\.gzip)?$/i.test(name);

export type TextFormat = Extract<FileFormat, 'csv' | 'tsv' | 'json' | 'jsonl'>;
