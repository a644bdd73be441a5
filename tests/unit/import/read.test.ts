import { describe, expect, it } from 'vitest';
import { findQuoteFault } from '../../../electron/stages/import/csv.ts';
import { expectFailure, read, rowsOf } from './support.ts';

/** A thousand rows; `broken` stands on line 700. */
function withLine700(line: (n: number) => string, broken: string): string {
  const rows = Array.from({ length: 1_000 }, (_, i) => (i + 2 === 700 ? broken : line(i + 2)));
  return ['id,input,label', ...rows].join('\n') + '\n';
}
const plain = (n: number): string => `${n},What is ${n}?,yes`;
const quoted = (n: number): string => `"${n}","What is ""${n}""?","yes"`;

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
    expect((await read('text,2,1\na,b,c', 'a.csv')).table.columns).toEqual(['text', '2', '1']);
  });

  it('calls nameless columns by their place and skips rows without content', async () => {
    const { table } = await read(',input\n0,one\n,\n1,two\n', 'a.csv');
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
    await expectFailure(read(`${text}\ny\n`, 'a.csv'), 'file-syntax', 'line 1', '8,000,000');
    await expectFailure(
      read(`${'x,'.repeat(500_000)}\n`, 'a.csv'),
      'file-syntax',
      '500,001 values',
    );
    const quoted = `"${text}","${text}"`;
    await expectFailure(read(`${quoted}\n1,2\n`, 'a.csv'), 'file-syntax', '8,000,000');
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

  it('finds no fault in sound text', () => {
    expect(findQuoteFault(withLine700(quoted, quoted(700)), ',')).toBeNull();
    expect(findQuoteFault('a;"b;""";c\n"";x', ';')).toBeNull();
  });
});

describe('JSON', () => {
  it('reads a list of objects with their lines', async () => {
    const text =
      '[\n  {"input": "one", "n": 1},\n\n  {"input": "two",\n   "n": 2.5}, {"input": null}\n]';
    expect(await rowsOf(text, 'a.json')).toEqual([
      [2, 'one', '1'],
      [4, 'two', '2.5'],
      [5, '', ''],
    ]);
  });

  it('reads an object that holds one list of rows among other fields', async () => {
    const text =
      '{"labels": ["a", "b"],\n "rows": [\n{"input": "x"},\n{"input": "y"}], "tags": [\n"a"], "n": {"rows": [1]}}';
    expect(await rowsOf(text, 'a.json')).toEqual([
      [3, 'x'],
      [4, 'y'],
    ]);
  });

  it('spreads nested objects, shows lists as JSON, and keeps long numbers whole', async () => {
    const row = {
      id: 0,
      answer: { text: 'sea', at: { line: 3 } },
      choices: ['a', 'b'],
      deep: {},
      ok: true,
      none: null,
    };
    const text = JSON.stringify([row]).replace('"id":0', '"id":12345678901234567890');
    const { table } = await read(text, 'a.json');
    expect(table.columns).toEqual([
      'id',
      'answer.text',
      'answer.at.line',
      'choices',
      'deep',
      'ok',
      'none',
    ]);
    expect(await rowsOf(text, 'a.json')).toEqual([
      [1, '12345678901234567890', 'sea', '3', '["a","b"]', '{}', 'true', ''],
    ]);
  });

  it('adds columns as they appear', async () => {
    const { table } = await read('[{"a":1},{"b":2,"a":3}]', 'a.json');
    expect(table.columns).toEqual(['a', 'b']);
    expect(table.records.map(({ values }) => values)).toEqual([[1], [3, 2]]);
  });

  it.each([
    ['[\n{"a": 1},\n{"a": x}\n]', 3, 7, 'unexpected "x"'],
    ['[\n{"a": 1}\n{"a": 2}\n]', 3, 1, 'comma'],
    ['[\n{"a": 1},\n]', 3, 1, 'unexpected "]"'],
    ['[{"a": 1,}]', 1, 10, 'field name'],
    ['[{"a" 1}]', 1, 7, 'colon'],
    ['[{"a": "x\ty"}]', 1, 8, 'escaped'],
    ['[{"a": "x\ny"}]', 1, 8, 'not closed'],
    ['[{"a": "x}]\n', 1, 8, 'not closed'],
    ['[{"a": 01}]', 1, 8, 'unexpected "0"'],
    ['[{"a": "\\q"}]', 1, 8, 'escaped'],
    ['[{"a": 1}]\n]', 2, 1, 'more text after the end'],
    ['[{"a": 1},\n{"a": 2}', 2, 9, 'ends too early'],
    ["[{'a': 1}]", 1, 3, 'field name'],
    ['[{"a": NaN}]', 1, 8, 'unexpected "N"'],
    ['not json', 1, 1, 'unexpected "n"'],
  ])('names line and column of the error in %j', async (text, line, column, words) => {
    await expectFailure(
      read(text, 'a.json'),
      'file-syntax',
      `a.json, line ${line}: `,
      `at column ${column}.`,
      words,
    );
  });

  it('names the line of an element that is no object', async () => {
    await expectFailure(
      read('[{"a":1},\n7,\n{"a":2}]', 'a.json'),
      'file-syntax',
      'line 2',
      'Element 2',
      'a number',
    );
    await expectFailure(read('[\n["a"]]', 'a.json'), 'file-syntax', 'line 2', 'a list');
  });

  it.each([
    ['{"train":[{"a":1}],"test":[{"a":2}]}', '2 lists: “train”, “test”'],
    ['{\n"a":{"0":"x"}}', 'an object without a list'],
    ['{\n"a":[1,2]}', 'an object without a list'],
    ['{"a":1}', 'an object without a list'],
    ['"text"', 'a string without a list'],
    ['7', 'a number without a list'],
  ])('says why %j holds no table', async (text, words) => {
    await expectFailure(read(text, 'a.json'), 'file-syntax', words);
  });

  it('answers to absurd nesting and to a flood of fields', async () => {
    await expectFailure(read('['.repeat(200_000), 'a.json'), 'file-syntax');
    const nested = `[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`;
    await expectFailure(read(nested, 'a.json'), 'file-syntax', 'line 1', '“a”', '100 deep');
    const objects = `[{"a":${'{"b":'.repeat(50_000)}1${'}'.repeat(50_000)}}]`;
    await expectFailure(read(objects, 'a.json'), 'file-syntax', 'line 1', '100 deep');
    const flood = JSON.stringify(Array.from({ length: 1_200 }, (_, i) => ({ [`id${i}`]: i })));
    await expectFailure(read(flood, 'a.json'), 'file-syntax', '1,000 different fields');
  });

  it('keeps a field called __proto__ a field', async () => {
    const { table } = await read('[{"__proto__": "x", "input": "y"}]', 'a.json');
    expect(table.columns).toEqual(['__proto__', 'input']);
  });
});

describe('JSON Lines', () => {
  it('reads one object a line and skips empty lines', async () => {
    expect(await rowsOf('{"a":1}\n\n  {"a":"x"}  \n{"b":2}', 'a.jsonl')).toEqual([
      [1, '1', ''],
      [3, 'x', ''],
      [4, '', '2'],
    ]);
  });

  it('reads one row', async () => {
    expect(await rowsOf('{"a":1}', 'a.jsonl')).toEqual([[1, '1']]);
  });

  it.each([
    ['a line cut off', '{"input": "x", "label":', 'ends too early at column 24'],
    [
      'two objects on a line',
      '{"input": "x"} {"input": "y"}',
      'more text after the end at column 16',
    ],
    ['a line that is no JSON', 'input: x', 'unexpected "i" at column 1'],
    ['a line that is a list', '["x"]', 'a list, not an object'],
    ['a line that is null', 'null', 'null, not an object'],
  ])('names line 700 for %s', async (_, broken, words) => {
    const lines = Array.from({ length: 1_000 }, (_, i) =>
      i + 1 === 700 ? broken : JSON.stringify({ input: `x ${i}`, label: 'y' }),
    );
    await expectFailure(
      read(lines.join('\n'), 'train.jsonl'),
      'file-syntax',
      'train.jsonl, line 700: ',
      words,
    );
  });
});
