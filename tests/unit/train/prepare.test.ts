import { describe, expect, it } from 'vitest';
import {
  labelSourceOf,
  prepareValidationRows,
  suggestLengths,
} from '../../../electron/stages/train/prepare.ts';
import type { ParsedAnswer } from '../../../electron/stages/train/prepare.ts';
import type { FullExample } from '../../../electron/store/store.ts';

const example = (id: number, gold: string | null): FullExample => ({
  id,
  datasetId: 'd',
  externalId: `row-${id}`,
  input: `question ${id}`,
  choices: null,
  gold,
  givenPart: null,
  recordedCompletion: null,
  recordedRationale: null,
  meta: null,
});
const answers = new Map<number, ParsedAnswer>([
  [1, { label: 'a', rationale: 'because a', correct: true }],
  [2, { label: 'b', rationale: 'because b', correct: false }],
  [4, { label: 'd', rationale: '', correct: null }],
]);
const examples = [example(1, 'a'), example(2, 'x'), example(3, 'c'), example(4, null)];

describe('prepareValidationRows', () => {
  it('scores against gold, else the teacher, and leaves out rows with neither', () => {
    const rows = prepareValidationRows([...examples, example(5, null)], answers);
    expect(rows.map((row) => row.gold)).toEqual(['a', 'x', 'c', 'd']);
  });
});

describe('labelSourceOf', () => {
  it('is fixed for fine-tuning and distilling, a choice for step-by-step', () => {
    expect(labelSourceOf('finetune', 'teacher')).toBe('gold');
    expect(labelSourceOf('distill', 'gold')).toBe('teacher');
    expect(labelSourceOf('step-by-step', 'teacher')).toBe('teacher');
  });
});

describe('suggestLengths', () => {
  it('holds the longest of ordinary rows and stays within limits', () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      input: 'word '.repeat(40 + (i % 10)),
      label: '( 1 + 2 )',
      rationale: null,
    }));
    const lengths = suggestLengths(rows, { synthetic: true });
    expect(lengths.maxInputTokens).toBeGreaterThanOrEqual(50);
    expect(lengths.maxInputTokens).toBeLessThanOrEqual(72);
    expect(lengths.maxLabelTokens).toBe(16);
    const huge = [{ input: 'word '.repeat(9000), label: null, rationale: 'a '.repeat(9000) }];
    expect(suggestLengths(huge, { synthetic: false })).toEqual({
      maxInputTokens: 512,
      maxLabelTokens: 16,
      maxRationaleTokens: 256,
    });
  });
});
