import { describe, expect, it } from 'vitest';
import type { ManifestCascade } from '../../../electron/contract/export.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { cascadeLines } from '../../../electron/stages/export/cascade.ts';

const cascade: ManifestCascade = {
  ...{ threshold: 0.62, target: { kind: 'student', accuracy: 0.94 }, teacher: 'Example' },
  validation: {
    ...{ threshold: 0.62, rows: 160, coverage: 0.875, perThousand: 1.26, cheaper: 7.94 },
    ...{ student: wilson(133, 140), together: wilson(150, 160) },
  },
  test: {
    ...{ threshold: 0.62, rows: 200, coverage: 0.87, perThousand: 1.31, cheaper: 8.1 },
    ...{ student: wilson(164, 174), together: wilson(186, 200) },
  },
  testTeacher: wilson(188, 200),
};
describe('the model card', () => {
  const card = (changes: Partial<ManifestCascade> = {}) =>
    cascadeLines({ ...cascade, ...changes }).join('\n');

  it('says the threshold, both parts with intervals, and what it saves', () => {
    const text = card();
    expect(text).toContain('where its confidence is at least 0.62');
    expect(text).toContain('ask the teacher (Example) for the rest');
    expect(text).toContain(
      '| test | 87.0% | 94.3% (89.7% to 96.8%) | 93.0% (88.6% to 95.8%) | 94.0% (89.8% to 96.5%) |',
    );
    expect(text).toContain(
      'chosen on the 160 validation rows (its own answers right at least 94.0%)',
    );
    expect(text).toContain('8.1 times cheaper than the teacher alone');
    expect(text).not.toContain('chance');
  });

  it('says where the test rows do not bear it out', () => {
    const test = { ...cascade.test, student: wilson(140, 174) };
    expect(card({ test })).toContain('**The test rows do not bear this out**: they came to 80.5%');
    const short = { ...cascade.test, student: wilson(160, 174) };
    expect(card({ test: short })).toContain("so few rows can't tell whether that is chance");
    const none = { ...cascade.test, student: wilson(0, 0), coverage: 0 };
    expect(card({ test: none })).toContain('the student answers none of them');
  });

  it('says where rows are few, and no price that is not known', () => {
    const test = { ...cascade.test, student: wilson(48, 50), cheaper: null };
    const text = card({ test });
    expect(text).toContain('own answers on test rows are fewer than 100');
    expect(text).not.toContain('cheaper');
  });
});
