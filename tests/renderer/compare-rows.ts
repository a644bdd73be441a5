import { systemKey } from '../../electron/contract/entities.ts';
import type {
  Accuracy,
  Entry,
  Interval,
  PairVerdict,
  Scoreboard,
  System,
} from '../../electron/contract/entities.ts';

/** What stands in a comparison, for tests of its screens. */
export const studentSystem = (id: string, more: Partial<System> = {}): System => ({
  ...{ key: systemKey.run(id), kind: 'student', name: id, teacherKind: null },
  ...{ method: 'finetune', labelSource: 'gold', seed: 1, trainRows: 80, studyId: null },
  ...{
    imported: null,
    group: id,
    needsTeacher: false,
    answered: 200,
    withConfidence: 200,
    complete: true,
  },
  ...more,
});

export const teacherSystem = (id: string, more: Partial<System> = {}): System => ({
  ...studentSystem(id),
  ...{ key: systemKey.teacher(id), kind: 'teacher', teacherKind: 'openai-compatible' },
  ...{ method: null, labelSource: null, seed: null, trainRows: null, group: null },
  ...{ withConfidence: 0 },
  ...more,
});

export const accuracy = (correct: number, rows = 200): Accuracy => ({
  ...{ correct, rows, accuracy: correct / rows },
  ...{ low: Math.max(0, correct / rows - 0.06), high: Math.min(1, correct / rows + 0.06) },
});

export const around = (value: number, half = 0.06): Interval => ({
  ...{ value, low: value - half, high: value + half },
});

/** An entry of these systems, with so many of 200 rows right. */
export const entry = (
  systems: readonly System[],
  correct: number,
  more: Partial<Entry> = {},
): Entry => ({
  key: systems.length === 1 ? (systems[0]?.key ?? '') : `group:${systems[0]?.group ?? ''}`,
  name: systems[0]?.name ?? '',
  systems: [...systems],
  accuracy: { ...around(correct / 200), rows: 200, how: 'wilson' },
  scores: systems.map((_, seed) => accuracy(correct + seed)),
  unparsed: accuracy(0),
  ...{ macroF1: null, classes: [], confusion: null, calibration: null, rationales: null },
  ...{ speed: null, parameters: 1_000_000, fileBytes: 4_000_000 },
  ...more,
});

export const pair = (
  a: Entry,
  b: Entry,
  verdict: PairVerdict['verdict'],
  difference: Interval,
  more: Partial<PairVerdict> = {},
): PairVerdict => ({
  ...{ a: a.key, b: b.key, rows: 200, difference, verdict },
  ...{ table: { both: 100, onlyA: 40, onlyB: 10, neither: 50 }, test: 'mcnemar-exact' },
  ...{ p: 0.001, pCorrected: 0.002, rowsNeeded: 90, macroF1: null },
  ...more,
});

export const scoreboard = (
  entries: readonly Entry[],
  pairs: readonly PairVerdict[] = [],
  more: Partial<Scoreboard> = {},
): Scoreboard => ({
  ...{ splitId: 's1', part: 'test', rows: 200, withGold: 200, looks: 4, synthetic: false },
  entries: [...entries],
  verdicts: {
    ...{ margin: 0.02, marginOfError: 0.0693, alpha: 0.05, power: 0.8, omnibus: null },
    ...{ correction: pairs.length > 1 ? 'holm' : 'none', pairs: [...pairs] },
  },
  ...more,
});
