import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ColumnMapping, Task } from '../../../electron/contract/entities.ts';
import { noColumns, read, suggestFor } from './support.ts';

async function suggested(content: string, name: string): Promise<[Partial<ColumnMapping>, Task]> {
  const { mapping, task } = suggestFor(await read(content, name));
  const filled = Object.entries(mapping).filter(
    ([, value]) => value !== null && JSON.stringify(value) !== '{}' && String(value) !== '',
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
      {
        ...{ id: 'uid', template: '{premise}\n{hypothesis}', label: 'label', rationale: 'reason' },
        labelMap: { 0: 'entailment', 1: 'neutral', 2: 'contradiction' },
      },
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
      'Korean names',
      csv('번호,질문,보기,정답,해설', ['1,어디?,바다|산,A,파도']),
      { id: '번호', input: '질문', choices: ['보기'], label: '정답', rationale: '해설' },
      'multiple-choice',
    ],
    [
      'instructions with inputs',
      csv('instruction,input,output', ['Add,1 2,3', 'Name a tree,,oak']),
      { template: '{instruction}\n{input}', completion: 'output' },
      'text',
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

  it('suggests a column of parts only where it holds nothing else', async () => {
    const parts = csv('question,answer,split', ['a,b,train', 'c,d,dev', 'e,f,TEST']);
    const [mapping] = await suggested(parts, 'a.csv');
    expect(mapping.part).toEqual({
      column: 'split',
      values: { train: 'train', dev: 'validation', TEST: 'test' },
    });
    const other = await suggested(csv('question,answer,set', ['a,b,train', 'c,d,3']), 'a.csv');
    expect(other[0]).not.toHaveProperty('part');
  });

  it('suggests to keep what rows are grouped and ordered by', async () => {
    const rows = ['a,x,math,2024-01-01,7', 'b,y,art,2024-01-02,8'];
    const [mapping] = await suggested(csv('text,label,topic,date,noise', rows), 'a.csv');
    expect(mapping.keep).toEqual(['topic', 'date']);
  });

  it('names numbered labels only where it is plain what they mean', async () => {
    const pairs = csv('sentence1,sentence2,label', many(['a,b,0', 'c,d,1']));
    expect((await suggested(pairs, 'a.csv'))[0]).not.toHaveProperty('labelMap');
    const reviews = csv('review,label', many(['a,0', 'c,1']));
    expect((await suggested(reviews, 'a.csv'))[0].labelMap).toEqual({
      0: 'negative',
      1: 'positive',
    });
  });

  it('names only columns that are there, each once', async () => {
    const table = await read('{"Label":"x","answer":"y","ID":1,"a":"1","b":"2"}', 'a.jsonl');
    const { mapping } = suggestFor(table);
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
    const table = await read(readFileSync(new URL(path, data)), path);
    expect(suggestFor(table)).toEqual({ mapping: { ...noColumns, ...mapping }, task });
  });
});
