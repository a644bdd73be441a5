import { describe, expect, it } from 'vitest';
import { CompareFilter } from '../../../../electron/contract/entities.ts';
import type { z } from 'zod';
import { StudioError } from '../../../../electron/contract/errors.ts';
import { countRows, filterRows } from '../../../../electron/core/comparison/filter.ts';
import { sheetOf } from '../../../../electron/core/comparison/sheet-of.ts';
import { row, said, sixRows, student, teacher } from './sheet-rows.ts';

const sheet = sixRows();
/** The places of the rows that are left, in their order. */
const left = (filter: z.input<typeof CompareFilter>, masks: Uint8Array[] = []): number[] => [
  ...filterRows(sheet, CompareFilter.parse(filter), masks),
];

describe('rows that a filter leaves', () => {
  it('are all of them without one', () => {
    expect(left({})).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('differ where two that were asked answered differently', () => {
    // Both came to no label on the third row; the teacher was not asked the last two.
    expect(left({ disagree: true })).toEqual([1, 3]);
  });

  it('count no label as an answer that differs from every other', () => {
    const one = sheetOf(
      'classification',
      [row(1)],
      [
        { key: teacher, answers: [said(1, null)] },
        { key: student, answers: [said(1, 'yes')] },
      ],
    );
    expect(countRows(one, CompareFilter.parse({ disagree: true }))).toBe(1);
  });

  it('are right or wrong only where there is a gold label and the system was asked', () => {
    expect(left({ right: [teacher] })).toEqual([0]);
    expect(left({ wrong: [teacher] })).toEqual([1, 2]);
    expect(left({ right: [student], wrong: [teacher] })).toEqual([1]);
    expect(left({ right: [teacher], wrong: [student] })).toEqual([]);
    expect(left({ wrong: [teacher, student] })).toEqual([2]);
  });

  it('are unsure where the confidence is known and below the threshold', () => {
    expect(left({ unsure: { system: student, below: 0.4 } })).toEqual([2]);
    expect(left({ unsure: { system: student, below: 0.61 } })).toEqual([1, 2, 3, 4]);
    expect(left({ unsure: { system: teacher, below: 1 } })).toEqual([]);
  });

  it('were answered so by a system that was asked', () => {
    expect(left({ said: { system: student, label: 'yes' } })).toEqual([0, 3, 5]);
    expect(left({ said: { system: student, label: null } })).toEqual([2]);
    expect(left({ said: { system: teacher, label: null } })).toEqual([2]);
    expect(left({ said: { system: teacher, label: 'maybe' } })).toEqual([]);
  });

  it('are noted, and meet every mask', () => {
    expect(left({ noted: true })).toEqual([1]);
    const [even, late] = [Uint8Array.of(1, 0, 1, 0, 1, 0), Uint8Array.of(0, 0, 1, 1, 1, 1)];
    expect(left({}, [even, late])).toEqual([2, 4]);
    expect(left({ wrong: [student] }, [even])).toEqual([2, 4]);
  });

  it('come the least sure first, those without a confidence last, and equal ones in order', () => {
    expect(left({ sort: { by: 'confidence', system: student } })).toEqual([2, 1, 3, 4, 0, 5]);
    expect(left({ disagree: true, sort: { by: 'confidence', system: teacher } })).toEqual([1, 3]);
  });

  it('come the longest first', () => {
    expect(left({ sort: { by: 'length' } })).toEqual([2, 0, 5, 3, 1, 4]);
  });

  it('are refused by a system that is not compared', () => {
    for (const filter of [
      { right: ['run:b'] },
      { unsure: { system: 'run:b', below: 0.5 } },
      { said: { system: 'run:b', label: null } },
      { sort: { by: 'confidence' as const, system: 'run:b' } },
    ]) {
      expect(() => left(filter)).toThrow(StudioError);
    }
  });

  it('are as many as are counted', () => {
    const filter = CompareFilter.parse({ wrong: [student], sort: { by: 'length' } });
    expect(countRows(sheet, filter)).toBe(filterRows(sheet, filter).length);
  });
});
