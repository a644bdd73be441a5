import { describe, expect, it } from 'vitest';
import { measureRationales } from '../../../electron/stages/compare/rationale-measures.ts';
import type { Written } from '../../../electron/stages/compare/rationale-measures.ts';
import { shareOver } from '../../../electron/stages/compare/shares.ts';
import { wilson } from '../../../electron/core/statistics.ts';

const rows = {
  ...({ task: 'arithmetic', labels: [], exampleIds: [1, 2, 3, 4] } as const),
  choicesOf: () => null,
};
const written = (
  ...texts: (readonly [label: string | null, rationale: string] | null)[]
): Written =>
  new Map(
    texts.flatMap((text, at) =>
      text === null ? [] : [[at + 1, { label: text[0], rationale: text[1] }] as const],
    ),
  );

describe('measures of rationales', () => {
  const student = written(
    ['5', 'He has 8 - 3 = 5 left.'],
    ['9', 'He has 8 - 3 = 6 left.'],
    ['2', 'He takes some away.'],
    null,
  );

  it('counts those that can be judged', () => {
    const measured = measureRationales([student], null, rows);
    expect(measured).toMatchObject({
      rows: 3,
      read: 3,
      arithmeticHolds: { correct: 1, rows: 2 },
      // The third comes to no answer that can be read.
      leadsToLabel: { correct: 1, rows: 2 },
      rougeL: null,
    });
    // 6 words, 6 words and 4 words; signs are none.
    expect(measured?.words.value).toBeCloseTo(16 / 3, 12);
    expect(measured?.words).toMatchObject({ rows: 3, how: 'bootstrap' });
  });

  it('sets them against the teacher’s of the same row', () => {
    const teacher = written(['5', 'He has 8 - 3 = 5 left.'], ['5', 'Nothing here.'], null, [
      '1',
      'x',
    ]);
    const measured = measureRationales([student], teacher, rows);
    expect(measured?.rougeL).toMatchObject({ rows: 2, value: 0.5 });
  });

  it('counts all seeds together, and means by row', () => {
    const other = written(['5', 'a b'], null, null, ['1', 'a b c d e f g h']);
    const measured = measureRationales([student, other], null, rows);
    expect(measured?.rows).toBe(5);
    // (6 + 2) / 2, 6, 4 and 8
    expect(measured?.words.value).toBeCloseTo(22 / 4, 12);
    expect(measured?.words.rows).toBe(4);
  });

  it('reads rows that are spread over a large part, and says how many', () => {
    const many = written(
      ...Array.from({ length: 7_500 }, (_, at) => [null, at % 3 === 2 ? 'a b c d' : 'a'] as const),
    );
    const exampleIds = Float64Array.from({ length: 7_500 }, (_, at) => at + 1);
    const measured = measureRationales([many], null, { ...rows, exampleIds });
    expect(measured).toMatchObject({ rows: 7_500, read: 5_000, words: { rows: 5_000 } });
    // Of three rows the first and the second.
    expect(measured?.words.value).toBe(1);
  });

  it('is nothing without rationales', () => {
    expect(measureRationales([written(null)], null, rows)).toBeNull();
  });
});

describe('a share over seeds', () => {
  it('is that of all of them, as uncertain as one seed’s', () => {
    expect(shareOver(30, 40, 1)).toEqual(wilson(30, 40));
    const { low, high } = wilson(30, 40);
    expect(shareOver(90, 120, 3)).toEqual({ correct: 90, rows: 120, accuracy: 0.75, low, high });
  });

  it('holds its own value where the rows of one seed do not divide', () => {
    for (const [correct, all] of [
      [1, 7],
      [599, 600],
      [1, 600],
      [2, 2],
    ] as const) {
      const { low, accuracy, high } = shareOver(correct, all, 3);
      expect(low).toBeLessThanOrEqual(accuracy);
      expect(high).toBeGreaterThanOrEqual(accuracy);
    }
  });
});
