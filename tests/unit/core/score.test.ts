import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isCorrect, resolveChoice } from '../../../electron/core/score.ts';

const places = ['a tree', 'the sea', 'Busan', 'd'];

describe('isCorrect', () => {
  it('never accepts no answer', () => {
    for (const task of ['text', 'classification', 'multiple-choice', 'arithmetic'] as const) {
      expect(isCorrect(task, null, '', places)).toBe(false);
    }
  });

  it.each(['text', 'classification'] as const)('compares %s exactly by default', (task) => {
    expect(isCorrect(task, ' entail  ment\n', 'entail ment', null)).toBe(true);
    expect(isCorrect(task, 'caf\u00e9', 'cafe\u0301', null)).toBe(true);
    expect(isCorrect(task, 'Entailment', 'entailment', null)).toBe(false);
    expect(isCorrect(task, '', 'entailment', null)).toBe(false);
    expect(isCorrect(task, 'Entailment', 'entailment', null, { match: 'normalised' })).toBe(true);
  });

  it('takes a choice by its text, its letter, or both', () => {
    const right = (predicted: string) => isCorrect('multiple-choice', predicted, 'the sea', places);
    expect(['the sea', '(b)', 'b', 'B.', 'b) the sea', '(b) the  sea.'].filter(right)).toHaveLength(
      6,
    );
    expect(['a tree', '(a)', 'c', '(b) a tree', 'sea', '', '(z)', 'The Sea'].filter(right)).toEqual(
      [],
    );
  });

  it('lets gold be a letter too', () => {
    expect(isCorrect('multiple-choice', 'the sea', 'B', places)).toBe(true);
    expect(isCorrect('multiple-choice', 'a tree', 'B', places)).toBe(false);
  });

  it('compares texts where the choices are not known', () => {
    expect(isCorrect('multiple-choice', 'the sea', 'the sea', null)).toBe(true);
    expect(isCorrect('multiple-choice', 'a', 'the sea', null)).toBe(false);
  });

  it.each([
    ['( 8.0 - 3.0 )', '5', true],
    ['10 / 3', '3.3333333', true],
    ['3.33', '10 / 3', false],
    ['0.1 + 0.2', '0.3', true],
    ['1,000,000', '1000000.5', true],
    ['1000', '1001', false],
    ['0.00001', '0.00002', false],
    ['', '2', false],
    ['five', '5', false],
    ['1/0', '5', false],
  ])('arithmetic: %j against %j is %s', (predicted, gold, correct) => {
    expect(isCorrect('arithmetic', predicted, gold, null)).toBe(correct);
  });

  it('falls back to text where gold has no value', () => {
    expect(isCorrect('arithmetic', '5 apples', '5  apples', null)).toBe(true);
    expect(isCorrect('arithmetic', '5', '5 apples', null)).toBe(false);
  });
});

describe('resolveChoice', () => {
  it('puts text before letter', () => {
    expect(resolveChoice('d', ['d', 'x', 'y', 'z'])).toBe('d');
    expect(resolveChoice('(d)', ['d', 'x', 'y', 'z'])).toBe('z');
  });

  it('answers with the spelling of the choice', () => {
    expect(resolveChoice('BUSAN', places, 'normalised')).toBe('Busan');
    expect(resolveChoice('BUSAN', places)).toBeNull();
    expect(resolveChoice('', places)).toBeNull();
  });
});

const recipe = new URL('../../../../shared/fixtures/dsbs/recipe.json', import.meta.url);
const data = new URL('../../../../shared/data/', import.meta.url);

describe.skipIf(!existsSync(recipe))('against the published recipe (needs ../shared)', () => {
  const Pairs = z.object({
    pairs: z.array(z.object({ pred: z.string(), label: z.string(), correct: z.boolean() })),
  });
  const { compute_equation_acc, compute_text_acc } = existsSync(recipe)
    ? z
        .object({ compute_equation_acc: Pairs, compute_text_acc: Pairs })
        .parse(JSON.parse(readFileSync(recipe, 'utf8')))
    : { compute_equation_acc: { pairs: [] }, compute_text_acc: { pairs: [] } };

  it('scores equations alike, but for rounding, gold without a value, and True', () => {
    const deliberate = new Map([
      ['bad = bad', true],
      ['0.1 + 0.2 = 0.3', true],
      ['1/0 = 1/0', true],
      ['True = 1', false],
    ]);
    expect(compute_equation_acc.pairs).toHaveLength(11);
    for (const { pred, label, correct } of compute_equation_acc.pairs) {
      const pair = `${pred} = ${label}`;
      expect(isCorrect('arithmetic', pred, label, null), pair).toBe(
        deliberate.get(pair) ?? correct,
      );
    }
  });

  it('scores texts alike, but for white space at the ends', () => {
    const deliberate = new Map([['house  = house', true]]);
    expect(compute_text_acc.pairs).toHaveLength(5);
    for (const { pred, label, correct } of compute_text_acc.pairs) {
      const pair = `${pred} = ${label}`;
      expect(isCorrect('text', pred, label, null), pair).toBe(deliberate.get(pair) ?? correct);
    }
  });
});

describe.skipIf(!existsSync(data))('the published teacher (needs ../shared)', () => {
  const rows = <T>(path: string, schema: z.ZodType<T>): T[] =>
    readFileSync(new URL(path, data), 'utf8')
      .trim()
      .split('\n')
      .map((line) => schema.parse(JSON.parse(line)));
  const answerAfter = (completion: string, phrase: string): string | null => {
    const [, answer, ...more] = (completion.split('Q:')[0] ?? '').split(phrase);
    return more.length === 0 ? (answer ?? null) : null;
  };
  const Sum = z.object({ label: z.string(), teacher_completion: z.string() });
  const Question = z.object({
    choices: z.array(z.string()),
    answer: z.string(),
    teacher_completion: z.string(),
  });

  it.each([
    ['svamp/test.jsonl', 148, 200],
    ['svamp/train.jsonl', 588, 800],
  ])('is right on %s %d times of %d', (path, right, of) => {
    const sums = rows(path, Sum);
    const correct = sums.filter((row) => {
      const answer = answerAfter(row.teacher_completion, 'The answer is');
      const equation = answer === null ? null : (/\(.*\)/.exec(answer)?.[0] ?? null);
      return isCorrect('arithmetic', equation, row.label, null);
    });
    expect([correct.length, sums.length]).toEqual([right, of]);
  });

  it.each([
    ['cqa/test.jsonl', 943, 1221],
    ['cqa/train.jsonl', 7234, 9741],
  ])('is right on %s %d times of %d', (path, right, of) => {
    const questions = rows(path, Question);
    const correct = questions.filter((row) => {
      const answer = answerAfter(row.teacher_completion, 'So the answer is');
      const choice = answer === null ? null : answer.trim().replace(/\.$/, '');
      return isCorrect('multiple-choice', choice, row.answer, row.choices);
    });
    expect([correct.length, questions.length]).toEqual([right, of]);
  });
});
