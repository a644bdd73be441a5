import { isAscii, isUtf8 } from 'node:buffer';
import { analyse } from 'chardet';
import type { Encoding } from '../../../contract/entities.ts';
import { encodings } from '../../../contract/entities.ts';
import { decodeKorean, koreanTail } from './korean.ts';

/** How a text is written, and how that is shown. */
export interface TextEncoding {
  readonly label: Encoding;
  readonly shown: string;
}

const names: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'euc-kr': 'EUC-KR (CP949)',
  shift_jis: 'Shift_JIS',
  'euc-jp': 'EUC-JP',
  gb18030: 'GB18030',
  big5: 'Big5',
  'windows-1252': 'Windows-1252',
  'windows-1251': 'Windows-1251',
  'iso-8859-2': 'ISO-8859-2',
};

/** What the detector calls the encodings there are, where its name is another. */
const aliases: Readonly<Record<string, Encoding>> = {
  'iso-8859-1': 'windows-1252',
  'iso-8859-9': 'windows-1252',
  'koi8-r': 'windows-1251',
  'iso-8859-5': 'windows-1251',
  'windows-1250': 'iso-8859-2',
};

/** Letters of Central Europe that are signs such as ± and ¶ in Windows-1252, inside a word. */
const LATIN_2 = /[a-z][¡£¥¦©«¬®¯±³µ¶¹»¼¾¿]|[±³¶¹¼¾¿][a-z]/i;

/** Share of its two-byte characters that are common Hangul syllables, from which a text is Korean. */
const KOREAN = 0.85;

export const encodingOf = (label: Encoding): TextEncoding => ({ label, shown: names[label] });

/**
 * How the first bytes of a text are written: by its mark, as valid UTF-8, by the zeros of UTF-16, or
 * by the frequencies of its letters. Text that is UTF-8 but for a few bytes is damaged UTF-8, and
 * said to be UTF-8: reading it as something else would garble every letter.
 *
 * @param whole whether the bytes are the whole text; else the last character may be cut
 */
export function detectEncoding(head: Buffer, whole: boolean): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return encodingOf('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return encodingOf('utf-16be');
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { label: 'utf-8', shown: 'UTF-8 with BOM' };
  }
  const wide = bareUtf16(head);
  if (wide !== null) return encodingOf(wide);
  const text = whole ? head : head.subarray(0, utf8End(head, head.length));
  if (isUtf8(text) || isDamagedUtf8(text)) return encodingOf('utf-8');
  return encodingOf(guessLegacy(text));
}

/** The encoding that bytes which are not UTF-8 most likely have. */
export function guessLegacy(bytes: Buffer): Encoding {
  if (isKorean(bytes)) return 'euc-kr';
  for (const { name } of analyse(bytes.subarray(0, 1 << 16))) {
    const label = encodings.find((known) => known === name.toLowerCase());
    const candidate = label ?? aliases[name.toLowerCase()];
    if (candidate === undefined || candidate.startsWith('utf')) continue;
    if (candidate === 'iso-8859-2' && !LATIN_2.test(bytes.toString('latin1'))) continue;
    if (decodes(bytes, candidate)) return candidate;
  }
  return 'windows-1252';
}

/** The text of bytes; U+FFFD stands for what is not in the encoding. */
export const decodeLoosely = (bytes: Uint8Array, label: Encoding): string =>
  label === 'euc-kr'
    ? decodeKorean(bytes)
    : new TextDecoder(label, { ignoreBOM: true }).decode(bytes);

/** Where the last whole character before `end` ends. */
export function utf8End(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? end - back : end;
    }
  }
  return end;
}

/** UTF-16 without its mark, as the zeros of Latin text in it show. */
function bareUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  const zeros = [0, 0];
  const looked = head.subarray(0, 4_096);
  looked.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (Math.min(even, odd) > 0 || Math.max(even, odd) * 6 < looked.length) return null;
  if (looked.length < 4) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** Whether most of the bytes above ASCII stand in sound UTF-8 characters of several bytes. */
function isDamagedUtf8(bytes: Buffer): boolean {
  let sound = 0;
  let broken = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (length > 1 && isUtf8(bytes.subarray(at, at + length)) && at + length <= bytes.length) {
      sound += length;
      at += length;
    } else {
      if (length !== 1) broken += 1;
      at += 1;
    }
  }
  // A text cut inside its only such character is UTF-8 as well.
  const cut = bytes.length - utf8End(bytes, bytes.length);
  return sound > 4 * broken || (cut > 0 && broken === cut);
}

/**
 * Whether the text is Korean in EUC-KR or its extension CP949: its characters of two bytes are nearly
 * all Hangul syllables of KS X 1001 (lead bytes B0 to C8). Chinese text has the rows of Hanja as
 * well, Japanese text other lead bytes.
 */
function isKorean(bytes: Buffer): boolean {
  let syllables = 0;
  let others = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    if (lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1) syllables += 1;
    else if (lead < 0xa1 || lead > 0xa3) others += 1; // A1 to A3 hold punctuation, which all have
    at += 1;
  }
  return syllables > 0 && syllables >= KOREAN * (syllables + others) && decodes(bytes, 'euc-kr');
}

/** Whether all bytes but a character cut at the end are valid in the encoding. */
function decodes(bytes: Buffer, label: Encoding): boolean {
  if (isAscii(bytes)) return true;
  if (label === 'euc-kr') {
    const whole = bytes.subarray(0, bytes.length - koreanTail(bytes));
    return !decodeKorean(whole).includes('\ufffd');
  }
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
