import { describe, expect, it } from 'vitest';
import type { ColumnMapping, MappedRow } from '../../../electron/contract/entities.ts';
import { nearest } from '../../../electron/stages/import/columns.ts';
import type { Target } from '../../../electron/stages/import/mapping.ts';
import { RowMapper } from '../../../electron/stages/import/mapping.ts';
import { Problems } from '../../../electron/stages/import/problems.ts';
import type { RowProblem } from '../../../electron/stages/import/problems.ts';
import { parseTemplate } from '../../../electron/stages/import/template.ts';
import { expectFailure, noColumns, read } from './support.ts';

const unplaced = { part: null, meta: null };
const text: Target = { task: 'text', labels: [] };
const choice: Target = { task: 'multiple-choice', labels: [] };
const nli: Target = { task: 'classification', labels: ['Entailment', 'neutral'] };

async function map(
  rows: object[],
  mapping: Partial<ColumnMapping>,
  target: Target = text,
): Promise<{ rows: MappedRow[]; valid: boolean[]; problems: RowProblem[] }> {
  const table = await read(rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl');
  const columns = { ...table, names: table.columns };
  const mapper = new RowMapper(columns, { ...noColumns, ...mapping }, target);
  const mapped = table.records.map((record) => mapper.map(record));
  mapper.settle(mapper.evidence);
  mapper.finish();
  return {
    rows: mapped.map(({ row }) => row),
    valid: mapped.map(({ valid }) => valid),
    problems: mapper.problems.list(),
  };
}

describe('RowMapper', () => {
  it('fills every role, trims all but the completion, and writes values as text', async () => {
    const row = {
      n: 7,
      q: '  Why?\n',
      gold: true,
      opts: ['a ', 2, null],
      why: ' because ',
      raw: ' Because.\n\nQ: …',
    };
    const { rows, problems } = await map([row], {
      id: 'n',
      input: 'q',
      label: 'gold',
      choices: ['opts'],
      rationale: 'why',
      completion: 'raw',
    });
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        externalId: '7',
        input: 'Why?',
        gold: 'true',
        choices: ['a', '2'],
        rationale: 'because',
        completion: ' Because.\n\nQ: …',
        ...unplaced,
      },
    ]);
  });

  it.each([
    ['input and label', { input: 'q', label: 'q' }, '“q” is used as the input and as the label'],
    ['template and label', { template: '{c} {q}', label: 'q' }, 'the input and as the label'],
    ['input and completion', { input: 'q', completion: 'q' }, 'the input and as the completion'],
    ['label and rationale', { input: 'q', label: 'c', rationale: 'c' }, 'as the rationale'],
    ['two choices', { input: 'q', choices: ['c', 'c'] }, '“c” is used for two of the choices'],
  ])('refuses one column as %s', async (_roles, mapping, words) => {
    await expectFailure(map([{ q: 'x', c: 'y' }], mapping), 'invalid-input', words);
  });

  it('lets the label be one of the choices, the id the input, a template name a column twice', async () => {
    const rows = [{ right: 'x', wrong: 'y', q: 'Which?' }];
    const quiz = { id: 'q', input: 'q', label: 'right', choices: ['right', 'wrong'] };
    expect((await map(rows, quiz, choice)).rows[0]).toMatchObject({ gold: 'x' });
    expect((await map(rows, { template: '{q} {q}' })).rows[0]?.input).toBe('Which? Which?');
  });

  it('refuses a text that no student could read', async () => {
    const long = 'x'.repeat(1_000_001);
    const mapping = { input: 'q', rationale: 'r', completion: 'c', choices: ['o'] };
    const { problems } = await map([{ q: long, r: long, c: long, o: [long] }], mapping);
    expect(problems.map(({ message }) => message)).toEqual(
      ['The input', 'The rationale', 'The completion', 'A choice'].map(
        (what) => `${what} has 1,000,001 characters, more than 1,000,000.`,
      ),
    );
    expect((await map([{ q: long.slice(1) }], { input: 'q' })).problems).toEqual([]);
  });

  it('leaves out what is absent, null or blank, and numbers rows without ids', async () => {
    const { rows } = await map([{ q: 'x', gold: null, why: '  ', raw: '\n' }, { q: 'y' }], {
      input: 'q',
      label: 'gold',
      rationale: 'why',
      completion: 'raw',
    });
    const empty = { gold: null, choices: null, rationale: null, completion: null, ...unplaced };
    expect(rows).toEqual([
      { externalId: 'row-1', input: 'x', ...empty },
      { externalId: 'row-2', input: 'y', ...empty },
    ]);
  });

  it('replaces half characters, which no database keeps', async () => {
    const { rows } = await map([{ q: 'a\ud800b' }], { input: 'q' });
    expect(rows[0]?.input).toBe('a\ufffdb');
  });

  it('names the lines of empty inputs and empty ids', async () => {
    const { problems } = await map(
      [
        { i: 1, q: 'x' },
        { i: ' ', q: 'y' },
        { i: 3, q: ' ' },
      ],
      {
        id: 'i',
        input: 'q',
      },
    );
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [2, 'The id is empty.'],
      [3, 'The input is empty.'],
    ]);
  });

  it('names both lines of a repeated id', async () => {
    const { problems } = await map(
      [
        { i: 'a', q: 'x' },
        { i: 'b', q: 'y' },
        { i: ' a', q: 'z' },
      ],
      { id: 'i', input: 'q' },
    );
    expect(problems).toEqual([
      { code: 'id-duplicate', line: 3, message: 'The id “a” stands on line 1 already.' },
    ]);
  });

  describe('templates', () => {
    it('builds the input from several columns', async () => {
      const { rows } = await map([{ p: ' A man. ', h: 'A cat.', n: 2 }], {
        template: '{p} {{so}} {h} ({n})',
      });
      expect(rows[0]?.input).toBe('A man. {so} A cat. (2)');
    });

    it('finds the input empty only when all of its columns are', async () => {
      const { rows, problems } = await map(
        [
          { p: '', h: 'x' },
          { p: '', h: null },
        ],
        {
          template: 'P: {p} H: {h}',
        },
      );
      expect(rows[0]?.input).toBe('P:  H: x');
      expect(problems.map(({ line }) => line)).toEqual([2]);
    });

    it('reads columns whose names have spaces and dots', () => {
      expect(parseTemplate('{a b}{c.d}\n{ e }')).toEqual([
        { column: 'a b' },
        { column: 'c.d' },
        { text: '\n' },
        { column: 'e' },
      ]);
    });

    it.each(['', 'no column', '{', 'a } b', '{}', '{a} {', '{{a}}', '{a{b}'])(
      'refuses %j',
      async (template) => {
        await expectFailure(() => parseTemplate(template), 'invalid-input', "can't be used");
      },
    );
  });

  describe('columns', () => {
    it.each([
      [{ input: 'Question' }, 'the input', 'Did you mean “question”?'],
      [{ input: 'question', label: 'anwser' }, 'the label', 'Did you mean “answer”?'],
      [{ input: 'question', id: 'zzzzz' }, 'the id', /for the id\.$/],
      [{ template: '{question} {contxt}' }, 'the input template', 'Did you mean “context”?'],
      [{ input: 'question', choices: ['a', 'b'] }, 'the choices', '“a”'],
      [{ input: 'question', rationale: 'why' }, 'the rationale', '“why”'],
      [{ input: 'question', completion: 'out' }, 'the completion', '“out”'],
    ])('tells which column is missing: %j', async (mapping, role, words) => {
      const row = { question: 'x', context: 'y', answer: 'z' };
      const failure = await expectFailure(map([row], mapping), 'column-missing', role, words);
      expect(failure.hint).toContain('“question”, “context”, “answer”');
    });

    it('wants exactly one of column and template for the input', async () => {
      await expectFailure(map([{ q: 1 }], {}), 'invalid-input', 'does not say');
      await expectFailure(
        map([{ q: 1 }], { input: 'q', template: '{q}' }),
        'invalid-input',
        'both',
      );
    });

    it('has no suggestion where nothing is near', () => {
      expect(nearest('label', ['Label', 'table'])).toBe('Label');
      expect(nearest('lable', ['text', 'label'])).toBe('label');
      expect(nearest('gold', ['text', 'input'])).toBeNull();
      expect(nearest('y', ['q', 'z'])).toBeNull();
      expect(nearest('x', [])).toBeNull();
    });
  });

  describe('label map, part and kept columns', () => {
    it('names numbered labels before it looks for them', async () => {
      const { rows, problems } = await map(
        [
          { q: 'x', y: 0 },
          { q: 'y', y: ' 1' },
          { q: 'z', y: 'neutral' },
        ],
        { input: 'q', label: 'y', labelMap: { 0: 'entailment', 1: 'Neutral ' } },
        nli,
      );
      expect(rows.map(({ gold }) => gold)).toEqual(['Entailment', 'neutral', 'neutral']);
      expect(problems).toEqual([]);
    });

    it('maps no label by a name that every object has', async () => {
      const { rows } = await map([{ q: 'x', y: 'constructor' }], { input: 'q', label: 'y' });
      expect(rows[0]?.gold).toBe('constructor');
    });

    it('takes each row’s part from its column; other values mean none', async () => {
      const part = { column: 's', values: { train: 'train', dev: 'validation' } } as const;
      const { rows } = await map(
        [{ q: 'x', s: ' train' }, { q: 'y', s: 'dev' }, { q: 'z', s: 'other' }, { q: 'w' }],
        { input: 'q', part },
      );
      expect(rows.map((row) => row.part)).toEqual(['train', 'validation', null, null]);
    });

    it('keeps what stands in further columns', async () => {
      const { rows } = await map(
        [
          { q: 'x', day: '2024-05-01', n: 3 },
          { q: 'y', day: '', n: null },
        ],
        { input: 'q', keep: ['day', 'n'] },
      );
      expect(rows.map(({ meta }) => meta)).toEqual([{ day: '2024-05-01', n: '3' }, null]);
    });

    it('finds nested fields by their dotted names', async () => {
      const row = { q: { stem: 'Why?', choices: [{ text: 'a' }, { text: 'b' }] }, y: 'B' };
      const mapping = { input: 'q.stem', label: 'y', choices: ['q.choices'] };
      const { rows } = await map([row], mapping, choice);
      expect(rows[0]).toMatchObject({ input: 'Why?', choices: ['a', 'b'], gold: 'b' });
    });
  });

  it('tells which rows have something wrong with them', async () => {
    const { valid, problems } = await map(
      [
        { i: 1, q: 'x' },
        { i: 1, q: '' },
        { i: 2, q: 'y' },
      ],
      { id: 'i', input: 'q' },
    );
    expect(valid).toEqual([true, false, true]);
    expect(problems).toHaveLength(2);
  });

  describe('classification', () => {
    it("takes labels in the project's spelling", async () => {
      const { rows, problems } = await map(
        [{ q: 'x', y: ' entailment' }, { q: 'y', y: 'NEUTRAL' }, { q: 'z' }],
        { input: 'q', label: 'y' },
        nli,
      );
      expect(rows.map(({ gold }) => gold)).toEqual(['Entailment', 'neutral', null]);
      expect(problems).toEqual([]);
    });

    it('names the line of a label that the project does not know', async () => {
      const { problems } = await map(
        [
          { q: 'x', y: 'neutral' },
          { q: 'y', y: 2 },
        ],
        { input: 'q', label: 'y' },
        nli,
      );
      expect(problems).toEqual([
        {
          code: 'rows-invalid',
          line: 2,
          message: "The label “2” is none of the project's: “Entailment”, “neutral”.",
        },
      ]);
    });

    it('accepts every label where the project names none', async () => {
      const { rows, problems } = await map(
        [{ q: 'x', y: 'new' }],
        { input: 'q', label: 'y' },
        { ...nli, labels: [] },
      );
      expect([rows[0]?.gold, problems]).toEqual(['new', []]);
    });
  });

  describe('multiple choice', () => {
    const columns = { input: 'q', label: 'y', choices: ['c'] };
    const gold = async (...rows: [gold: unknown, choices: unknown][]) =>
      map(
        rows.map(([y, c]) => ({ q: 'x', y, c })),
        columns,
        choice,
      );

    it('needs choices', async () => {
      await expectFailure(map([{ q: 'x' }], { input: 'q' }, choice), 'invalid-input', 'choices');
    });

    it.each([
      ['a list', ['tree', 'sea']],
      [
        'objects with text',
        [
          { label: 'A', text: 'tree' },
          { label: 'B', text: 'sea' },
        ],
      ],
      ['JSON in text', '["tree", "sea"]'],
      ['text with bars', 'tree | sea'],
      ['a list as Python prints it', `['tree', "sea"]`],
      ['a list as NumPy prints it', `['tree'\n 'sea']`],
      ['a list with empty ends', ['tree', 'sea', '', null]],
    ])('reads choices from %s', async (_, choices) => {
      const { rows, problems } = await gold(['sea', choices]);
      expect([rows[0]?.choices, rows[0]?.gold, problems]).toEqual([['tree', 'sea'], 'sea', []]);
    });

    it('takes quotes, commas and line breaks in a printed list for text', async () => {
      const list = `["a 'b', c", 'it\\'s', 'two\\nlines']`;
      const { rows } = await gold(['A', list]);
      expect(rows[0]?.choices).toEqual(["a 'b', c", "it's", 'two\nlines']);
    });

    it('reads choices from several columns', async () => {
      const { rows } = await map(
        [{ q: 'x', y: 'B', a: 'tree', b: 'sea', d: '' }],
        { ...columns, choices: ['a', 'b', 'd'] },
        choice,
      );
      expect(rows[0]).toMatchObject({ choices: ['tree', 'sea'], gold: 'sea' });
    });

    it.each(['sea', 'SEA', ' b', '(B)', 'b.', '(b) sea'])('resolves the gold %j', async (y) => {
      expect((await gold([y, ['tree', 'sea']])).rows[0]?.gold).toBe('sea');
    });

    it('counts numbers from 0 when some row says 0', async () => {
      const { rows, problems } = await gold([1, ['a', 'b']], [0, ['c', 'd']], ['1.0', ['e', 'f']]);
      expect([rows.map((row) => row.gold), problems]).toEqual([['b', 'c', 'f'], []]);
    });

    it('counts numbers from 1 when some row names the last choice so', async () => {
      const { rows, problems } = await gold([1, ['a', 'b', 'c']], [3, ['d', 'e', 'f']]);
      expect([rows.map((row) => row.gold), problems]).toEqual([['a', 'f'], []]);
    });

    it('asks rather than guesses when no row shows how numbers count', async () => {
      const { problems } = await gold([1, ['a', 'b', 'c']], [2, ['a', 'b', 'c']]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({
        line: 1,
        message: expect.stringContaining('from 0 or from 1'),
      });
    });

    it('names the line of a number past the choices', async () => {
      const { problems } = await gold([0, ['a', 'b']], [2, ['a', 'b']]);
      expect(problems.map(({ line }) => line)).toEqual([2]);
    });

    it('prefers a choice that reads like the number or letter', async () => {
      expect((await gold([2, [1, 2, 4]])).rows[0]?.gold).toBe('2');
      expect((await gold(['a', ['b', 'a']])).rows[0]?.gold).toBe('a');
    });

    it.each([
      [
        'a gold that is no choice',
        'river',
        ['tree', 'sea'],
        'not among the choices: “tree”, “sea”',
      ],
      ['a letter past the choices', 'c', ['tree', 'sea'], 'not among the choices'],
      ['a single choice', 'tree', ['tree'], 'fewer than two'],
      ['no choices', null, null, 'fewer than two'],
      ['a gap among the choices', 'sea', ['tree', '', 'sea'], 'Choice 2 is empty'],
      ['a broken list', 'sea', '["tree", sea]', 'begin like a JSON list'],
    ])('names the line of %s', async (_, y, choices, words) => {
      const { problems } = await gold(['tree', ['tree', 'sea']], [y, choices]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatchObject({ line: 2, message: expect.stringContaining(words) });
    });
  });
});

describe('Problems', () => {
  it('tells the first five in the order of the file and counts the others', async () => {
    const problems = new Problems();
    for (const line of [9, 3, 4, 5, 6, 7, 8]) {
      problems.add({ code: 'rows-invalid', line, message: 'Odd.' });
    }
    const error = await expectFailure(() => {
      throw problems.toError('a.csv');
    }, 'rows-invalid');
    expect(error.message).toBe(
      'a.csv, line 3: Odd. Line 4: Odd. Line 5: Odd. Line 6: Odd. Line 7: Odd. And 2 more.',
    );
  });

  it('counts past what it keeps, and takes the code of the first', () => {
    const problems = new Problems();
    for (let line = 2; line < 5_002; line++) {
      problems.add({ code: 'id-duplicate', line, message: 'Again.' });
    }
    const error = problems.toError('a.csv');
    expect(error.code).toBe('id-duplicate');
    expect(error.message).toMatch(/And 4,995 more\.$/);
    expect(problems.none).toBe(false);
    expect(new Problems().none).toBe(true);
  });
});
