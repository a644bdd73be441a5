import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decode,
  detectDelimiter,
  detectFormat,
  lineAt,
} from '../../../electron/stages/import/detect.ts';
import { expectFailure, read, rowsOf } from './support.ts';

const table = 'input,label\n고양이,네\ncafé,no\n';

describe('decode', () => {
  const utf16be = Buffer.from(`\ufeff${table}`, 'utf16le').swap16();

  it.each([
    ['UTF-8', Buffer.from(table)],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${table}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${table}`, 'utf16le')],
    ['UTF-16 BE', utf16be],
  ])('reads %s', async (encoding, bytes) => {
    expect(decode(bytes, 'a.csv')).toEqual({ text: table, encoding });
    expect(await rowsOf(bytes, 'a.csv')).toEqual([
      [2, '고양이', '네'],
      [3, 'café', 'no'],
    ]);
  });

  it.each(['\r\n', '\r'])('makes line ends %j plain ones', (end) => {
    expect(decode(Buffer.from(table.replaceAll('\n', end)), 'a.csv').text).toBe(table);
  });

  it('names the first line that is not UTF-8', async () => {
    const lines = Buffer.from('input,label\n'.repeat(40));
    const latin1 = Buffer.concat([lines, Buffer.from('caf\xe9,no\n', 'latin1'), lines]);
    await expectFailure(
      () => decode(latin1, 'old.csv'),
      'file-encoding',
      'old.csv, line 41:',
      'not UTF-8',
    );
  });

  it('names the last line when the file is cut inside a character', async () => {
    const cut = Buffer.from('input\nfirst\n한').subarray(0, -1);
    await expectFailure(() => decode(cut, 'cut.csv'), 'file-encoding', 'cut.csv, line 3:');
  });

  it('recognises the older Korean encoding', async () => {
    const bytes = Buffer.concat([
      Buffer.from('input\n'),
      Buffer.from([0xb0, 0xed, 0xbe, 0xe7]),
      Buffer.from('\n'),
    ]);
    await expectFailure(() => decode(bytes, 'k.csv'), 'file-encoding', 'line 2', 'EUC-KR');
  });

  it('names the line of broken UTF-16', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffinput\nfirst\n', 'utf16le'),
      Buffer.from([0x00, 0xd8]),
      Buffer.from('\n', 'utf16le'),
    ]);
    await expectFailure(() => decode(bytes, 'u.csv'), 'file-encoding', 'line 3', 'UTF-16');
    const odd = Buffer.concat([Buffer.from('\ufeffinput\na', 'utf16le'), Buffer.from([0x41])]);
    await expectFailure(() => decode(odd, 'u.csv'), 'file-encoding', 'line 2');
    const oddBig = Buffer.concat([utf16be, Buffer.from([0x00])]);
    await expectFailure(() => decode(oddBig, 'u.csv'), 'file-encoding', 'line 4');
  });

  it.each([
    ['an Excel workbook', Buffer.from('PK\x03\x04........xl/workbook.xml')],
    ['a zip archive', Buffer.from('PK\x03\x04........notes.txt')],
    ['an old Excel or Word file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0])],
    ['a PDF document', Buffer.from('%PDF-1.7\n')],
    ['a Parquet file', Buffer.from('PAR1\x15\x04')],
    ['a gzip archive', gzipSync(table)],
    ['a SQLite database', Buffer.from('SQLite format 3\0')],
    ['a binary file', Buffer.from('input\na\0b\n')],
  ])('refuses %s', async (name, bytes) => {
    await expectFailure(() => decode(bytes, 'table.csv'), 'file-binary', 'table.csv', name);
  });

  it.each([
    ['little', Buffer.from('input\nfirst\n', 'utf16le')],
    ['big', Buffer.from('input\nfirst\n', 'utf16le').swap16()],
  ])('tells UTF-16 without its mark, %s end first, from binary files', async (_order, bytes) => {
    await expectFailure(() => decode(bytes, 'table.csv'), 'file-encoding', 'UTF-16 without');
  });

  it.each(['', ' \n\t\n', '\ufeff', '\ufeff\n'])(
    'refuses a file without content: %j',
    async (content) => {
      await expectFailure(() => decode(Buffer.from(content), 'no.csv'), 'file-empty', 'no.csv');
    },
  );
});

describe('files without rows', () => {
  it.each([
    ['a.csv', 'input,label\n'],
    ['a.csv', 'input,label'],
    ['a.csv', '\n\ninput,label\n\n,\n'],
    ['a.tsv', 'input\tlabel\n'],
    ['a.json', '[]'],
    ['a.json', ' [ ]\n'],
  ])('%s holding %j is empty', async (name, content) => {
    await expectFailure(read(content, name), 'file-empty', name);
  });
});

describe('detectFormat', () => {
  it.each([
    ['a.csv', 'input,label\n1,2\n', 'csv'],
    ['a.txt', 'input,label\n1,2\n', 'csv'],
    ['table', 'input;label\n1;2\n', 'csv'],
    ['a.tsv', 'input\tlabel\n1\t2\n', 'tsv'],
    ['a.csv', 'input\tlabel\n1\t2\n', 'tsv'],
    ['a.tsv', 'input,label\n1,2\n', 'csv'],
    ['a.json', '[{"a":1}]', 'json'],
    ['a.json', '[\n {"a":1}\n]', 'json'],
    ['a.json', '{"rows":[{"a":1}]}', 'json'],
    ['a.json', '{\n"rows":[{"a":1}]\n}', 'json'],
    ['a.json', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['a.json', '{"a":1,"choices":["x","y"]}\n', 'json'],
    ['a.jsonl', '{"a":1}\n', 'jsonl'],
    ['a.jsonl', '{"a":1,"choices":[{"label":"A","text":"x"}]}', 'jsonl'],
    ['a.ndjson', '{"a":1}\n{"a":2}', 'jsonl'],
    ['a.jsonl', '{"a":\n{"a":2}', 'jsonl'],
    ['a.jsonl', '[\n{"a":1},\n{"a":2}\n]', 'json'],
    ['table', '[{"a":1}]', 'json'],
    ['table', '{"a":1}\n{"a":2}', 'jsonl'],
    ['a.csv', '{"a":1}\n{"a":2}', 'jsonl'],
    ['a.csv', '[\n{"a":1}\n]', 'json'],
    ['a.csv', '[x],label\n1,2', 'csv'],
    ['a.json', 'input,label', 'json'],
  ])('%s holding %j is %s', (name, text, format) => {
    expect(detectFormat(text, name)).toBe(format);
  });
});

describe('detectDelimiter', () => {
  it.each([
    ['a,b', ','],
    ['a;b;c', ';'],
    ['a\tb', '\t'],
    ['a|b', '|'],
    ['one', ','],
    ['"a,b,c";d', ';'],
    ['"a\nb,c,d"\te', '\t'],
    ['\n\na;b', ';'],
  ])('in %j it is %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});

describe('lineAt', () => {
  it('counts from 1', () => {
    expect([0, 1, 2, 3, 4].map((offset) => lineAt('a\nb\nc', offset))).toEqual([1, 1, 2, 2, 3]);
  });
});
