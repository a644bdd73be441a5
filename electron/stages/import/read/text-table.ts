import { isAscii } from 'node:buffer';
import type { ReadOptions } from '../../../contract/entities.ts';
import type { FileBytes, Peeked } from './bytes.ts';
import { readDelimited } from './delimited.ts';
import type { TextFormat } from './detect.ts';
import { detectFormat, emptyFile, refuseForeign } from './detect.ts';
import { detectDialect } from './dialect.ts';
import type { TextEncoding } from './encoding.ts';
import { detectEncoding, encodingOf } from './encoding.ts';
import { readJson } from './json.ts';
import { decodeKorean } from './korean.ts';
import { readJsonLines } from './json-lines.ts';
import { HEAD_BYTES } from './limits.ts';
import { Spreader } from './spread.ts';
import type { TableSource } from './table-source.ts';
import { decodeText } from './text.ts';

/** Bytes that are searched for the first character beyond ASCII. */
const SEARCHED_BYTES = 1 << 25;
/** Places of a large file that are looked at when its beginning does not show its encoding. */
const PROBES = 16;
const PROBE_BYTES = 1 << 14;

/**
 * A table in a text.
 *
 * @param name of the text itself, whose extension counts; faults name `fileName`
 * @param file where the text lies bare on disk, for looks further on
 * @throws StudioError file-empty, file-binary; the others as its rows are read
 */
export async function openText(
  { head, whole, chunks }: Peeked,
  name: string,
  fileName: string,
  options: ReadOptions,
  file: FileBytes | null = null,
): Promise<TableSource> {
  refuseForeign(head, fileName);
  const encoding =
    options.encoding === null
      ? await findEncoding(head, whole, file)
      : encodingOf(options.encoding);
  const text = headText(head, encoding);
  if (whole && text.trim() === '') throw emptyFile(fileName);
  const format = detectFormat(text, whole, name);
  const blocks = decodeText(chunks, encoding, fileName);
  const shown = { encoding: encoding.shown, entries: [], entry: null };
  if (isDelimited(format)) {
    const dialect = detectDialect(text, whole, options);
    const columns: string[] = [];
    return {
      ...shown,
      format: dialect.delimiter === '\t' ? 'tsv' : 'csv',
      delimiter: dialect.delimiter,
      header: dialect.header,
      skipped: dialect.skip,
      columns,
      records: readDelimited(blocks, dialect, fileName, columns),
    };
  }
  const spreader = new Spreader(fileName);
  const read = format === 'json' ? readJson : readJsonLines;
  const records = read(blocks, fileName, spreader);
  const none = { delimiter: null, header: null, skipped: null };
  return { ...shown, ...none, format, columns: spreader.columns, records };
}

const isDelimited = (format: TextFormat): boolean => format === 'csv' || format === 'tsv';

/**
 * The beginning says it; where it is plain ASCII, the next megabytes up to the first other character
 * do, and then places spread over the file.
 */
async function findEncoding(
  head: Buffer,
  whole: boolean,
  file: FileBytes | null,
): Promise<TextEncoding> {
  if (whole || file === null || !isPlain(head)) return detectEncoding(head, whole);
  for (let at = head.length; at < Math.min(file.size, SEARCHED_BYTES); at += HEAD_BYTES) {
    const bytes = await file.read(at, HEAD_BYTES);
    if (!isPlain(bytes)) return detectEncoding(wholeLines(bytes), true);
  }
  const probes: Buffer[] = [];
  const room = Math.max(0, file.size - PROBE_BYTES);
  for (let probe = 1; probe <= PROBES; probe++) {
    const bytes = await file.read(Math.floor((room * probe) / PROBES), PROBE_BYTES);
    probes.push(wholeLines(bytes));
  }
  return detectEncoding(Buffer.concat(probes), true);
}

const isPlain = (bytes: Buffer): boolean => isAscii(bytes) && !bytes.includes(0);

/** Of bytes cut out of a text: its first and last line may begin or end inside a character. */
const wholeLines = (bytes: Buffer): Buffer =>
  bytes.subarray(bytes.indexOf(0x0a) + 1, bytes.lastIndexOf(0x0a) + 1);

/** The first text, for looks only: what is not in the encoding is passed over. */
function headText(head: Buffer, { label }: TextEncoding): string {
  const text =
    label === 'euc-kr' ? decodeKorean(head) : new TextDecoder(label).decode(head, { stream: true });
  return text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, '');
}
