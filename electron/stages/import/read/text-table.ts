import type { ReadOptions } from '../../../contract/entities.ts';
import type { FileBytes, Peeked } from './bytes.ts';
import { readDelimited } from './delimited.ts';
import type { TextFormat } from './detect.ts';
import { detectFormat, emptyFile, refuseForeign } from './detect.ts';
import { detectDialect } from './dialect.ts';
import type { TextEncoding } from './encoding.ts';
import { detectEncoding, encodingOf } from './encoding.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './json-lines.ts';
import { Spreader } from './spread.ts';
import type { TableSource } from './table-source.ts';
import { decodeText } from './text.ts';

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
      columns,
      records: readDelimited(blocks, dialect, fileName, columns),
    };
  }
  const spreader = new Spreader(fileName);
  const read = format === 'json' ? readJson : readJsonLines;
  const records = read(blocks, fileName, spreader);
  return { ...shown, format, delimiter: null, header: null, columns: spreader.columns, records };
}

const isDelimited = (format: TextFormat): boolean => format === 'csv' || format === 'tsv';

/** The beginning says it; where it is plain ASCII, places spread over the file are looked at too. */
async function findEncoding(
  head: Buffer,
  whole: boolean,
  file: FileBytes | null,
): Promise<TextEncoding> {
  if (whole || file === null || head.some((byte) => byte >= 0x80 || byte === 0)) {
    return detectEncoding(head, whole);
  }
  const lines: Buffer[] = [];
  for (let probe = 0; probe < PROBES; probe++) {
    const room = file.size - head.length - PROBE_BYTES;
    const start = head.length + Math.floor((Math.max(0, room) * probe) / (PROBES - 1));
    const bytes = await file.read(start, PROBE_BYTES);
    // Only whole lines: the other ones may begin or end inside a character.
    lines.push(bytes.subarray(bytes.indexOf(0x0a) + 1, bytes.lastIndexOf(0x0a) + 1));
  }
  return detectEncoding(Buffer.concat(lines), true);
}

/** The first text, for looks only: what is not in the encoding is passed over. */
function headText(head: Buffer, { label }: TextEncoding): string {
  const text = new TextDecoder(label).decode(head, { stream: true });
  return text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, '');
}
