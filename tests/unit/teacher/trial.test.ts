import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../electron/teacher/parse.ts';
import { tryCompletion } from '../../../electron/teacher/trial.ts';
import { fruit, json, lastLine, pattern, phrases, rulesOf } from './reading.ts';

const rules = rulesOf([json(), phrases('Answer:'), pattern('is (\\w+)$'), lastLine]);
const options = { labels: [], choices: fruit };

describe('a trial of rules on one completion', () => {
  it('shows what each rule finds alone, and what they find together', () => {
    const text = 'It is soft. Answer: (b) pear\nSo it is c';
    expect(tryCompletion(text, 'pear', rules, 'multiple-choice', options)).toEqual({
      byRule: [null, 'pear', 'green plum', null],
      after: { rationale: 'It is soft.', label: 'pear', rule: 1, correct: true },
      rationaleAt: [0, 11],
      answerAt: [24, 28],
    });
  });

  it('is wrong where nothing is found, and undecided without gold', () => {
    const read = (gold: string | null) =>
      tryCompletion('No.', gold, compileRules(rules), 'multiple-choice', options).after;
    expect(read('pear')).toEqual({ rationale: null, label: null, rule: null, correct: false });
    expect(read(null).correct).toBeNull();
  });

  it('refuses a bad pattern', () => {
    expect(() => tryCompletion('', null, rulesOf([pattern('(')]), 'text', options)).toThrow(
      expect.objectContaining({ code: 'template-invalid' }),
    );
  });
});
