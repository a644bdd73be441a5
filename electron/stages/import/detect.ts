import { isUtf8 } from 'node:buffer';
import type { FileFormat } from '../../contract/entities.ts';
import { isRecord, parseJson } from '../../core/json.ts';
import { fault } from './faults.ts';

/** A text file's content, its line ends made `\n`. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'UTF-8' | 'UTF-8 with BOM' | 'UTF-16 LE' | 'UTF-16 BE';
}

/** First bytes of the files people choose by mistake, and what to call them. */
const signatures: readonly (readonly [bytes: string, name: string])[] = [
  ['PK\x03\x04', 'a zip archive'],
  ['PK\x05\x06', 'an empty zip archive'],
  ['%PDF-', 'a PDF document'],
  ['PAR1', 'a Parquet file'],
  ['ARROW1', 'an Arrow file'],
  ['\x1f\x8b', 'a gzip archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ\x00', 'an xz archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel or Word file'],
  ['SQLite format 3\x00', 'a SQLite database'],
  ['\x89PNG\r\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
];
const TEXT_FORMATS = 'Save the table as CSV, TSV, JSON or JSON Lines and choose that file.';

/**
 * The text of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
 *
 * @throws StudioError file-empty, file-binary (naming what it looks like), or file-encoding (naming
 *   the first line with bytes that are not UTF-8)
 */
export function decode(bytes: Buffer, fileName: string): DecodedText {
  if (bytes.length === 0) throw emptyFile(fileName);
  const looksLike = signatureOf(bytes);
  if (looksLike !== null) {
    throw fault('file-binary', fileName, null, `This is ${looksLike}, not text.`, TEXT_FORMATS);
  }
  const { text, encoding } = decodeMarked(bytes, fileName);
  if (text.includes('\0')) {
    if (isBareUtf16(bytes)) throw unmarkedUtf16(fileName);
    const line = lineAt(text, text.indexOf('\0'));
    const sentence = 'This is a binary file, not text: it holds zero bytes.';
    throw fault('file-binary', fileName, line, sentence, TEXT_FORMATS);
  }
  if (text.trim() === '') throw emptyFile(fileName);
  return { text: text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, encoding };
}

function decodeMarked(bytes: Buffer, fileName: string): DecodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: decodeUtf16(bytes.subarray(2), fileName), encoding: 'UTF-16 LE' };
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    const swapped = Buffer.concat([Buffer.from(even).swap16(), bytes.subarray(even.length + 2)]);
    return { text: decodeUtf16(swapped, fileName), encoding: 'UTF-16 BE' };
  }
  if (!isUtf8(bytes)) throw notUtf8(bytes, fileName);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked
    ? { text: bytes.toString('utf8', 3), encoding: 'UTF-8 with BOM' }
    : { text: bytes.toString('utf8'), encoding: 'UTF-8' };
}

/** @param bytes little-endian, without the mark */
function decodeUtf16(bytes: Buffer, fileName: string): string {
  const text = bytes.toString('utf16le');
  if (bytes.length % 2 === 0 && text.isWellFormed()) return text;
  const broken = text.search(/\p{Surrogate}/u);
  throw fault(
    'file-encoding',
    fileName,
    lineAt(text, broken < 0 ? text.length : broken),
    'The bytes here are not UTF-16, as the mark at the start of the file says.',
    'Save the file as UTF-8 and choose it again.',
  );
}

function notUtf8(bytes: Buffer, fileName: string): Error {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    line += 1;
  }
  const korean = isEucKr(bytes) ? ' It looks like EUC-KR (CP949).' : '';
  return fault(
    'file-encoding',
    fileName,
    line,
    `The bytes here are not UTF-8.${korean}`,
    'Open the file in the program it comes from and save it as UTF-8 (in Excel: Save As, “CSV UTF-8”).',
  );
}

/** Whether every second of the first bytes is zero, as in UTF-16 of Latin text. */
function isBareUtf16(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 64);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  return Math.min(even, odd) === 0 && Math.max(even, odd) * 3 > head.length;
}

function unmarkedUtf16(fileName: string): Error {
  return fault(
    'file-encoding',
    fileName,
    null,
    'This looks like UTF-16 without the mark at its start that would say so.',
    'Save the file as UTF-8 and choose it again.',
  );
}

function isEucKr(bytes: Buffer): boolean {
  try {
    new TextDecoder('euc-kr', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function signatureOf(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 16);
  const name = signatures.find(([signature]) => head.startsWith(signature))?.[1] ?? null;
  if (name !== 'a zip archive') return name;
  return bytes.includes('xl/') ? 'an Excel workbook (.xlsx)' : name;
}

export function emptyFile(fileName: string): Error {
  return fault(
    'file-empty',
    fileName,
    null,
    'The file has no rows.',
    'Choose a file with a line of column names and at least one row below it.',
  );
}

/** The line, from 1, on which the character at `offset` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}

/**
 * The format, from the content first and the extension second: `.json` files are often JSON Lines,
 * and `.csv` files often hold tabs.
 */
export function detectFormat(text: string, fileName: string): FileFormat {
  const extension = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const body = text.trimStart();
  const end = body.indexOf('\n');
  const firstLine = end < 0 ? body : body.slice(0, end);
  const first =
    firstLine.startsWith('{') || firstLine.startsWith('[') ? parseJson(firstLine) : undefined;

  const lines = extension === 'jsonl' || extension === 'ndjson';
  if (isRecord(first)) {
    // One object alone is a settings file more often than a table of one row.
    const more = end >= 0 && body.slice(end).trim() !== '';
    return lines || more ? 'jsonl' : 'json';
  }
  if (first !== undefined) return 'json';
  if (lines) return isWholeJson(body) ? 'json' : 'jsonl';
  const delimited = /^(csv|tsv|tab|txt)$/.test(extension);
  if (extension === 'json' || (!delimited && /^[[{]/.test(body))) return 'json';
  if (delimited && /^[[{]/.test(body) && isWholeJson(body)) return 'json';
  return detectDelimiter(text) === '\t' ? 'tsv' : 'csv';
}

const delimiters = [',', '\t', ';', '|'] as const;
/** Characters of a first line that are looked at: the search below remembers each of them. */
const LONGEST_HEADER = 1 << 16;

/** What separates the column names in the first line, quoted parts left out; a comma if nothing does. */
export function detectDelimiter(text: string): string {
  const head = text.slice(0, LONGEST_HEADER);
  const header = /^\n*((?:"(?:[^"]|"")*"|[^\n"])*)/.exec(head)?.[1] ?? '';
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Whether the text, which begins like JSON, is one JSON value from end to end. */
function isWholeJson(text: string): boolean {
  return parseJson(text) !== undefined;
}

/** Whether the value is a list that holds rows, odd elements aside: those are reported with their line. */
export function isListOfRecords(value: unknown): boolean {
  return Array.isArray(value) && value.some(isRecord);
}
