import { describe, expect, it } from 'vitest';
import type { CascadePoint } from '../../../../electron/contract/entities.ts';
import {
  beyondConfidence,
  cascadePoint,
  cascadePoints,
  cascadeRows,
  choosePoint,
  spreadPoints,
  teacherAlone,
} from '../../../../electron/core/comparison/cascade.ts';
import type { CascadeRows } from '../../../../electron/core/comparison/cascade.ts';
import type { AnswerSheet, SystemColumns } from '../../../../electron/core/comparison/sheet.ts';
import { Random } from '../../../../electron/core/random.ts';

/** Rows as [confidence, student right, teacher right]. */
const rowsOf = (...rows: readonly (readonly [number, 0 | 1, 0 | 1])[]): CascadeRows => ({
  confidence: Float64Array.from(rows, ([confidence]) => confidence),
  student: Uint8Array.from(rows, ([, student]) => student),
  teacher: Uint8Array.from(rows, ([, , teacher]) => teacher),
});

/** The surer the student, the more often it is right. */
const ten = rowsOf(
  ...([
    [0.95, 1, 1],
    [0.2, 0, 1],
    [0.9, 1, 1],
    [0.4, 0, 0],
    [0.9, 1, 0],
    [0.6, 0, 1],
    [0.99, 1, 1],
    [0.7, 1, 1],
    [0.4, 1, 1],
    [0.3, 0, 1],
  ] as const),
);
const prices = { student: 0.5, teacher: 10 };

describe('the points of a cascade', () => {
  const points = cascadePoints(ten, prices);

  it('are worked out by hand', () => {
    expect(
      points.map(({ coverage, student, together, perThousand }) => [
        ...[coverage, `${student.correct}/${student.rows}`, together.correct],
        Number(perThousand?.toFixed(9)),
      ]),
    ).toEqual([
      [1, '6/10', 6, 0.5],
      [0.9, '6/9', 7, 1.5],
      [0.8, '6/8', 8, 2.5],
      [0.6, '5/6', 8, 4.5],
      [0.5, '5/5', 9, 5.5],
      [0.4, '4/4', 9, 6.5],
      [0.2, '2/2', 8, 8.5],
      [0.1, '1/1', 8, 9.5],
      [0, '0/0', 8, 10.5],
    ]);
    expect(points[0]?.cheaper).toBe(20);
    expect(points[2]?.cheaper).toBe(4);
  });

  it('have thresholds of few digits between the rows', () => {
    expect(points.map(({ threshold }) => threshold)).toEqual([
      ...[0, 0.25, 0.35, 0.5, 0.65, 0.8, 0.93, 0.97, beyondConfidence],
    ]);
  });

  it('know no price where one is missing, and no ratio to a teacher that is free', () => {
    const unpriced = cascadePoints(ten, { student: null, teacher: 10 });
    expect(unpriced[0]).toMatchObject({ perThousand: null, cheaper: null });
    const free = cascadePoints(ten, { student: 0.5, teacher: 0 });
    expect(free[0]).toMatchObject({ perThousand: 0.5, cheaper: null });
  });

  it('are none without rows', () => {
    expect(cascadePoints(rowsOf(), prices)).toEqual([]);
    expect(teacherAlone(rowsOf())).toBeNull();
  });
});

describe('choosing a threshold', () => {
  const points = cascadePoints(ten, prices);
  const choose = (target: Parameters<typeof choosePoint>[2]) =>
    choosePoint(ten, points, target, prices);

  it('takes the most coverage that reaches the target', () => {
    expect(choose({ kind: 'student', accuracy: 0.8 })?.threshold).toBe(0.5);
    expect(choose({ kind: 'student', accuracy: 0.9 })?.threshold).toBe(0.65);
    // The teacher alone has 8 of 10.
    expect(choose({ kind: 'together', loss: 0 })?.threshold).toBe(0.35);
    expect(choose({ kind: 'together', loss: 0.1 })?.threshold).toBe(0.25);
    expect(choose({ kind: 'together', loss: 0.2 })?.threshold).toBe(0);
  });

  it('takes a threshold as it is said', () => {
    expect(choose({ kind: 'threshold', threshold: 0.9 })).toMatchObject({
      ...{ threshold: 0.9, coverage: 0.4, student: { correct: 4, rows: 4 } },
    });
  });

  it('finds none that nothing reaches, and none that leaves the student nothing', () => {
    const wrong = rowsOf([0.9, 0, 1], [0.8, 0, 1]);
    const none = (target: Parameters<typeof choosePoint>[2]) =>
      choosePoint(wrong, cascadePoints(wrong, prices), target, prices);
    expect(none({ kind: 'student', accuracy: 0.5 })).toBeNull();
    expect(none({ kind: 'together', loss: 0 })).toBeNull();
    expect(none({ kind: 'threshold', threshold: 0.95 })).toBeNull();
  });
});

describe('any cascade', () => {
  const generator = new Random(11);
  const random = () => generator.next();
  const trials = Array.from({ length: 60 }, () => {
    const decimals = 10 ** Math.floor(1 + 7 * random());
    return rowsOf(
      ...Array.from({ length: 1 + Math.floor(120 * random()) }, () => {
        const confidence = Math.round(random() * decimals) / decimals;
        const right = (share: number) => (random() < share ? (1 as const) : (0 as const));
        return [confidence, right(confidence), right(0.8)] as const;
      }),
    );
  });

  it('has rising thresholds, falling coverage and rising costs', () => {
    for (const rows of trials) {
      const points = cascadePoints(rows, prices);
      points.slice(1).forEach((point, at) => {
        const before = points[at];
        if (before === undefined) throw new Error('no point before');
        expect(point.threshold).toBeGreaterThan(before.threshold);
        expect(point.coverage).toBeLessThan(before.coverage);
        expect(point.perThousand).toBeGreaterThan(before.perThousand ?? Infinity);
      });
    }
  });

  it('ends in the student alone and the teacher alone', () => {
    for (const rows of trials) {
      const points = cascadePoints(rows, prices);
      const [first, last] = [points[0], points.at(-1)];
      const right = rows.student.reduce((sum, each) => sum + each, 0);
      expect(first).toMatchObject({ coverage: 1, perThousand: 0.5, threshold: 0 });
      expect(first?.student).toEqual(first?.together);
      expect(first?.student.correct).toBe(right);
      expect(last).toMatchObject({ coverage: 0, perThousand: 10.5 });
      expect(last?.together).toEqual(teacherAlone(rows));
    }
  });

  it('has points that say what their thresholds do', () => {
    for (const rows of trials) {
      for (const point of cascadePoints(rows, prices)) {
        expect(cascadePoint(rows, point.threshold, prices)).toEqual(point);
      }
    }
  });

  it('is shown by some of its points, both ends among them', () => {
    for (const rows of trials) {
      const points = cascadePoints(rows, prices);
      const shown = spreadPoints(points, 10);
      expect(shown.length).toBe(Math.min(10, points.length));
      expect([shown[0], shown.at(-1)]).toEqual([points[0], points.at(-1)]);
      expect(new Set(shown.map(({ threshold }: CascadePoint) => threshold)).size) //
        .toBe(shown.length);
    }
  });
});

describe('rows that count', () => {
  const columns = (
    key: string,
    rows: readonly { correct: number; label?: number; confidence?: number }[],
  ): SystemColumns => ({
    key,
    asked: Uint8Array.from(rows, ({ correct }) => (correct < 0 ? 0 : 1)),
    label: Int32Array.from(rows, ({ label = 0 }) => label),
    correct: Int8Array.from(rows, ({ correct }) => correct),
    confidence: Float32Array.from(rows, ({ confidence = Number.NaN }) => confidence),
  });

  it('have gold, an answer of both, and a confidence; without a label it is 0', () => {
    const student = columns('run:r', [
      { correct: 1, confidence: 0.5 },
      { correct: 1 },
      { correct: 0, label: -1 },
      { correct: -1, confidence: 0.9 },
      { correct: 1, confidence: 0.75 },
    ]);
    const teacher = columns('teacher:t', [
      ...[{ correct: 1 }, { correct: 1 }, { correct: 1 }, { correct: 1 }, { correct: -1 }],
    ]);
    const sheet: AnswerSheet = {
      ...{ exampleIds: Float64Array.of(1, 2, 3, 4, 5), labels: ['yes'] },
      ...{ gold: new Int32Array(5), inputLengths: new Int32Array(5), noted: new Uint8Array(5) },
      systems: [teacher, student],
    };
    expect(cascadeRows(sheet, student, teacher)).toEqual(rowsOf([0.5, 1, 1], [0, 0, 1]));
  });
});
