import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRows, grouped } from '../../../electron/predictor/answering-rows.ts';
import { chooseColumns, questionOf } from '../../../electron/predictor/questions.ts';
import type { Row } from '../../../electron/predictor/questions.ts';
import { openTable, standardInput } from '../../../electron/predictor/reading.ts';
import { WholeFile, rowFormat } from '../../../electron/predictor/writing.ts';
import { explaining } from '../../support/predictor-folder.ts';
import { shouting } from './made-student.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rowsOf(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, content);
  const table = await openTable(path);
  const rows: Row[] = [];
  for await (const row of table.rows) rows.push(row);
  return { columns: table.columns, rows };
}

async function fromInput(text: string, jsonl = false): Promise<Row[]> {
  const rows: Row[] = [];
  const bytes = Buffer.from(text);
  async function* chunks() {
    // Cut inside lines and characters.
    for (let at = 0; at < bytes.length; at += 5) yield bytes.subarray(at, at + 5);
  }
  for await (const row of standardInput(chunks(), jsonl)) rows.push(row);
  return rows;
}

const none = { input: null, choices: null, rationale: null };
const asked = { columns: none, rationale: false, tokens: false, batchSize: 4, hello: false };

describe('rows of files', () => {
  it.each([
    ['commas.csv', '\ufeffid,input\n1,"a, ""b""\nc"\n2,d\n'],
    ['semicolons.csv', 'id;input\r\n1;"a, ""b""\nc"\r\n2;d\r\n'],
    ['tabs.tsv', 'id\tinput\n1\t"a, ""b""\nc"\n2\td\n'],
  ])('are read from %s', async (name, content) => {
    const { columns, rows } = await rowsOf(name, content);
    expect(columns).toEqual(['id', 'input']);
    expect(rows.map(({ values }) => values)).toEqual([
      { id: '1', input: 'a, "b"\nc' },
      { id: '2', input: 'd' },
    ]);
  });

  it('keep columns of any name', async () => {
    const { columns, rows } = await rowsOf('names.csv', 'input,__proto__,constructor\na,b,c\n');
    const answered = await answerRows(shouting(), rows, asked, null);
    const format = rowFormat('csv', columns, { rationale: false, tokens: false });
    expect(answered.map((one) => format.line(one)).join('')).toBe('a,b,c,A,0.25,,\n');
  });

  it('are as long as they are where the app tries a folder on them', async () => {
    const { rows } = await rowsOf('long.txt', 'a'.repeat(20_001));
    expect((await answerRows(shouting(), rows, asked, null))[0]?.error).toContain('20001 char');
    const tried = await answerRows(shouting(), rows, { ...asked, hello: true }, null);
    expect(tried[0]?.answer?.label).toHaveLength(20_001);
  });

  it('keep cells beyond the last column, and say so', async () => {
    const { rows } = await rowsOf('ragged.csv', 'id,input\n1,a,b,c\n2\n');
    expect(rows.map(({ problem }) => problem)).toEqual([
      'The row that ends at line 2 has 4 cells where the first line has 2.',
      'The row that ends at line 3 has 1 cells where the first line has 2.',
    ]);
    const line = rowFormat('csv', ['id', 'input'], { rationale: false, tokens: false }).line;
    const [first] = await answerRows(shouting(), rows, asked, null);
    expect(first && line(first)).toBe(
      '1,a,,,,The row that ends at line 2 has 4 cells where the first line has 2.,b,c\n',
    );
  });

  it.each([
    ['open.csv', 'id,input\n1,"a\n2,b\n', 'a quotation mark is not closed'],
    ['empty.csv', '', 'holds no rows'],
    ['twice.csv', 'a,a\n1,2\n', 'two columns named “a”'],
    ['binary.csv', new Uint8Array([97, 0xff, 0xfe]), 'no text in UTF-8'],
    ['rows.xlsx', 'PK', 'no ending that says what it is'],
  ])('%s is refused', async (name, content, said) => {
    await expect(rowsOf(name, content)).rejects.toThrow(said);
  });

  it('that is not there is named', async () => {
    await expect(
      openTable(join(folder, 'missing.csv')).then(({ rows }) =>
        rows[Symbol.asyncIterator]().next(),
      ),
    ).rejects.toThrow("missing.csv” can't be read");
  });
});

describe('rows of standard input', () => {
  it('are texts, a line each', async () => {
    const rows = await fromInput('한 줄\n\n  two \r\nthree');
    expect(rows.map(({ line, values, json }) => [line, values['input'], json])).toEqual([
      [1, '한 줄', false],
      [3, '  two ', false],
      [4, 'three', false],
    ]);
  });

  it('are JSON where the first begins an object, and a bad line is kept', async () => {
    const rows = await fromInput('{"input":"a","id":7}\n{bad\n[1]\n"b"\n');
    expect(rows.map(({ values, problem }) => [values, problem])).toEqual([
      [{ input: 'a', id: 7 }, null],
      [{ raw: '{bad' }, 'Line 2 is no JSON.'],
      [{ raw: '[1]' }, 'Line 3 is no JSON object.'],
      [{ input: 'b' }, null],
    ]);
  });

  it('are JSON where it is said', async () => {
    expect(await fromInput('oops\n', true)).toMatchObject([{ problem: 'Line 1 is no JSON.' }]);
  });

  it('come in groups: what has arrived, and no more than asked for', async () => {
    async function* source() {
      yield* [1, 2, 3, 4, 5];
      await new Promise((done) => setTimeout(done, 60));
      yield 6;
    }
    const groups: number[][] = [];
    for await (const group of grouped(source(), 2)) groups.push(group);
    expect(groups).toEqual([[1, 2], [3, 4], [5], [6]]);
  });
});

describe('the columns that are read', () => {
  const student = { manifest: explaining };
  const choosing = { manifest: { ...explaining, task: 'multiple-choice' as const } };
  const reading = { manifest: { ...explaining, rationaleMark: 'Rationale:' } };

  it('are those with the usual names', () => {
    expect(chooseColumns(none, ['id', 'text', 'choices'], student)).toEqual({
      ...{ input: 'text', choices: null, rationale: null },
    });
    expect(chooseColumns(none, ['question', 'input', 'choices'], choosing)).toEqual({
      ...{ input: 'input', choices: 'choices', rationale: null },
    });
    expect(chooseColumns(none, ['input', 'teacherRationale'], reading)).toMatchObject({
      rationale: 'teacherRationale',
    });
  });

  it('are those that were named', () => {
    const named = { input: 'b', choices: 'c', rationale: null };
    expect(chooseColumns(named, ['b', 'c', 'input'], student)).toEqual(named);
  });

  it('are asked for where none fits', () => {
    expect(chooseColumns(none, ['a', 'b'], student)).toContain('--column');
    expect(chooseColumns({ ...none, input: 'x' }, ['a'], student)).toContain('no column “x”');
  });

  const row = (values: Row['values']): Row => ({ line: 1, values, json: true, problem: null });
  const columns = { input: 'input', choices: 'choices', rationale: null };

  it.each([
    [
      ['sea', 'sky'],
      ['sea', 'sky'],
    ],
    ['["sea", "sky"]', ['sea', 'sky']],
    ['sea | sky', ['sea', 'sky']],
    ['', null],
    [undefined, null],
    [
      [1, 2],
      ['1', '2'],
    ],
  ])('choices %j are %j', (choices, expected) => {
    expect(questionOf(row({ input: 'a', choices }), columns)).toMatchObject({ choices: expected });
  });

  it.each([
    [{ input: '  ' }, 'empty'],
    [{ input: null }, 'holds no text'],
    [{ input: 'a', choices: '[1' }, 'no list of texts'],
    [{ input: 'a', choices: 'a||b' }, 'A choice is empty'],
    [{ input: 'a', choices: Array.from({ length: 27 }, String) }, '26 are the most'],
    [{ input: 'x'.repeat(20_001) }, '20000 are the most'],
  ])('a row that cannot be asked says why', (values, said) => {
    expect(questionOf(row(values), columns)).toContain(said);
  });
});

describe('answered rows', () => {
  const rows: Row[] = [
    { line: 1, values: { input: 'yes', label: 'gold' }, json: true, problem: null },
    { line: 2, values: { label: 'gold', error: 'old' }, json: true, problem: null },
    { line: 3, values: { input: 'no' }, json: true, problem: null },
  ];

  it('keep what they had, in their order, whatever their columns are called', async () => {
    const answered = await answerRows(shouting({ threshold: 0.5 }), rows, asked, null);
    const { line } = rowFormat('jsonl', null, { rationale: false, tokens: false });
    expect(answered.map((one) => JSON.parse(line(one)) as unknown)).toEqual([
      { input: 'yes', label: 'gold', student_label: 'YES', student_confidence: 0.75 },
      { label: 'gold', error: 'old', error_2: expect.stringContaining('--column') },
      { input: 'no', student_label: 'NO', student_confidence: 0.25, ask: 'teacher' },
    ]);
  });

  it('do not become a table where each has columns of its own', () => {
    const shown = { rationale: false, tokens: false };
    expect(() => rowFormat('csv', null, shown)).toThrow('.jsonl');
    expect(() => rowFormat('txt', ['input'], shown)).toThrow('.jsonl');
  });

  it('appear under their name only when they are whole', async () => {
    const path = join(folder, 'whole.csv');
    await writeFile(path, 'old');
    const abandoned = await WholeFile.create(path);
    await abandoned.write('new');
    expect(await readFile(path, 'utf8')).toBe('old');
    await abandoned.abandon();
    const finished = await WholeFile.create(path);
    await finished.write('new');
    await finished.finish();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
