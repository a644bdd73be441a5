import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ParseRules, Task } from '../../../electron/contract/entities.ts';
import { isCorrect } from '../../../electron/core/score.ts';
import { defaultParseRules, parseCompletion } from '../../../electron/teacher/parse.ts';

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const recipe = fileURLToPath(
  new URL('../../../../shared/fixtures/dsbs/recipe.json', import.meta.url),
);

const classes = ['entailment', 'neutral', 'contradiction'];
const fruit = ['red apple', 'pear', 'green plum'];

function parse(
  task: Task,
  text: string,
  more: { labels?: string[]; choices?: string[] | null; rules?: ParseRules } = {},
) {
  const { labels = [], choices = null, rules = defaultParseRules(task) } = more;
  return parseCompletion(text, rules, task, { labels, choices });
}

describe('the cut between rationale and label', () => {
  it('drops what the model invents after its answer', () => {
    const text = 'It is warm. So the answer is sun.\n\nQ: And now?\nA: So the answer is moon.';
    expect(parse('text', text)).toEqual({ rationale: 'It is warm.', label: 'sun' });
  });

  it('keeps a blank line inside the rationale', () => {
    expect(parse('text', 'First.\n\nSecond. So the answer is sun.')).toEqual({
      rationale: 'First.\n\nSecond.',
      label: 'sun',
    });
  });

  it('drops what follows the answer after a blank line', () => {
    expect(parse('text', 'Warm. Answer: the sun\nand moon.\n\nNote: I am sure.').label).toBe(
      'the sun\nand moon',
    );
  });

  it.each([
    ['SO THE ANSWER IS sun', null],
    ['Warm. Therefore, the answer is sun.', 'Warm.'],
    ['Warm. Answer: sun', 'Warm.'],
    ['\n  Warm.\r\nSo the answer is sun.', 'Warm.'],
    ['The answer is moon, one may think. The answer is sun.', 'The answer is moon, one may think.'],
  ])('finds the answer of %j', (text, rationale) => {
    expect(parse('text', text)).toEqual({ rationale, label: 'sun' });
  });

  it.each(['', '   ', 'No marker at all.', 'So the answer is', 'So the answer is .'])(
    'finds none in %j',
    (text) => {
      expect(parse('text', text).label).toBeNull();
      expect(parse('classification', text, { labels: classes }).label).toBeNull();
      expect(parse('multiple-choice', text, { choices: fruit }).label).toBeNull();
      expect(parse('arithmetic', text).label).toBeNull();
    },
  );

  it('follows rules that a person wrote, taken literally', () => {
    const rules = { stopSequences: ['###'], answerPhrases: ['(final)', 'Ergo'] };
    expect(parse('text', 'Warm. Ergo moon. (FINAL) sun ### So', { rules })).toEqual({
      rationale: 'Warm. Ergo moon.',
      label: 'sun',
    });
  });
});

describe('the label of a choice', () => {
  it.each([
    ['(c) green plum.', 'green plum'],
    ['(c)', 'green plum'],
    ['(C).', 'green plum'],
    ['C.', 'green plum'],
    ['c', 'green plum'],
    ['B) pear', 'pear'],
    ['**(b) pear**.', 'pear'],
    ['pear.', 'pear'],
    ['Pear', 'pear'],
    ['most likely (b) pear.', 'pear'],
    ['(b)\npear.', 'pear'],
    // Text goes before letter; text that is no choice stays as it was written.
    ['(a) pear.', 'pear'],
    ['(a) Red apple.', 'Red apple'],
    ['(b) pear (c) green plum.', 'pear'],
    ['either (a) red apple or (b) pear.', 'either (a) red apple or (b) pear'],
  ])('%j is %j', (answer, label) => {
    expect(parse('multiple-choice', `So the answer is ${answer}`, { choices: fruit }).label).toBe(
      label,
    );
  });

  it.each(['one of these.', '(d)', 'A fruit.'])('%j is none', (answer) => {
    expect(
      parse('multiple-choice', `So the answer is ${answer}`, { choices: fruit }).label,
    ).toBeNull();
  });

  it('needs no known choices', () => {
    expect(parse('multiple-choice', 'So the answer is (b) pear.').label).toBe('pear');
    expect(parse('multiple-choice', 'So the answer is pear.').label).toBe('pear');
    expect(parse('multiple-choice', 'So the answer is (b).').label).toBeNull();
  });
});

describe('the label of a class', () => {
  it.each([
    ['Neutral.', 'neutral'],
    ['"contradiction".', 'contradiction'],
    ['entailment Premise: another', 'entailment'],
    ['that the two are neutral to each other', 'neutral'],
  ])('%j is %j', (answer, label) => {
    expect(parse('classification', `Answer: ${answer}`, { labels: classes }).label).toBe(label);
  });

  it('is none outside the label set, or between two of it', () => {
    for (const answer of ['maybe', 'not neutrality', 'between neutral and entailment']) {
      expect(parse('classification', `Answer: ${answer}`, { labels: classes }).label).toBeNull();
    }
  });

  it('is the longer of two labels that begin alike', () => {
    const labels = ['true', 'true story'];
    expect(parse('classification', 'Answer: true story, I think', { labels }).label).toBe(
      'true story',
    );
  });

  it('is the first line where there is no label set', () => {
    expect(parse('classification', 'Answer: spam.\nI am sure.').label).toBe('spam');
  });
});

describe('the label of an arithmetic problem', () => {
  const rules = { stopSequences: [], answerPhrases: ['So the answer is'] };
  it.each([
    ['( 11 * 15 ) - 16.', '( 11 * 15 ) - 16'],
    ['(11 * 15).', '11 * 15'],
    ['( 1 + 2 ) * ( 3 + 4 )', '( 1 + 2 ) * ( 3 + 4 )'],
    ['11 * 15 = 165.', '11 * 15'],
    ['$165.', '165'],
    ['165 coins.', '165'],
    ['2.5.', '2.5'],
    ['3 apples and 4 pears', '3 apples and 4 pears'],
    ['unknown.', 'unknown'],
  ])('%j is %j', (answer, label) => {
    expect(parse('arithmetic', `So the answer is ${answer}`, { rules }).label).toBe(label);
  });

  it('reaches to the last parenthesis on the line where the rules ask for parentheses', () => {
    expect(parse('arithmetic', 'The answer is (12 - 2) - 7.').label).toBe('(12 - 2)');
    expect(parse('arithmetic', 'So. The answer is ((7.0 + 3.0) / 2.0).').label).toBe(
      '((7.0 + 3.0) / 2.0)',
    );
    expect(parse('arithmetic', 'The answer is ((7 + 3').label).toBeNull();
    expect(parse('arithmetic', 'The answer is 51.').label).toBe('51');
  });
});

interface DataRow {
  teacher_completion: string;
  label?: string;
  answer?: string;
  choices?: string[];
}

describe.skipIf(!existsSync(data))(
  'on the published completions (../shared/data, if present)',
  () => {
    it.each([
      ['svamp', 'test', 'arithmetic', { rows: 200, correct: 148, unparsed: 2 }],
      ['svamp', 'train', 'arithmetic', { rows: 800, correct: 588, unparsed: 13 }],
      ['cqa', 'test', 'multiple-choice', { rows: 1_221, correct: 943, unparsed: 0 }],
      ['cqa', 'train', 'multiple-choice', { rows: 9_741, correct: 7_234, unparsed: 3 }],
    ] as const)("%s %s has the paper's figures", (set, part, task, figures) => {
      const lines = readFileSync(`${data}/${set}/${part}.jsonl`, 'utf8').trim().split('\n');
      const counted = { rows: lines.length, correct: 0, unparsed: 0 };
      for (const line of lines) {
        const row: DataRow = JSON.parse(line);
        const choices = row.choices ?? null;
        const { label } = parse(task, row.teacher_completion, { choices });
        if (label === null) counted.unparsed++;
        if (isCorrect(task, label, row.answer ?? row.label ?? '', choices)) counted.correct++;
      }
      expect(counted).toEqual(figures);
    });
  },
);

interface RecipeCase {
  output: string;
  llm: { rationale?: string; label?: string };
}

describe.skipIf(!existsSync(recipe))(
  'beside the published parsers (../shared/fixtures/dsbs/recipe.json, if present)',
  () => {
    const cases: { datasets: Record<string, RecipeCase[]> } = existsSync(recipe)
      ? JSON.parse(readFileSync(recipe, 'utf8'))
      : { datasets: {} };

    it.each([
      ['cqa', 'multiple-choice'],
      ['svamp', 'arithmetic'],
      ['esnli', 'classification'],
      ['anli1', 'classification'],
    ] as const)('reads an answer wherever they do in %s', (set, task) => {
      // Kept on purpose: see the doc comment of parseCompletion.
      const kept = new Map([
        ['A and B conflict.\nAnswer: contradiction.\n', 'contradiction'],
        ['R1 Answer: neutral Answer: contradiction', 'contradiction'],
        ['No period. So the answer is contradiction', 'contradiction'],
      ]);
      const rows = cases.datasets[set] ?? [];
      expect(rows.length).toBeGreaterThan(5);
      for (const { output, llm } of rows) {
        if (llm.label === undefined || llm.label.trim() === '') continue;
        const labels = task === 'classification' ? classes : [];
        const { rationale, label } = parse(task, output, { labels });
        expect(label, output).toBe(kept.get(output) ?? llm.label.trim());
        if (!kept.has(output)) expect(rationale ?? '', output).toBe(llm.rationale?.trim());
      }
    });
  },
);
