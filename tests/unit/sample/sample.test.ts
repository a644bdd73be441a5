import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../electron/core/expression.ts';
import { maskNumbers } from '../../../electron/core/text.ts';
import { families } from '../../../electron/stages/import/sample/families.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { readProblem } from '../../../electron/teacher/practice/solver.ts';

const rows = generateSample({ rows: 2_000, seed: 7 });

describe('the generated word problems', () => {
  it('are the same for the same seed, others for another, and a longer list begins with a shorter', () => {
    expect(generateSample({ rows: 2_000, seed: 7 })).toEqual(rows);
    expect(generateSample({ rows: 50, seed: 7 })).toEqual(rows.slice(0, 50));
    expect(generateSample({ rows: 50, seed: 8 })).not.toEqual(rows.slice(0, 50));
  });

  it('tell at least twelve kinds of stories, none of them rarely', () => {
    expect(families.length).toBeGreaterThanOrEqual(12);
    for (const { id } of families) {
      expect(rows.filter(({ family }) => family === id).length, id).toBeGreaterThan(60);
    }
  });

  it('are all different after numbers are masked', () => {
    expect(new Set(rows.map(({ input }) => maskNumbers(input))).size).toBe(rows.length);
  });

  it('have positive whole answers of two or three steps, made of numbers that stand in the text', () => {
    const steps = new Map<number, number>();
    for (const { input, label } of rows) {
      const value = evaluateExpression(label);
      expect(value, label).toSatisfy((answer: number) => Number.isInteger(answer) && answer > 0);
      expect(label).toMatch(/^[\d()+*/ -]+$/);
      const given = new Set<string>(input.match(/\d+/g) ?? []);
      for (const number of label.match(/\d+/g) ?? []) expect(given.has(number)).toBe(true);
      const operators = label.match(/[-+*/]/g)?.length ?? 0;
      steps.set(operators, (steps.get(operators) ?? 0) + 1);
    }
    expect([...steps.keys()].sort()).toEqual([2, 3]);
  });

  it('have numbers that no answer needs in some rows, and never the same number twice', () => {
    let distracted = 0;
    for (const { input, label } of rows) {
      const given = input.match(/\d+/g) ?? [];
      expect(new Set(given).size).toBe(given.length);
      const used = new Set<string>(label.match(/\d+/g) ?? []);
      if (given.some((number) => !used.has(number))) distracted++;
    }
    expect(distracted / rows.length).toBeGreaterThan(0.15);
    expect(distracted / rows.length).toBeLessThan(0.4);
  });

  it('tell the same facts in more than one order', () => {
    const problems = rows.filter(({ family }) => family === 'prices').map(({ input }) => input);
    expect(problems.some((text) => text.search('buys') < text.search('costs'))).toBe(true);
    expect(problems.some((text) => text.search('buys') > text.search('costs'))).toBe(true);
  });

  it('keep to a small vocabulary of natural sentences', () => {
    const words = new Set(rows.flatMap(({ input }) => input.toLowerCase().match(/[a-z]+/g) ?? []));
    expect(words.size).toBeLessThan(350);
    for (const { input } of rows) expect(input).toMatch(/^[A-Z][^?]+\. How many [^?.]+\?$/);
  });

  it('can each be read and solved from the text alone, with a rationale of two to four sentences', () => {
    for (const { input, label, rationale } of rows) {
      expect(readProblem(input)).toEqual({ rationale, answer: label });
      const sentences = rationale.match(/\./g)?.length ?? 0;
      expect(sentences).toBeGreaterThanOrEqual(2);
      expect(sentences).toBeLessThanOrEqual(4);
      expect(rationale).not.toContain('{');
    }
  });
});
