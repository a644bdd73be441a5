import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { SheetData } from 'write-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';
import { dateText, isDateFormat } from '../../../../electron/stages/import/read/sheet-values.ts';
import { expectFailure, read } from '../support.ts';

const workbook = (sheets: { data: SheetData; sheet: string }[]): Promise<Buffer> =>
  writeXlsxFile(sheets).toBuffer();
const cell = (value: string | number | boolean) => ({ value });
const date = (value: Date, format: string) => ({ value, format });

const rows: SheetData = [
  [cell('id'), cell('question'), null, cell('when'), cell('right')],
  [
    cell(1),
    cell('a & <b>\n"고양이"'),
    null,
    date(new Date(Date.UTC(2024, 1, 29)), 'yyyy-mm-dd'),
    cell(true),
  ],
  [
    cell(2.5),
    cell('two'),
    cell('note'),
    date(new Date(Date.UTC(2024, 1, 29, 13, 5)), 'yyyy-mm-dd hh:mm'),
    cell(false),
  ],
  [null, null, null],
  [cell(4), cell('four')],
];

/** A workbook with a hand-written sheet in place of its own. */
async function withSheet(cells: string): Promise<Buffer> {
  const files = unzipSync(await workbook([{ data: [[cell('x')]], sheet: 'One' }]));
  const path = Object.keys(files).find((name) => name.includes('worksheets/sheet')) ?? '';
  const xml = strFromU8(files[path] ?? new Uint8Array());
  files[path] = strToU8(
    xml.replace(/<sheetData>.*<\/sheetData>/s, `<sheetData>${cells}</sheetData>`),
  );
  return Buffer.from(zipSync(files));
}

describe('workbooks', () => {
  it('gives numbers, dates, truth values and texts, and passes over empty rows', async () => {
    const file = await workbook([{ data: rows, sheet: 'Rows' }]);
    const table = await read(file, 'a.xlsx');
    expect(table.format).toBe('xlsx');
    expect(table.columns).toEqual(['id', 'question', 'column 3', 'when', 'right']);
    expect(table.records).toEqual([
      { line: 2, values: [1, 'a & <b>\n"고양이"', undefined, '2024-02-29', true] },
      { line: 3, values: [2.5, 'two', 'note', '2024-02-29 13:05:00', false] },
      { line: 5, values: [4, 'four'] },
    ]);
  });

  it('offers its sheets, reads the first or the chosen one', async () => {
    const file = await workbook([
      { data: [[cell('a')], [cell('x')]], sheet: 'Eins' },
      { data: [[cell('b')], [cell('y')]], sheet: '둘 & drei' },
    ]);
    expect((await read(file, 'a.xlsx')).columns).toEqual(['a']);
    expect((await read(file, 'a.xlsx', { entry: '둘 & drei' })).columns).toEqual(['b']);
    await expectFailure(read(file, 'a.xlsx', { entry: 'Vier' }), 'file-unreadable', '“Vier”');
  });

  it('gives the saved value of a formula, inline texts, errors, and characters that XML lacks', async () => {
    const file = await withSheet(
      '<row r="1"><c r="B1" t="inlineStr"><is><t>name</t></is></c><c r="C1" t="str"><v>value</v></c></row>' +
        '<row r="7"><c r="B7" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r><rPh><t>aside</t></rPh></is></c><c r="C7"><f>1+1</f><v>2</v></c></row>' +
        '<row><c t="str"><f>A1</f><v>a_x000D__x000A_b&#233;&lt;</v></c><c t="e"><v>#N/A</v></c></row>',
    );
    const { columns, records } = await read(file, 'a.xlsx');
    expect(columns).toEqual(['name', 'value']);
    expect(records).toEqual([
      { line: 7, values: ['rich', 2] },
      { line: 8, values: ['#N/A'] },
    ]);
    const headless = await read(file, 'a.xlsx', { header: false });
    expect(headless.columns).toEqual(['column 1', 'column 2']);
  });

  it('names the row that is damaged, and refuses what stands far to the right', async () => {
    const start =
      '<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>';
    const missing = await withSheet(`${start}<row r="3"><c r="A3" t="s"><v>99</v></c></row>`);
    await expectFailure(read(missing, 'a.xlsx'), 'file-syntax', 'a.xlsx, row 3: ', 'damaged');
    const wide = await withSheet(`${start}<row r="5"><c r="XFD5"><v>1</v></c></row>`);
    await expectFailure(read(wide, 'a.xlsx'), 'file-syntax', 'a.xlsx, row 5: ', '1,000');
    const far = await withSheet(`${start}<row r="1048576"><c r="A1048576"><v>1</v></c></row>`);
    expect((await read(far, 'a.xlsx')).records.at(-1)?.line).toBe(1_048_576);
  });

  it.each([
    [0.5, 'h:mm', false, '12:00:00'],
    [1, 'yyyy', false, '1900-01-01'],
    [59, 'yyyy', false, '1900-02-28'],
    [61, 'yyyy', false, '1900-03-01'],
    [45_351, 'yyyy', false, '2024-02-29'],
    [45_351.5, 'yyyy hh', false, '2024-02-29 12:00:00'],
    [0, 'yyyy', true, '1904-01-01'],
    [-1, 'yyyy', false, null],
    [1e9, 'yyyy', false, null],
  ])('day %d in %s is %s', (days, format, from1904, text) => {
    expect(dateText(days, format, from1904)).toBe(text);
  });

  it.each([
    [14, undefined, true],
    [0, undefined, false],
    [164, 'yyyy"년" m"월"', true],
    [165, '[$-409]h:mm AM/PM', true],
    [166, '[h]:mm', true],
    [167, '#,##0.00 "days"', false],
    [168, '[Red]0.0', false],
    [169, 'General', false],
    [170, 'mm:ss.000', true],
  ])('number format %d %s writes dates: %s', (id, code, dates) => {
    expect(isDateFormat(id, code) !== null).toBe(dates);
  });
});
