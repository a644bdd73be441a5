import { describe, expect, it } from 'vitest';
import { suggest } from '../../../../electron/stages/import/suggest.ts';
import type { ReadFile } from '../support.ts';
import { read } from '../support.ts';

const rowsIn = ({ columns, records }: ReadFile): Record<string, unknown>[] =>
  records.map(({ values }) => Object.fromEntries(columns.map((name, at) => [name, values[at]])));
const guessed = ({ columns, records }: ReadFile) =>
  suggest({ columns, records, values: {} }).mapping;

const qas = (...ids: string[]) =>
  ids.map((id) => ({
    id,
    question: `What is ${id}?`,
    answers: [
      { text: 'forty', answer_start: 4 },
      { text: '40', answer_start: 4 },
    ],
  }));

describe('objects of published formats', () => {
  it('gives a row for each question of an article', async () => {
    const article = {
      title: 'T',
      paragraphs: [
        { context: 'One.', qas: qas('a', 'b') },
        {
          context: 'Two.',
          qas: [{ id: 'c', question: 'Is it?', is_impossible: true, answers: [] }],
        },
      ],
    };
    const text = `{"version": "2.0", "data": [\n${JSON.stringify(article)}\n]}`;
    const table = await read(text, 'dev.json');
    expect(rowsIn(table)).toMatchObject([
      { title: 'T', context: 'One.', id: 'a', question: 'What is a?', answer: 'forty' },
      { title: 'T', context: 'One.', id: 'b' },
      { context: 'Two.', id: 'c', answer: null, is_impossible: true },
    ]);
    expect(table.records.map(({ line }) => line)).toEqual([2, 2, 2]);
    const template = '{context}\n{question}';
    expect(guessed(table)).toMatchObject({ id: 'id', template, label: 'answer', choices: [] });
  });

  it('hands many questions of one article over in batches', async () => {
    const ids = Array.from({ length: 1_300 }, (_, at) => `q${at}`);
    const article = { title: 'T', paragraphs: [{ context: 'One.', qas: qas(...ids) }] };
    const table = await read(`${JSON.stringify(article)}\n`, 'a.jsonl');
    expect(rowsIn(table).map(({ id }) => id)).toEqual(ids);
  });

  it('gives the data and the annotation of a task', async () => {
    const result = [{ from_name: 'sentiment', value: { choices: ['good'] } }];
    const tasks = [
      {
        id: 7,
        annotations: [{ was_cancelled: true, result: [] }, { result }],
        data: { text: 'Fine.', id: 'x' },
      },
      { id: 8, annotations: [], data: { text: 'Hm.', ['__proto__']: 'y' } },
    ];
    const table = await read(JSON.stringify(tasks), 'project.json');
    expect(rowsIn(table)).toMatchObject([
      { id: 7, text: 'Fine.', 'data.id': 'x', sentiment: 'good' },
      { id: 8, text: 'Hm.' },
    ]);
    expect(rowsIn(table)[1]?.['sentiment']).toBeUndefined();
    expect(guessed(table)).toMatchObject({ id: 'id', input: 'text', label: 'sentiment' });
  });

  it('gives the last answer of a chat and what leads to it', async () => {
    const turn = (role: string, content: string) => ({ role, content });
    const chats = [
      { messages: [turn('system', 'Be short.'), turn('user', 'Hi?'), turn('assistant', 'Hi.')] },
      {
        messages: [
          turn('user', 'a'),
          turn('assistant', 'b'),
          turn('user', 'c'),
          turn('assistant', 'd'),
        ],
      },
      {
        conversations: [
          { from: 'human', value: 'x' },
          { from: 'gpt', value: 'y' },
        ],
      },
      { messages: [turn('user', 'only')] },
    ];
    const table = await read(chats.map((chat) => JSON.stringify(chat)).join('\n'), 'a.jsonl');
    expect(rowsIn(table)).toMatchObject([
      { system: 'Be short.', prompt: 'Hi?', completion: 'Hi.' },
      { prompt: 'user: a\nassistant: b\nuser: c', completion: 'd' },
      { prompt: 'x', completion: 'y' },
      { prompt: 'only', completion: null },
    ]);
    expect(guessed(table)).toMatchObject({ input: 'prompt', completion: 'completion' });
  });

  it.each([
    { paragraphs: ['One.', 'Two.'] },
    { paragraphs: [{ context: 1, qas: [] }] },
    { annotations: [{ result: [] }], data: 'text' },
    { annotations: 'many', data: {} },
    { messages: ['Hi'] },
    { messages: [] },
    { messages: [{ role: 'user', content: [{ type: 'image' }] }] },
    { messages: [{ role: 'user', content: 'x' }], prompt: 'mine' },
  ])('leaves %j as it is', async (row) => {
    const table = await read(`${JSON.stringify(row)}\n`, 'a.jsonl');
    expect(table.columns).toEqual(Object.keys(row));
    expect(table.records).toHaveLength(1);
  });
});
