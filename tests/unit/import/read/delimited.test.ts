import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import type { DelimitedRow } from '../../../../electron/stages/import/read/delimited-rows.ts';
import { RowReader } from '../../../../electron/stages/import/read/delimited-rows.ts';
import { expectFailure, read, rowsOf } from '../support.ts';

/** A thousand rows; `broken` stands on line 700. */
function withLine700(line: (n: number) => string, broken: string): string {
  const rows = Array.from({ length: 1_000 }, (_, i) => (i + 2 === 700 ? broken : line(i + 2)));
  return ['id,input,label', ...rows].join('\n') + '\n';
}
const plain = (n: number): string => `${n},What is ${n}?,yes`;
const quoted = (n: number): string => `"${n}","What is ""${n}""?","yes"`;

/** What is wrong with the quotes of a text, read in one piece. */
async function faultOf(text: string, delimiter: string): Promise<unknown> {
  const reader = new RowReader({ delimiter, quotes: true });
  await reader.push(text);
  await reader.end();
  return reader.fault;
}

describe('CSV', () => {
  it('keeps line breaks, delimiters and quotes inside quotes, and knows where rows begin', async () => {
    const text = 'input,label\n"one,\ntwo\n",a\n\n"say ""hi""",b\n\n\nlast,c';
    expect(await rowsOf(text, 'a.csv')).toEqual([
      [2, 'one,\ntwo\n', 'a'],
      [6, 'say "hi"', 'b'],
      [9, 'last', 'c'],
    ]);
  });

  it('keeps the order of columns that are numbers', async () => {
    expect((await read('text,2,1\na,b,c', 'a.csv')).columns).toEqual(['text', '2', '1']);
  });

  it('calls nameless columns by their place and skips rows without content', async () => {
    const table = await read(',input\n0,one\n,\n1,two\n', 'a.csv');
    expect(table.columns).toEqual(['column 1', 'input']);
    expect(table.records.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('reads semicolons, tabs and quoted tabs', async () => {
    expect(await rowsOf('a;b\n1,5;2', 'a.csv')).toEqual([[2, '1,5', '2']]);
    expect(await rowsOf('a\tb\n"x\ty"\t2', 'a.tsv')).toEqual([[2, 'x\ty', '2']]);
  });

  it('survives characters on the border of its slices', async () => {
    const text = `a,b\n${'한국어 🙂,"x\ny"\n'.repeat(8_000)}`;
    const rows = await rowsOf(text, 'a.csv');
    expect(rows).toHaveLength(8_000);
    expect(new Set(rows.map(([, ...values]) => values.join('|')))).toEqual(
      new Set(['한국어 🙂|x\ny']),
    );
    expect(rows[7_999]?.[0]).toBe(2 + 2 * 7_999);
  });

  it('refuses a first line that can not be column names, however long it is', async () => {
    const text = 'x'.repeat(8_000_000);
    await expectFailure(
      read(`${text}\ny\n`, 'a.csv', { header: true }),
      'file-syntax',
      'line 1',
      '8,000,000',
    );
    await expectFailure(
      read(`${'x,'.repeat(500_000)}\n`, 'a.csv'),
      'file-syntax',
      '500,001 values',
    );
    const quoted = `"${text}","${text}"`;
    await expectFailure(
      read(`${quoted}\n1,2\n`, 'a.csv', { header: true }),
      'file-syntax',
      '8,000,000',
    );
  });

  it('refuses two columns of one name', async () => {
    await expectFailure(read('a,b,a\n1,2,3', 'a.csv'), 'file-syntax', 'line 1', '“a”');
  });

  it.each([
    ['a quote that is never closed', plain, '700,"What is 700?,yes', 'never closed'],
    [
      'an open quote that a later row closes',
      quoted,
      '"700","What is 700?,"yes"',
      'with more text',
    ],
    [
      'an open quote that the next row closes',
      quoted,
      '"700","What is it?","yes',
      /closed on line 701 with more/,
    ],
    ['text after a closing quote', plain, '700,"What" is 700?,yes', 'with more text'],
    ['a quote inside plain text', plain, '700,What is "700"?,yes', 'in the middle'],
    [
      'a closing quote without an opening one',
      quoted,
      '"700",What is 700?","yes"',
      'in the middle',
    ],
    ['a value too many', plain, '700,What, 700?,yes', '4 values; the first row names 3'],
    ['a value too few', plain, '700', '1 value; the first row names 3'],
    ['a quote that swallows a row', plain, '700,"What\n701 is?",yes,no', /ends on line 701 has 4/],
  ])('names line 700 for %s', async (_, line, broken, words) => {
    const text = withLine700(line, broken);
    await expectFailure(read(text, 'train.csv'), 'file-syntax', 'train.csv, line 700: ', words);
  });

  it('names line 700 for a quote opened on it and broken many lines later', async () => {
    const rows = withLine700(plain, '700,"What is 700?,yes').split('\n');
    rows[899] = '900,"odd",yes'; // the file's line 900
    await expectFailure(read(rows.join('\n'), 'a.csv'), 'file-syntax', 'line 700', 'line 900');
  });

  it('names the line on which a later value of a long row opened its quote', async () => {
    const row = (last: string): string => `input,note,label\n\n"one\ntwo","three\nfour",${last}\n`;
    const after = read(row('"yes\n\nor" no'), 'a.csv');
    await expectFailure(after, 'file-syntax', 'line 5: ', 'closed on line 7 with more');
    await expectFailure(read(row('y"es"'), 'a.csv'), 'file-syntax', 'line 5: ', 'in the middle');
    await expectFailure(read(row('"yes'), 'a.csv'), 'file-syntax', 'line 5: ', 'never closed');
  });

  it('finds no fault in sound text', async () => {
    expect(await faultOf(withLine700(quoted, quoted(700)), ',')).toBeNull();
    expect(await faultOf('a;"b;""";c\n"";x', ';')).toBeNull();
  });
});

describe('tab-separated text', () => {
  it('takes quotes inside a value for what they are, as spreadsheets copy them', async () => {
    const text = 'question\tanswer\r\n"What\nnow?"\tyes\r\nsay "hi"\tno\r\n';
    expect(await rowsOf(text, 'pasted text')).toEqual([
      [2, 'What\nnow?', 'yes'],
      [4, 'say "hi"', 'no'],
    ]);
  });

  it('takes quotes that are never closed for plain text where all lines have equal values', async () => {
    const text = 'q\tlabel\n"Not closed\t1\n"Nor this\t0\n';
    expect(await rowsOf(text, 'a.tsv')).toEqual([
      [2, '"Not closed', '1'],
      [3, '"Nor this', '0'],
    ]);
  });
});

describe('tab-separated text with quotes that mean nothing', () => {
  it('keeps a quote at the beginning of a value, and names one that swallows lines', async () => {
    const table = 'q\ta\n"One\nline"\tyes\n';
    expect(await rowsOf(`${table}"Two" words\tno\n"""so"" he\nsaid"\tno\n`, 'a.tsv')).toEqual([
      [2, 'One\nline', 'yes'],
      [4, '"Two" words', 'no'],
      [5, '"so" he\nsaid', 'no'],
    ]);
    const swallowed = `${table}fine\t"What?\nfine\tno\n"three\tno\n`;
    await expectFailure(
      read(swallowed, 'a.tsv'),
      'file-syntax',
      'a.tsv, line 4: ',
      'closed on line 6 with more',
    );
  });
});

describe('rows by rows', () => {
  const pieces = ['"', '""', ',', '\n', 'a', 'b c', ' ', '한', 'x'];

  it('and their lines are the same wherever the text is cut, for 2,000 random tables', async () => {
    const random = new Random(7);
    let sound = 0;
    for (let i = 0; i < 2_000; i++) {
      const text = Array.from({ length: random.integer(1, 14) }, () => random.pick(pieces)).join(
        '',
      );
      const reader = new RowReader({ delimiter: ',', quotes: true });
      const rows: DelimitedRow[] = [];
      for (let at = 0; at < text.length;) {
        const end = at + random.integer(1, 4);
        rows.push(...(await reader.push(text.slice(at, end))));
        at = end;
      }
      rows.push(...(await reader.end()));
      const expected = parsed(text);
      if (expected !== null) sound += 1;
      const fields = rows.map((row) => row.fields);
      expect(reader.fault === null ? fields : null, JSON.stringify(text)).toEqual(expected);
      let before = 0;
      for (const { line, lastLine, fields } of rows) {
        const breaks = fields.join('').split('\n').length - 1;
        expect([lastLine - line, line > before], JSON.stringify(text)).toEqual([breaks, true]);
        before = lastLine;
      }
      const lines = text.split('\n').length;
      if (reader.fault === null) expect(before).toBeLessThanOrEqual(lines);
    }
    expect(sound).toBeGreaterThan(500);
    expect(sound).toBeLessThan(1_900);
  });

  /** Null where the quotes are broken. */
  function parsed(text: string): string[][] | null {
    try {
      return parse(text, {
        record_delimiter: '\n',
        skip_empty_lines: true,
        relax_column_count: true,
      });
    } catch {
      return null;
    }
  }
});
