import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SheetData } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { expectFailure, read } from '../support.ts';

const table = 'id;question;note;answer\n1;What is one?;;a number\n2;What is red?;x;a colour\n';
const names = ['id', 'question', 'note', 'answer'];

describe('a title above a table', () => {
  it.each([
    ['a row as a spreadsheet saves it', 'Report 2024;;;\n', 1],
    ['a bare line', 'Report 2024\n', 1],
    ['a line with commas and quotes', 'Report, "2024", Seoul\n', 1],
    ['a title, an empty line', 'Report 2024\n\n', 2],
    ['empty rows around it', '\n;;;\nReport 2024;;;\n;;;\n', 4],
    [
      'a title and notes',
      'Report 2024;;;\nSource:;City of Seoul;;\nAll figures checked.;;;\n\n',
      4,
    ],
    ['a title in the middle', ';Report;;\n', 1],
    ['a quoted title of two lines', '"Report\n2024";;;\n', 2],
  ])('is passed over: %s', async (_, title, skipped) => {
    const found = await read(`${title}${table}`, 'a.csv');
    expect(found).toMatchObject({ columns: names, delimiter: ';', header: true, skipped });
    expect(found.records.map(({ line }) => line)).toEqual([skipped + 2, skipped + 3]);
  });

  it.each([
    ['tabs', 'Ausgabe\n\na\tb\nx\ty\nz\tw\n', '\t', ['a', 'b'], 2],
    [
      'commas',
      '설문 결과\n번호,문장,감정\n1,좋다,긍정\n2,싫다,부정\n',
      ',',
      ['번호', '문장', '감정'],
      1,
    ],
    ['bars', 'Notes: see below\nx|y|z\nm|n|o\np|q|r\n', '|', ['x', 'y', 'z'], 1],
  ])('is passed over in a table with %s', async (_, text, delimiter, columns, skipped) => {
    expect(await read(text, 'a.csv')).toMatchObject({ delimiter, columns, skipped });
    expect(await read(gzipSync(text), 'a.csv.gz')).toMatchObject({ columns, skipped });
  });

  it.each([
    ['names as usual', table],
    ['a nameless column', ',input\n0,one\n1,two\n'],
    ['names with an empty one among them', 'a,,c\n1,2,3\n4,5,6\n'],
    ['a first row with fewer names than values', 'text,label\nHello, you,pos\nGood, bad,neg\n'],
    ['one column of sentences', 'sentences\nHello, you\nGood, bad\nYes, no\n'],
    ['one column of sentences with two commas each', 'question\nHello, you, there\nYes, no, so\n'],
    ['rows without names', '1,What?,yes\n2,Why?,no\n'],
    ['a short row among the data', 'a,b,c\nonly\nx,y,z\n'],
    ['one column', 'Title\nname\nx\ny\n'],
    ['sparse rows', 'a,b,c,d\n1,,,\n,2,,\n'],
    ['one row', 'a,b,c\n1,2,3\n'],
  ])('is not seen where the first row fits: %s', async (_, text) => {
    const outcome = await read(text, 'a.csv').catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome.message).toMatch(/, line [23]: The row has/);
    else expect(outcome).toMatchObject({ skipped: 0 });
  });

  it('is what the person says', async () => {
    const text = `Report 2024;;;\n${table}`;
    const all = await read(text, 'a.csv', { skip: 0 });
    expect(all.columns).toEqual(['Report 2024', 'column 2', 'column 3', 'column 4']);
    expect(all.records.map(({ line }) => line)).toEqual([2, 3, 4]);
    const more = await read(text, 'a.csv', { skip: 2, header: false });
    expect(more).toMatchObject({ skipped: 2, header: false });
    expect(more.records.map(({ line }) => line)).toEqual([3, 4]);
    const headless = await read(text, 'a.csv', { header: false });
    expect(headless).toMatchObject({ skipped: 1, header: false });
    expect(headless.records[0]).toEqual({ line: 2, values: names });
    await expectFailure(read(text, 'a.csv', { skip: 9 }), 'file-empty', 'a.csv');
  });

  it('leaves the lines of faults those of the file', async () => {
    const text = `Report 2024\n\n${table}3;"broken;;\n`;
    await expectFailure(read(text, 'a.csv'), 'file-syntax', 'line 6: ', 'never closed');
    await expectFailure(
      read(`Report\n\n${table}3;x\n`, 'a.csv'),
      'file-syntax',
      'line 6: ',
      '2 values',
    );
    await expectFailure(
      read('Report\n\na,b,a\n1,2,3\n', 'a.csv'),
      'file-syntax',
      'line 3: ',
      '“a”',
    );
    const lines = `${'x'.repeat(99)}\n`.repeat(10_000);
    const far = await read(`${lines}a;b\n1;2\n`, 'a.csv', { skip: 10_000, delimiter: ';' });
    expect(far.records).toEqual([{ line: 10_002, values: ['1', '2'] }]);
  });
});

describe('a title above a sheet', () => {
  const cell = (value: string | number) => ({ value });
  const rows: SheetData = [
    [cell('id'), cell('question'), cell('answer')],
    [cell(1), cell('What is one?'), cell('a number')],
    [cell(2), cell('What is red?')],
  ];
  const sheet = (titles: SheetData): Promise<Buffer> =>
    writeXlsxFile([...titles, ...rows], {}).toBuffer();

  it.each([
    ['none', [], 0],
    ['a title', [[cell('Report 2024')]], 1],
    ['a title, an empty row', [[cell('Report 2024')], [null]], 2],
    ['notes to the right', [[null, cell('Report 2024')], [cell('as of 2024')], [null]], 3],
  ] as [string, SheetData, number][])('%s', async (_, titles, skipped) => {
    const file = await sheet(titles);
    const found = await read(file, 'a.xlsx');
    expect(found).toMatchObject({ columns: ['id', 'question', 'answer'], header: true, skipped });
    expect(found.records.map(({ line }) => line)).toEqual([skipped + 2, skipped + 3]);
    const told = await read(file, 'a.xlsx', { skip: skipped + 1, header: false });
    expect(told).toMatchObject({ skipped: skipped + 1, header: false });
    expect(told.records).toHaveLength(2);
  });

  it('is not seen where the person says that there is none', async () => {
    const found = await read(await sheet([[cell('Report 2024')]]), 'a.xlsx', { skip: 0 });
    expect(found.columns[0]).toBe('Report 2024');
    expect(found.records[0]?.line).toBe(2);
  });
});
