import { describe, expect, it } from 'vitest';
import {
  breakEven,
  buildCost,
  costAt,
  studentPrice,
  teacherPrice,
} from '../../../../electron/core/comparison/cost.ts';
import type { BuildFacts, TeacherFacts } from '../../../../electron/core/comparison/cost.ts';
import { Random } from '../../../../electron/core/random.ts';

const facts = (changes: Partial<TeacherFacts> = {}): TeacherFacts => ({
  ...{ kind: 'openai-compatible', entered: null, cost: 3, answers: 1_200, reused: 0, samples: 1 },
  ...changes,
});

describe('the price of a teacher', () => {
  it('is what its saved answers have cost, for 1,000', () => {
    expect(teacherPrice(facts())).toEqual({ perThousand: 2.5, basis: 'saved' });
  });
  it('leaves out answers that were reused', () => {
    expect(teacherPrice(facts({ reused: 200 }))).toEqual({ perThousand: 3, basis: 'saved' });
    expect(teacherPrice(facts({ reused: 1_200 }))).toEqual({ perThousand: null, basis: 'unknown' });
  });
  it('counts every answer that is asked for a row', () => {
    expect(teacherPrice(facts({ samples: 5 })).perThousand).toBe(12.5);
  });
  it('is what a person says, before anything else', () => {
    expect(teacherPrice(facts({ entered: 7 }))).toEqual({ perThousand: 7, basis: 'entered' });
    expect(teacherPrice(facts({ kind: 'recorded', entered: 0 })).basis).toBe('entered');
  });
  it('is not known of recorded answers, and nothing of a teacher that is free', () => {
    expect(teacherPrice(facts({ kind: 'recorded', cost: 0 })).basis).toBe('unknown');
    expect(teacherPrice(facts({ cost: null })).basis).toBe('unknown');
    expect(teacherPrice(facts({ cost: 0 }))).toEqual({ perThousand: 0, basis: 'free' });
    expect(teacherPrice(facts({ kind: 'practice', cost: null })).perThousand).toBe(0);
  });
});

describe('the price of a student', () => {
  it('is the time of the machine', () => {
    // 0.02 s a row: 20 s for 1,000, 1/180 of an hour at 0.18 dollars.
    const price = studentPrice(0.02, 0.18, null);
    expect(price.perThousand).toBeCloseTo(0.001, 12);
    expect(price.basis).toBe('measured');
  });
  it('is not known before it was measured, unless the machine is not counted', () => {
    expect(studentPrice(null, 0.1, null)).toEqual({ perThousand: null, basis: 'unknown' });
    expect(studentPrice(null, null, null)).toEqual({ perThousand: 0, basis: 'free' });
  });
  it('has the teacher’s on top where it reads the teacher’s rationale', () => {
    const teacher = { perThousand: 2.5, basis: 'saved' } as const;
    expect(studentPrice(0.02, 0.18, teacher).perThousand).toBeCloseTo(2.501, 12);
    expect(studentPrice(0.02, 0.18, { perThousand: null, basis: 'unknown' }).basis).toBe('unknown');
  });
});

describe('what building costs', () => {
  const built: BuildFacts = {
    taught: true,
    teacher: { perThousand: 2.5, basis: 'saved' },
    teacherRows: 1_200,
    trainingHours: 0.5,
    machineHour: 0.1,
  };
  it('is the teacher’s answers and the hours of training', () => {
    expect(buildCost(built)).toEqual({
      ...{ rationales: 3, training: 0.05, trainingHours: 0.5, total: 3.05, unknown: [] },
    });
  });
  it('is training alone for one that learned from gold labels', () => {
    expect(buildCost({ ...built, taught: false })).toMatchObject({ rationales: 0, total: 0.05 });
  });
  it('says what is not known, and counts it as nothing', () => {
    const unpriced = { perThousand: null, basis: 'unknown' } as const;
    expect(buildCost({ ...built, teacher: unpriced, trainingHours: null })).toEqual({
      ...{ rationales: null, training: null, trainingHours: null, total: 0 },
      unknown: ['rationales', 'training'],
    });
    expect(buildCost({ ...built, machineHour: null }).unknown).toEqual([]);
  });
});

describe('break-even', () => {
  it('is worked out by hand', () => {
    // 3.05 dollars, saving 2.499 for 1,000: 1220.49, so after 1,221.
    expect(breakEven(3.05, 0.001, 2.5)).toBe(1_221);
    // 2 dollars and 2 for 1,000: at 1,000 both have cost the same.
    expect(breakEven(2, 1, 3)).toBe(1_001);
    expect(breakEven(0, 1, 3)).toBe(1);
    // After 1,000 both have cost 0.4 dollars; as binary numbers 0.4 - 0.1 is more than 0.3.
    expect(breakEven(0.3, 0.1, 0.4)).toBe(1_001);
  });
  it('never comes where the student is no cheaper, or a price is not known', () => {
    expect(breakEven(2, 3, 3)).toBeNull();
    expect(breakEven(2, 4, 3)).toBeNull();
    expect(breakEven(2, null, 3)).toBeNull();
    expect(breakEven(2, 1, null)).toBeNull();
  });
  it('is the first volume at which the student has cost less', () => {
    const generator = new Random(7);
    const random = () => generator.next();
    for (let trial = 0; trial < 500; trial++) {
      const [build, student, saved] = [100 * random(), random(), 0.01 + random()];
      const after = breakEven(build, student, student + saved);
      if (after === null) throw new Error('cheaper, and never so');
      const gap = (volume: number) =>
        costAt(volume, 0, student + saved) - costAt(volume, build, student);
      expect(gap(after)).toBeGreaterThan(-1e-9);
      expect(gap(after - 1)).toBeLessThan(1e-9);
    }
  });
});
