import { describe, expect, it } from 'vitest';
import { compileRules, parseCompletion } from '../../../electron/teacher/parse.ts';
import { fuzzed } from './fuzz.ts';
import { fruit, json, lastLine, pattern, phrases, rulesOf } from './reading.ts';

const unix = (text: string): string => text.replaceAll('\r\n', '\n');

describe('reading random completions', () => {
  it('never throws, and finds rationale and label where it says', () => {
    let labelled = 0;
    let verbatim = 0;
    for (const { text, read } of fuzzed(11, 5_000)) {
      const { rationale, label, rule, rationaleAt, answerAt } = read;
      expect(rationale?.trim(), text).not.toBe('');
      expect(label?.trim(), text).not.toBe('');
      expect(rule === null, text).toBe(label === null);
      if (rationaleAt !== null) {
        expect(unix(text.slice(...rationaleAt)), JSON.stringify(text)).toBe(rationale);
      }
      if (label === null) expect(answerAt).toBeNull();
      if (label === null || answerAt === null) continue;
      labelled++;
      const answer = unix(text.slice(...answerAt));
      expect(answer.trim(), JSON.stringify(text)).not.toBe('');
      if (answer === label) verbatim++;
    }
    expect(labelled).toBeGreaterThan(500);
    expect(verbatim).toBeGreaterThan(labelled / 2);
  });
});

describe('a very long completion', () => {
  const sets = {
    phrases: [phrases('So the answer is', 'Answer:', '정답은')],
    nested: [pattern('(a+)+$')],
    alternatives: [pattern('^(?:(?:a|aa)+|x)*(.*y)$')],
    json: [json()],
    lastLine: [lastLine],
  };
  const texts = {
    letters: `${'a'.repeat(100_000)}!`,
    crosses: 'x'.repeat(100_000),
    braces: '{"a":['.repeat(5_000),
    quotes: '{"'.repeat(15_000),
    escapes: `{"a":"${'\\'.repeat(30_000)}`,
    blanks: `a${' '.repeat(30_000)}b`,
    breaks: '\r\n'.repeat(15_000),
    phrases: 'So the answer is '.repeat(2_000),
    marks: `So the answer is ${'*'.repeat(30_000)}`,
    headings: `${'#'.repeat(30_000)} Answer: b`,
    parentheses: `So the answer is ${'('.repeat(30_000)}`,
    digits: `So the answer is ${'1'.repeat(30_000)}`,
    thousands: `So the answer is ${'1,111'.repeat(6_000)}`,
    units: `So the answer is ${'1만'.repeat(15_000)}x`,
    signs: `So the answer is ${'- '.repeat(15_000)}1`,
    labels: `So the answer is ${'pear '.repeat(6_000)}`,
    letterMarks: `So the answer is ${'(a) '.repeat(8_000)}`,
    quotesAround: `So the answer is ${'"'.repeat(30_000)}`,
    tags: '<think></think>'.repeat(2_000),
  };

  const ways = [
    ['task', 'classification'],
    ['task', 'multiple-choice'],
    ['number', 'arithmetic'],
    ['expression', 'arithmetic'],
    ['letter', 'multiple-choice'],
  ] as const;

  it.each(Object.entries(sets))('is read to its end by %s', (_, rules) => {
    for (const [read, task] of ways) {
      const compiled = compileRules(rulesOf(rules, read));
      for (const text of Object.values(texts)) {
        const found = parseCompletion(text, compiled, task, { labels: fruit, choices: fruit });
        expect(found.label === null).toBe(found.rule === null);
      }
    }
  });

  it('is searched near its end by a pattern that looks ahead to the end for every match', () => {
    const compiled = compileRules(rulesOf([pattern('x(?s:.*)y|x')], 'text'));
    const none = { labels: [], choices: null };
    const { answerAt } = parseCompletion(texts.crosses, compiled, 'text', none);
    expect(answerAt?.[0]).toBeGreaterThan(50_000);
    const late = compileRules(rulesOf([pattern('\\d+')], 'text'));
    const numbers = `${'1 '.repeat(50_000)}77${' '.repeat(20_000)}`;
    expect(parseCompletion(numbers, late, 'text', none).label).toBe('77');
  });
});
