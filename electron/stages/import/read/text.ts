import { isAscii, isUtf8 } from 'node:buffer';
import { fault } from '../faults.ts';
import { emptyFile, refuseForeign } from './detect.ts';
import type { TextEncoding } from './encoding.ts';
import { decodeLoosely, detectEncoding, encodingOf, guessLegacy, utf8End } from './encoding.ts';
import { MAX_HELD, megabytes } from './limits.ts';

const LINE_FEED = 0x0a;
const MARK = '\ufeff';
/** Fewer bytes than this wait for more: a character may begin before them and end after. */
const LEAST_PIECE = 8;

/**
 * Decodes a text piece by piece. Line ends come out as `\n`, byte order marks at the start of a line
 * (files put together have them in the middle) do not come out. A piece ends at a line end where one
 * is near.
 *
 * @throws StudioError file-encoding with the first line that is not in the encoding, file-binary with
 *   the first line that holds a zero byte, file-too-large
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  encoding: TextEncoding,
  fileName: string,
): AsyncGenerator<string> {
  const place = new Place(fileName, encoding);
  /** A carriage return that may be the first half of a line end; a mark needs to know its place. */
  let held = '';
  for await (const piece of pieces(chunks, encoding, place)) {
    let text = held + decodePiece(piece, encoding, place);
    held = text.endsWith('\r') ? '\r' : '';
    if (held !== '') text = text.slice(0, -1);
    yield place.pass(text);
  }
  if (held !== '') yield '\n';
}

/**
 * Decodes a small text at once: settings, prompts. Line ends come out as `\n`.
 *
 * @throws StudioError file-encoding, file-binary, file-empty
 */
export function decodeWhole(bytes: Buffer, fileName: string): string {
  refuseForeign(bytes, fileName);
  const encoding = detectEncoding(bytes, true);
  const place = new Place(fileName, encoding);
  const text = place.pass(decodePiece(bytes, encoding, place));
  if (text.trim() === '') throw emptyFile(fileName);
  return text;
}

/** Where in the text the decoder is. */
class Place {
  readonly fileName: string;
  readonly encoding: TextEncoding;
  line = 1;
  private atLineStart = true;

  constructor(fileName: string, encoding: TextEncoding) {
    this.fileName = fileName;
    this.encoding = encoding;
  }

  /** Puts a decoded piece into the form the formats read. */
  pass(raw: string): string {
    let text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    if (text.includes(MARK)) {
      if (this.atLineStart && text.startsWith(MARK)) text = text.slice(1);
      text = text.replaceAll(`\n${MARK}`, '\n');
    }
    if (text.includes('\0')) throw this.binary(text);
    this.line += lineFeeds(text);
    if (text !== '') this.atLineStart = text.endsWith('\n');
    return text;
  }

  /** @param before the decoded text between here and the broken bytes */
  broken(before: string, bytes: Buffer): Error {
    const { label, shown } = this.encoding;
    const line = this.line + lineFeeds(before.replace(/\r\n?/g, '\n'));
    const legacy = label === 'utf-8' ? encodingOf(guessLegacy(bytes)) : null;
    const guess =
      legacy === null || legacy.label === 'windows-1252' ? '' : ` They look like ${legacy.shown}.`;
    return fault(
      'file-encoding',
      this.fileName,
      line,
      `The bytes here are not ${shown}.${guess}`,
      'Choose the encoding the file was saved in, or open it in the program it comes from and save it as UTF-8 (in Excel: Save As, “CSV UTF-8”).',
    );
  }

  tooLong(): Error {
    return fault(
      'file-too-large',
      this.fileName,
      this.line,
      `The line that begins here has more than ${megabytes(MAX_HELD)} in ${this.encoding.shown}.`,
      'Save the file as UTF-8, or with one row a line, and choose it again.',
    );
  }

  private binary(text: string): Error {
    return fault(
      'file-binary',
      this.fileName,
      this.line + lineFeeds(text.slice(0, text.indexOf('\0'))),
      'This is a binary file, not text: it holds zero bytes.',
      'Save the table as CSV, TSV, JSON, JSON Lines, Parquet or XLSX and choose that file.',
    );
  }
}

/** The bytes in pieces that each hold whole characters. */
async function* pieces(
  chunks: AsyncIterable<Buffer>,
  { label }: TextEncoding,
  place: Place,
): AsyncGenerator<Buffer> {
  const endOf =
    label === 'utf-8' ? utf8PieceEnd : label.startsWith('utf-16') ? utf16PieceEnd(label) : lineEnd;
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.length < LEAST_PIECE ? 0 : endOf(chunk, heldBytes);
    if (end > 0) {
      const head = chunk.subarray(0, end);
      yield held.length === 0 ? head : Buffer.concat([...held, head]);
      held = [];
      heldBytes = 0;
    }
    if (end < chunk.length) {
      held.push(chunk.subarray(end));
      heldBytes += chunk.length - end;
      if (heldBytes > MAX_HELD) throw place.tooLong();
    }
  }
  if (heldBytes > 0) yield Buffer.concat(held);
}

const lineEnd = (chunk: Buffer): number => chunk.lastIndexOf(LINE_FEED) + 1;

function utf8PieceEnd(chunk: Buffer): number {
  return lineEnd(chunk) || utf8End(chunk, chunk.length);
}

/** Not inside a unit of two bytes, nor between two surrogates. */
function utf16PieceEnd(label: string): (chunk: Buffer, heldBytes: number) => number {
  const highByte = label === 'utf-16le' ? 1 : 2;
  return (chunk, heldBytes) => {
    const end = chunk.length - ((heldBytes + chunk.length) % 2);
    const high = chunk[end - highByte] ?? 0;
    return high >= 0xd8 && high <= 0xdb ? Math.max(0, end - 2) : end;
  };
}

/** @throws StudioError file-encoding */
function decodePiece(piece: Buffer, { label }: TextEncoding, place: Place): string {
  if (label === 'utf-8') {
    // The two fastest ways there are; equal to a fatal decoder.
    if (isAscii(piece)) return piece.toString('latin1');
    if (isUtf8(piece)) return piece.toString('utf8');
  } else if (label === 'euc-kr') {
    const text = decodeLoosely(piece, label);
    if (!text.includes('\ufffd')) return text;
  } else {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(piece);
    } catch {
      // Decoded again below, to say where.
    }
  }
  const text = decodeLoosely(piece, label);
  const at = text.indexOf('\ufffd');
  throw place.broken(at < 0 ? text : text.slice(0, at), piece);
}

/** How many line ends a text holds. */
export function lineFeeds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
