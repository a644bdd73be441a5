import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ColumnMapping, Task } from '../../../electron/contract/entities.ts';
import { suggest } from '../../../electron/stages/import/suggest.ts';
import { noColumns, read } from './support.ts';

async function suggested(content: string, name: string): Promise<[Partial<ColumnMapping>, Task]> {
  const { mapping, task } = suggest((await read(content, name)).table);
  const filled = Object.entries(mapping).filter(
    ([, value]) => value !== null && String(value) !== '',
  );
  return [Object.fromEntries(filled), task];
}
const csv = (header: string, rows: string[]): string => [header, ...rows].join('\n');
const many = (rows: string[], times = 5): string[] =>
  Array.from({ length: times }, () => rows).flat();

describe('suggest', () => {
  it.each<[string, string, Partial<ColumnMapping>, Task]>([
    [
      'word problems with equations',
      csv('id,input,label', ['1,Two and three?,2 + 3', '2,Four times two?,( 4.0 * 2.0 )']),
      { id: 'id', input: 'input', label: 'label' },
      'arithmetic',
    ],
    [
      'word problems with numbers',
      csv('Body,Question,Answer', ['a,b,5', 'a,b,7', 'c,d,11', 'e,f,12']),
      { template: '{Body}\n{Question}', label: 'Answer' },
      'arithmetic',
    ],
    [
      'sentence pairs with few labels',
      csv('uid,premise,hypothesis,label,reason', many(['1,p,h,0,r', '2,p,h,1,r', '3,p,h,2,r'])),
      { id: 'uid', template: '{premise}\n{hypothesis}', label: 'label', rationale: 'reason' },
      'classification',
    ],
    [
      'reviews',
      csv('text,category', many(['fine,positive', 'bad,negative'])),
      { input: 'text', label: 'category' },
      'classification',
    ],
    [
      'free answers',
      csv('question,answer', ['Who?,Ann', 'When?,At noon', 'Where?,Home']),
      { input: 'question', label: 'answer' },
      'text',
    ],
    [
      'a list of choices',
      csv('question,options,answerKey', ['Where?,sea|tree,A']),
      { input: 'question', choices: ['options'], label: 'answerKey' },
      'multiple-choice',
    ],
    [
      'one column per choice',
      csv('Question,Choice_A,Choice_B,Answer', ['Where?,sea,tree,A']),
      { input: 'Question', choices: ['Choice_A', 'Choice_B'], label: 'Answer' },
      'multiple-choice',
    ],
    [
      'prompts with recorded completions and no labels',
      csv('prompt,response', ['Why?,Because.', 'How?,So.']),
      { input: 'prompt', completion: 'response' },
      'text',
    ],
    [
      'names that say nothing',
      csv('col1,col2', ['x,A much longer text', 'y,Another rather long text']),
      { input: 'col2' },
      'text',
    ],
  ])('recognises %s', async (_, content, mapping, task) => {
    expect(await suggested(content, 'a.csv')).toEqual([mapping, task]);
  });

  it('names only columns that are there, each once', async () => {
    const { table } = await read('{"Label":"x","answer":"y","ID":1,"a":"1","b":"2"}', 'a.jsonl');
    const { mapping } = suggest(table);
    const used = [mapping.id, mapping.input, mapping.label, ...mapping.choices].filter(
      (name) => name !== null,
    );
    expect(new Set(used).size).toBe(used.length);
    expect(used.every((name) => table.columns.includes(name))).toBe(true);
  });
});

const data = new URL('../../../../shared/data/', import.meta.url);

describe.skipIf(!existsSync(data))('suggest on real data (needs ../shared)', () => {
  it.each<[string, Partial<ColumnMapping>, Task]>([
    [
      'svamp/train.jsonl',
      { id: 'id', input: 'input', label: 'label', completion: 'teacher_completion' },
      'arithmetic',
    ],
    [
      'cqa/test.jsonl',
      {
        id: 'id',
        input: 'question',
        label: 'answer',
        choices: ['choices'],
        completion: 'teacher_completion',
      },
      'multiple-choice',
    ],
  ])('recognises %s', async (path, mapping, task) => {
    const { table } = await read(readFileSync(new URL(path, data)), path);
    expect(suggest(table)).toEqual({ mapping: { ...noColumns, ...mapping }, task });
  });
});
