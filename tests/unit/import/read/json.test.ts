import { describe, expect, it } from 'vitest';
import { expectFailure, read, rowsOf } from '../support.ts';

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
    const table = await read(text, 'a.json');
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
    const table = await read('[{"a":1},{"b":2,"a":3}]', 'a.json');
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
    const table = await read('[{"__proto__": "x", "input": "y"}]', 'a.json');
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
