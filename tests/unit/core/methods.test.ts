import { describe, expect, it } from 'vitest';
import { Method } from '../../../electron/contract/entities.ts';
import {
  answerFormatOf,
  joinAnswer,
  labelLengths,
  methodTraits,
  splitAnswer,
  withTeacherRationale,
} from '../../../electron/core/methods.ts';
import { runSettings } from '../model/support.ts';

describe('the one text of single-task', () => {
  it.each([
    ['take 3 from 8', '8 - 3'],
    ['the answer: first Answer: not yet', '( 8.0 - 3.0 )'],
    [null, 'yes'],
  ])('is read back as it was written: %s', (rationale, label) => {
    const text = joinAnswer(rationale, label, 'Answer:');
    expect(splitAnswer(text, 'Answer:')).toEqual({ label, rationale });
  });

  it('has no label where the student came to none', () => {
    expect(splitAnswer('first add, then', 'Answer:')).toEqual({
      label: '',
      rationale: 'first add, then',
    });
    expect(splitAnswer('', 'Answer:')).toEqual({ label: '', rationale: null });
    expect(splitAnswer('why Answer:', 'Answer:')).toEqual({ label: '', rationale: 'why' });
  });
});

describe('methods', () => {
  it('reads the teacher’s rationale with rationale-input alone', () => {
    const needing = Method.options.filter((method) => methodTraits[method].needsTeacher);
    expect(needing).toEqual(['rationale-input']);
    expect(withTeacherRationale('x', 'because', 'Rationale:')).toBe('x Rationale: because');
    expect(withTeacherRationale('x', null, 'Rationale:')).toBe('x');
    expect(withTeacherRationale('x', 'because', null)).toBe('x');
  });

  it('says of each method how its student is asked', () => {
    const formats = Method.options.map((method) => {
      const { rationalePrefix, answerMark, rationaleMark } = answerFormatOf(
        runSettings({ method }),
      );
      return [method, rationalePrefix, answerMark, rationaleMark];
    });
    expect(formats).toEqual([
      ['finetune', null, null, null],
      ['distill', null, null, null],
      ['step-by-step', 'explain: ', null, null],
      ['rationale-input', null, null, 'Rationale:'],
      ['single-task', null, 'Answer:', null],
    ]);
  });

  it('makes room for a rationale where it is read or written with the label', () => {
    const lengths = Method.options.map((method) =>
      labelLengths(
        runSettings({ method, maxInputTokens: 40, maxLabelTokens: 10, maxRationaleTokens: 30 }),
      ),
    );
    expect(lengths).toEqual([
      { input: 40, target: 10 },
      { input: 40, target: 10 },
      { input: 40, target: 10 },
      { input: 70, target: 10 },
      { input: 40, target: 48 },
    ]);
  });
});
