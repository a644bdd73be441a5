import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { DataExportFormat } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { toConversation } from '../../../electron/stages/data-export/chat.ts';
import { recordColumns, toRecord } from '../../../electron/stages/data-export/record.ts';
import type { DataRecord } from '../../../electron/stages/data-export/record.ts';
import { openWriter } from '../../../electron/stages/data-export/writers.ts';
import { reviewOf, reviewRow } from './rows.ts';

const answers = { answers: true, part: null };
const recordOf = (changes: Parameters<typeof reviewRow>[0] = {}): DataRecord =>
  toRecord(reviewRow(changes), answers);
const phrase = { answerPhrase: 'So the answer is' };

describe('a row as a record', () => {
  it('has the teacher’s label and rationale, and gold beside them', () => {
    expect(recordOf()).toEqual({
      ...{ id: 'row-1', input: 'What is 1 + 2?', choices: null, label: '3', gold: '3' },
      rationale: 'One and two make three.',
      ...{ teacher_label: '3', teacher_rationale: 'One and two make three.' },
      ...{ verdict: null, tags: [], flags: [], part: null },
    });
  });

  it('has what a person put in their place, and keeps what the teacher wrote', () => {
    const review = reviewOf({ label: '4', rationale: 'Mine.', verdict: 'accepted', tags: ['t'] });
    expect(recordOf({ review, flags: ['truncated'] })).toMatchObject({
      ...{ label: '4', rationale: 'Mine.', teacher_label: '3', verdict: 'accepted' },
      ...{ teacher_rationale: 'One and two make three.', tags: ['t'], flags: ['truncated'] },
    });
  });

  it.each([reviewOf({ verdict: 'rejected' }), reviewOf({ label: '4', stale: true })])(
    'gives no rationale to learn where it was rejected or is stale',
    (review) => {
      expect(recordOf({ review })).toMatchObject({
        ...{ rationale: null, label: review.label ?? '3' },
        teacher_rationale: 'One and two make three.',
      });
    },
  );

  it('has the gold label where no teacher is seen, and the part that is asked for', () => {
    const row = reviewRow({ label: null, rationale: null, answered: false });
    expect(toRecord(row, { answers: false, part: 'test' })).toMatchObject({
      ...{ label: '3', rationale: null, part: 'test' },
    });
    expect(toRecord(row, answers).label).toBeNull();
  });
});

/** What OpenAI's checks of a training file ask of a line. */
const Line = z.strictObject({
  messages: z
    .array(
      z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) }),
    )
    .refine((messages) => messages.at(-1)?.role === 'assistant'),
});

describe('a record as a conversation', () => {
  it('answers the question with rationale and label behind the phrase', () => {
    expect(toConversation(recordOf(), 'So the answer is')).toEqual({
      messages: [
        { role: 'user', content: 'What is 1 + 2?' },
        { role: 'assistant', content: 'One and two make three. So the answer is 3.' },
      ],
    });
  });

  it('asks with the choices, and answers with letter and text', () => {
    const record = recordOf({ choices: ['2', '3'] });
    const [user, assistant] = toConversation(record, '정답:')?.messages ?? [];
    expect(user?.content).toBe('What is 1 + 2?\nAnswer Choices:\n(a) 2\n(b) 3');
    expect(assistant?.content).toBe('One and two make three. 정답: (b) 3');
  });

  it('has the answer alone where there is no rationale to learn', () => {
    const record = recordOf({ review: reviewOf({ label: '4', stale: true }) });
    expect(toConversation(record, 'So the answer is')?.messages[1].content).toBe(
      'So the answer is 4.',
    );
  });

  it.each([{ label: null }, { label: ' ' }, { review: reviewOf({ verdict: 'rejected' }) }])(
    'is none for %o',
    (changes) => {
      expect(toConversation(recordOf(changes), 'So the answer is')).toBeNull();
    },
  );
});

/** Texts that a careless writer breaks. */
const nasty = [
  ...['=1+1', '-3 + 4', '@x', 'a,b', 'say "so"', 'two\nlines', 'end\r\n', '\ttab', '', ' '],
  ...['한국어 답', '🦊 and \u2028', "it's", '[1, 2]', 'null', '\u0000'],
];

function records(count: number): DataRecord[] {
  const random = new Random(11);
  const text = (): string => random.pick(nasty);
  return Array.from({ length: count }, (_, index) =>
    toRecord(
      reviewRow({
        ...{
          externalId: `${index}`,
          input: `${index} ${text()}`,
          gold: random.pick([null, text()]),
        },
        ...{ label: random.pick([null, text()]), rationale: random.pick([null, text()]) },
        choices: random.pick([null, [text(), text()]]),
        flags: random.pick([[], ['identical', 'truncated']]),
        review: random.pick([null, reviewOf({ tags: [text()], verdict: 'accepted' })]),
      }),
      { answers: true, part: random.pick([null, 'train']) },
    ),
  );
}

async function written(format: DataExportFormat, rows: readonly DataRecord[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'data-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'rows');
  const writer = await openWriter(format, path, phrase);
  for (const row of rows) writer.add(row);
  const count = writer.finish();
  writer.close();
  if (format !== 'chat') expect(count).toBe(rows.length);
  return path;
}

describe('what is written is read as it was', () => {
  const rows = records(500);

  it('JSONL: a line for each row, every column in it', async () => {
    const lines = readFileSync(await written('jsonl', rows), 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  });

  it('CSV: lists as JSON, nothing as an empty cell', async () => {
    const text = readFileSync(await written('csv', rows), 'utf8');
    const [header, ...cells] = parse(text, { relax_column_count: false });
    expect(header).toEqual(recordColumns);
    expect(cells).toEqual(
      rows.map((row) =>
        recordColumns.map((name) => {
          const value = row[name];
          return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
        }),
      ),
    );
  });

  it('Parquet: read back by another reader, with its lists, over several row groups', async () => {
    const many = records(45_000);
    const file = await asyncBufferFromFile(await written('parquet', many));
    const { row_groups: groups } = await parquetMetadataAsync(file);
    expect(groups.map((group) => Number(group.num_rows))).toEqual([
      10_000, 10_000, 10_000, 10_000, 5_000,
    ]);
    // A list that is not there is undefined to this reader.
    const read = (await parquetReadObjects({ file })).map((row) => ({
      ...row,
      choices: row['choices'] ?? null,
    }));
    expect(read).toHaveLength(many.length);
    expect(read.slice(9_900, 10_100)).toEqual(many.slice(9_900, 10_100));
    expect(read.at(-1)).toEqual(many.at(-1));
  });

  it('chat: valid lines, and only of rows with an answer', async () => {
    const text = readFileSync(await written('chat', rows), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    for (const line of lines) Line.parse(JSON.parse(line));
    const answered = rows.filter((row) => (row.label ?? '').trim() !== '');
    expect(answered.length).toBeLessThan(rows.length);
    expect(lines).toHaveLength(answered.length);
    expect(text.startsWith('\uFEFF')).toBe(false);
  });

  it('never over a file that is there', async () => {
    const path = await written('jsonl', rows);
    await expect(openWriter('csv', path, phrase)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
