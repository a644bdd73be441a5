import { describe, expect, it } from 'vitest';
import { confirmedLines, curveTable, sentenceOf } from '../../../electron/cli/commands/cascade.ts';
import type { Cascade } from '../../../electron/contract/entities.ts';
import { cascadePoints, teacherAlone } from '../../../electron/core/comparison/cascade.ts';
import { wilson } from '../../../electron/core/statistics.ts';

const rows = {
  confidence: Float64Array.from({ length: 200 }, (_, at) => at / 200),
  student: Uint8Array.from({ length: 200 }, (_, at) => (at % 10 === 0 ? 0 : 1)),
  teacher: Uint8Array.from({ length: 200 }, () => 1),
};
const points = cascadePoints(rows, { student: 0.01, teacher: 2 });
const curve = {
  ...{ runId: 'r', extractionId: 'e', rows: 200, points, chosen: null },
  teacher: teacherAlone(rows),
};

describe('a cascade on the command line', () => {
  it('prints some points, from the student alone to the teacher alone', () => {
    const lines = curveTable(curve).split('\n');
    expect(lines[0]).toContain('200 rows; the teacher alone: 100.0%');
    expect(lines).toHaveLength(1 + 2 + 11);
    expect(lines[3]).toMatch(/ 0 +100\.0% +90\.0% .+ \$0\.01 +200\.0 x$/);
    expect(lines.at(-1)).toMatch(/teacher +0\.0% +- /);
  });

  it('prints few points whole, and says where there are no rows', () => {
    expect(curveTable({ ...curve, points: points.slice(0, 3) }).split('\n')).toHaveLength(6);
    expect(curveTable({ ...curve, rows: 0, points: [] })).toContain('no threshold can be chosen');
  });

  it('says what it comes to in one sentence', () => {
    const point = {
      ...{ threshold: 0.6, rows: 200, coverage: 0.87, perThousand: 1, cheaper: 8.1 },
      ...{ student: wilson(164, 174), together: wilson(186, 200) },
    };
    expect(sentenceOf(point)).toBe(
      'The student answers 87.0% at 94.3% accuracy, the rest goes to the teacher: 8.1 times cheaper.',
    );
    expect(sentenceOf({ ...point, cheaper: null })).toMatch(/goes to the teacher\.$/);
    const cascade: Cascade = {
      ...{ id: 'c', projectId: 'p', runId: 'r', extractionId: 'e', splitId: 's' },
      ...{ target: { kind: 'student', accuracy: 0.94 }, threshold: 0.6, createdAt: '' },
      ...{ validation: point, test: point, testTeacher: wilson(188, 200) },
    };
    expect(confirmedLines(cascade)).toContain('The test rows bear it out.');
    const missed = { ...point, student: wilson(48, 60) };
    const said = confirmedLines({ ...cascade, test: missed });
    expect(said).toContain('do not bear it out: 80.0% (68.2% - 88.2%), and 94.0% was wanted.');
    expect(said).toContain('Only 60 answers of its own on test rows');
  });
});
