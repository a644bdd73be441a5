import { describe, expect, it } from 'vitest';
import { detectEncoding } from '../../../../electron/stages/import/read/encoding.ts';
import { decodeKorean } from '../../../../electron/stages/import/read/korean.ts';
import { decodeText, decodeWhole } from '../../../../electron/stages/import/read/text.ts';
import { expectFailure, read, rowsOf } from '../support.ts';

const table = 'input,label\n고양이,네\ncafé,no\n';

/** `input,label` and two rows of Korean in EUC-KR: 고양이,네 and 강아지,아뇨. */
const eucKr = Buffer.from([
  ...Buffer.from('input,label\n'),
  ...[0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x2c, 0xb3, 0xd7, 0x0a],
  ...[0xb0, 0xad, 0xbe, 0xc6, 0xc1, 0xf6, 0x2c, 0xbe, 0xc6, 0xb4, 0xa2, 0x0a],
]);
/** 東京は日本の首都です。 in two encodings of Japan, 我们在学校学习中文。 in GB 18030. */
const shiftJis = Buffer.from('938c8b9e82cd93fa967b82cc8ef1937382c582b78142', 'hex');
const eucJp = Buffer.from('c5ecb5fea4cfc6fccbdca4cebcf3c5d4a4c7a4b9a1a3', 'hex');
const gb18030 = Buffer.from('ced2c3c7d4dad1a7d0a3d1a7cfb0d6d0cec4a1a3', 'hex');

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

/** The syllables that any two bytes decode to. */
function* allKorean(): Generator<string> {
  for (let lead = 0x81; lead <= 0xc8; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const text = decodeKorean(Uint8Array.of(lead, trail));
      const code = text.charCodeAt(0);
      if (text.length === 1 && code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) yield text;
    }
  }
}

describe('encodings', () => {
  const marked = Buffer.from(`\ufeff${table}`, 'utf16le');
  it.each([
    ['UTF-8', Buffer.from(table)],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${table}`)],
    ['UTF-16 LE', marked],
    ['UTF-16 BE', Buffer.from(marked).swap16()],
    ['UTF-16 LE', marked.subarray(2)],
    ['UTF-16 BE', Buffer.from(marked.subarray(2)).swap16()],
  ])('reads %s', async (encoding, bytes) => {
    expect((await read(bytes, 'a.csv')).encoding).toBe(encoding);
    expect(await rowsOf(bytes, 'a.csv')).toEqual([
      [2, '고양이', '네'],
      [3, 'café', 'no'],
    ]);
  });

  it('recognises the older Korean encoding, in short texts and in long ones', async () => {
    const short = await read(eucKr, 'k.csv');
    expect(short.encoding).toBe('EUC-KR (CP949)');
    expect(short.records[0]?.values).toEqual(['고양이', '네']);
    const ascii = Buffer.from('input,label\n' + 'plain words,yes\n'.repeat(60_000));
    const late = Buffer.concat([ascii, eucKr.subarray(12), ascii.subarray(12)]);
    const { encoding, records } = await read(late, 'k.csv');
    expect(encoding).toBe('EUC-KR (CP949)');
    expect(records[60_000]).toEqual({ line: 60_002, values: ['고양이', '네'] });
  });

  it('reads the syllables that Windows adds to it, and names the line of what is in neither', async () => {
    // The first and the last of them, some that people write, and the first and last that it had.
    const added = Buffer.from('81418c6389e794eec16492dec652b0a1c8fe', 'hex');
    const common = Array.from({ length: 6 }, () => eucKr.subarray('input,label\n'.length));
    const file = Buffer.concat([eucKr, ...common, added, Buffer.from(',x\n')]);
    const { encoding, records } = await read(file, 'k.csv');
    expect(encoding).toBe('EUC-KR (CP949)');
    expect(records.at(-1)?.values).toEqual(['갂똠됬뷁햏믜힣가힝', 'x']);
    expect(new Set(allKorean()).size).toBe(LAST_SYLLABLE - FIRST_SYLLABLE + 1);
    for (const broken of [[0x80, 0x41], [0xc6, 0x53], [0xff, 0xff], [0xb0, 0x2c], [0xc9]]) {
      const odd = Buffer.concat([file, Buffer.from(broken), Buffer.from(',x\n')]);
      await expectFailure(
        read(odd, 'k.csv', { encoding: 'euc-kr' }),
        'file-encoding',
        'k.csv, line 17: ',
        'EUC-KR (CP949)',
      );
    }
  });

  it.each([
    ['EUC-KR (CP949)', eucKr],
    ['Shift_JIS', shiftJis],
    ['EUC-JP', eucJp],
    ['GB18030', gb18030],
    [
      'Windows-1252',
      Buffer.from('caf\xe9 cr\xe8me, na\xefve; d\xe9j\xe0 vu au ch\xe2teau\n', 'latin1'),
    ],
  ])('tells %s from the others', (shown, bytes) => {
    const repeated = Buffer.concat(Array.from({ length: 20 }, () => bytes));
    expect(detectEncoding(repeated, true).shown).toBe(shown);
  });

  it('reads what the person says', async () => {
    const bytes = Buffer.from('input,label\ncaf\xe9,no\n', 'latin1');
    const { encoding, records } = await read(bytes, 'a.csv', { encoding: 'windows-1251' });
    expect(encoding).toBe('Windows-1251');
    expect(records[0]?.values).toEqual(['cafй', 'no']);
    await expectFailure(
      read(eucKr, 'k.csv', { encoding: 'utf-8' }),
      'file-encoding',
      'line 2',
      'EUC-KR',
    );
    await expectFailure(
      read(Buffer.from(table), 'a.csv', { encoding: 'euc-kr' }),
      'file-encoding',
      /line \d/,
      'not EUC-KR',
    );
  });

  it('takes UTF-8 with a few broken bytes for UTF-8, and names their line', async () => {
    const lines = Buffer.from(`input,label\n${'한국어 문장,네\n'.repeat(39)}`);
    const broken = Buffer.concat([
      lines,
      Buffer.from('caf\xe9,no\n', 'latin1'),
      lines.subarray(12),
    ]);
    await expectFailure(read(broken, 'old.csv'), 'file-encoding', 'old.csv, line 41:', 'not UTF-8');
  });

  it('names the last line when the file is cut inside a character', async () => {
    const cut = Buffer.from('input,x\nfirst,y\n한').subarray(0, -1);
    await expectFailure(read(cut, 'cut.csv'), 'file-encoding', 'cut.csv, line 3:');
  });

  it('names the line of broken UTF-16', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffinput\nfirst\n', 'utf16le'),
      Buffer.from([0x00, 0xd8]),
      Buffer.from('\n', 'utf16le'),
    ]);
    await expectFailure(read(bytes, 'u.csv'), 'file-encoding', 'line 3', 'UTF-16');
    const odd = Buffer.concat([Buffer.from('\ufeffinput\na', 'utf16le'), Buffer.from([0x41])]);
    await expectFailure(read(odd, 'u.csv'), 'file-encoding', 'line 2');
  });

  it.each(['\r\n', '\r', '\n\r\n'])('makes line ends %j plain ones', async (end) => {
    const rows = await rowsOf(Buffer.from(table.replaceAll('\n', end)), 'a.csv');
    expect(rows.map(([, ...values]) => values)).toEqual([
      ['고양이', '네'],
      ['café', 'no'],
    ]);
  });

  it('passes over marks in the middle of files put together, and keeps them inside words', async () => {
    const text = '{"a":"x"}\n\ufeff{"a":"y\ufeffz"}\n';
    expect(await rowsOf(`\ufeff${text}`, 'a.jsonl')).toEqual([
      [1, 'x'],
      [2, 'y\ufeffz'],
    ]);
  });
});

describe('decodeText', () => {
  const text = 'a\r\n한국어 🙂\rcafé\n\n\ufeffb\r';
  const plain = 'a\n한국어 🙂\ncafé\n\nb\n';

  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
  ] as const)('gives the same text wherever %s is cut', async (label, bytes) => {
    for (let size = 1; size <= bytes.length; size++) {
      let decoded = '';
      for await (const part of decodeText(cut(bytes, size), { label, shown: label }, 'a'))
        decoded += part;
      expect(decoded, String(size)).toBe(plain);
    }
  });

  async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) {
      yield await Promise.resolve(bytes.subarray(at, at + size));
    }
  }

  it('decodes small texts at once', async () => {
    expect(decodeWhole(Buffer.from('\ufeffa\r\nb'), 'a.json')).toBe('a\nb');
    await expectFailure(() => decodeWhole(Buffer.from(' '), 'a.json'), 'file-empty', 'a.json');
  });
});
