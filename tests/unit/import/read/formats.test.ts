import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../electron/stages/import/read/detect.ts';
import { detectDelimiter, detectDialect } from '../../../../electron/stages/import/read/dialect.ts';
import { looksLikeHeader } from '../../../../electron/stages/import/read/names.ts';
import { expectFailure, read, rowsOf } from '../support.ts';

const options = { encoding: null, delimiter: null, header: null, skip: null, entry: null };

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
    ['a.jsonl.gz', '{"a":1}\n', 'jsonl'],
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
    ['a.json', 'input,label\n1,2', 'csv'],
    ['a.jsonl', 'input\tlabel\n1\t2', 'tsv'],
    ['a.parquet', 'input,label\n1,2', 'csv'],
  ])('%s holding %j is %s', (name, text, format) => {
    expect(detectFormat(text, true, name)).toBe(format);
  });

  it('sees a cut beginning for what it is', () => {
    expect(detectFormat('[{"a": "some te', false, 'table')).toBe('json');
    expect(detectFormat('{"a": "a very long first li', false, 'a.jsonl')).toBe('jsonl');
    expect(detectFormat('{"version": 1, "rows": [\n{"a"', false, 'a.json')).toBe('json');
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
    ['question, or not\tlabel\nWhy?\tyes\nHow, then?\tno', '\t'],
    ['price;text\n1,5;x\n2,5;y', ';'],
  ])('in %j it is %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });

  it('is what the person says', async () => {
    expect(await rowsOf('a|b;c\n1|2;3', 'a.csv')).toEqual([[2, '1|2', '3']]);
    const { columns } = await read('a|b;c\n1|2;3', 'a.csv', { delimiter: '|' });
    expect(columns).toEqual(['a', 'b;c']);
  });

  it('reads tabs between spreadsheet cells that hold quotes', () => {
    const { delimiter, quotes } = detectDialect('q\ta\n"One\n2"\tyes\n', true, options);
    expect({ delimiter, quotes }).toEqual({ delimiter: '\t', quotes: true });
  });
});

describe('looksLikeHeader', () => {
  it.each([
    [
      'common names',
      [
        ['text', 'label'],
        ['x', 'label'],
      ],
      true,
    ],
    [
      'a text above numbers',
      [
        ['Wert', 'Wort'],
        ['1', 'a'],
        ['2', 'b'],
      ],
      true,
    ],
    [
      'numbers above numbers',
      [
        ['1', 'What?'],
        ['2', 'Why?'],
      ],
      false,
    ],
    [
      'a value that comes again',
      [
        ['Good film', 'pos'],
        ['Bad one', 'neg'],
        ['Fine', 'pos'],
      ],
      false,
    ],
    [
      'a long text',
      [
        ['x'.repeat(300), 'pos'],
        ['y', 'neg'],
      ],
      false,
    ],
    [
      'nothing that speaks for either',
      [
        ['eins', 'zwei'],
        ['a', 'b'],
      ],
      true,
    ],
    [
      'Korean names',
      [
        ['문장', '감정'],
        ['좋다', '긍정'],
        ['싫다', '감정'],
      ],
      true,
    ],
    [
      'years above numbers and a common name',
      [
        ['id', '2019'],
        ['1', '5'],
      ],
      true,
    ],
    [
      'a header that a file put together repeats',
      [
        ['eins', 'zwei'],
        ['a', 'b'],
        ['eins', 'zwei'],
      ],
      true,
    ],
  ])('takes %s: %j', (_, rows, header) => {
    expect(looksLikeHeader(rows)).toBe(header);
  });

  it('names columns by place where there is none, and obeys the person', async () => {
    const text = '1,What?,yes\n2,Why?,no\n';
    const found = await read(text, 'a.csv');
    expect(found.columns).toEqual(['column 1', 'column 2', 'column 3']);
    expect(found.records.map(({ line }) => line)).toEqual([1, 2]);
    const told = await read(text, 'a.csv', { header: true });
    expect(told.columns).toEqual(['1', 'What?', 'yes']);
    const other = await read('input,label\nx,y\n', 'a.csv', { header: false });
    expect(other.records).toHaveLength(2);
  });
});

describe('files without rows', () => {
  it.each([
    ['a.csv', ''],
    ['a.csv', ' \n\t\n'],
    ['a.csv', '\ufeff'],
    ['a.csv', '\ufeff\n'],
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

describe('files that are no tables', () => {
  it.each([
    ['an old or protected Excel', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0])],
    ['a PDF document', Buffer.from('%PDF-1.7\n')],
    ['an encrypted Parquet file', Buffer.from('PARE....')],
    ['a SQLite database', Buffer.from('SQLite format 3\0')],
    ['a RAR archive', Buffer.from('Rar!\x1a\x07\x00')],
    ['a tar archive', Buffer.concat([Buffer.alloc(257, 'x'), Buffer.from('ustar\0')])],
    ['a binary file', Buffer.from('input\na\0b\n')],
  ])('%s is refused', async (name, bytes) => {
    await expectFailure(read(bytes, 'table.csv'), 'file-binary', 'table.csv', name);
  });

  it('names the line of a zero byte deep in a text', async () => {
    const text = `input,label\n${'x,y\n'.repeat(200_000)}x,\0\n`;
    await expectFailure(read(text, 'a.csv'), 'file-binary', 'a.csv, line 200002: ');
  });
});

describe('rows too long to be rows', () => {
  const long = 'x'.repeat((1 << 24) + (1 << 20));
  it.each([
    ['a.csv', `input,label\n1,2\n"${long}`, 'file-too-large', 'line 3'],
    ['a.csv', `input,label\n${long}`, 'file-too-large', 'line 2'],
    ['a.jsonl', `{"a":1}\n{"a":"${long}"}\n`, 'file-too-large', 'line 2'],
    ['a.json', `[{"a":1},\n{"a":"${long}"}]`, 'file-too-large', 'line 2'],
  ] as const)('%s is refused with the line the row begins on', async (name, text, code, words) => {
    await expectFailure(read(text, name), code, words, '16,777,216');
  });
});
