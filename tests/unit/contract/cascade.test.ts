import { describe, expect, it } from 'vitest';
import { confirmationOf } from '../../../electron/contract/entities.ts';
import type { CascadePoint, CascadeTarget } from '../../../electron/contract/entities.ts';
import { wilson } from '../../../electron/core/statistics.ts';

const point = (right: number, own: number, together: number, rows = 200): CascadePoint => ({
  ...{ threshold: 0.6, rows, coverage: own / rows, perThousand: null, cheaper: null },
  ...{ student: wilson(right, own), together: wilson(together, rows) },
});
const confirm = (target: CascadeTarget, test: CascadePoint, validation = point(171, 180, 188)) =>
  confirmationOf({ target, validation, test, testTeacher: wilson(190, 200) });

describe('confirming a cascade', () => {
  it('holds the student’s own answers against the accuracy that was asked for', () => {
    const target = { kind: 'student', accuracy: 0.94 } as const;
    expect(confirm(target, point(165, 174, 190))).toMatchObject({ outcome: 'met', target: 0.94 });
    // 160 of 174: 92.0%, 86.9 to 95.1.
    expect(confirm(target, point(160, 174, 190)).outcome).toBe('short');
    // 150 of 174: 86.2%, 80.3 to 90.6.
    expect(confirm(target, point(150, 174, 190)).outcome).toBe('missed');
    expect(confirm(target, point(0, 0, 190)).outcome).toBe('missed');
  });

  it('holds both together against what the teacher has on the same rows', () => {
    const target = { kind: 'together', loss: 0.02 } as const;
    const met = confirm(target, point(165, 174, 186));
    expect(met.outcome).toBe('met');
    expect(met.target).toBeCloseTo(0.93, 12);
    expect(confirm(target, point(165, 174, 180)).outcome).toBe('short');
    expect(confirm(target, point(165, 174, 160)).outcome).toBe('missed');
  });

  it('holds a threshold that was set by hand against what validation promised', () => {
    const target = { kind: 'threshold', threshold: 0.6 } as const;
    expect(confirm(target, point(166, 174, 186))).toMatchObject({ outcome: 'met', target: 0.95 });
    expect(confirm(target, point(140, 174, 186)).outcome).toBe('missed');
  });

  it('says where the student’s own answers are few', () => {
    const target = { kind: 'student', accuracy: 0.9 } as const;
    expect(confirm(target, point(165, 174, 190)).few).toEqual([]);
    expect(confirm(target, point(96, 99, 190), point(90, 99, 180)).few).toEqual([
      ...['validation', 'test'],
    ]);
  });
});
