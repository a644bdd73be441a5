import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import { rowsNeeded } from '../../../electron/core/comparison/rows-needed.ts';
import {
  measureBoard,
  scoreboardFrom,
  scoreboardOf,
} from '../../../electron/stages/compare/scoreboard.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
  temporaryFolder,
} from '../store/workspace.ts';
import { answeredRun, comparing, keysOf } from './board.ts';

/** Ten test rows whose answer is 7. */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(10));
  const ids = exampleIds(store, project);
  const split = newSplit(
    store,
    project,
    ids.map((id) => [id, 'test']),
  );
  /** Right on the rows of these numbers, from 1. */
  const said = (right: readonly number[], more: { rationale?: string } = {}) =>
    ids.map((exampleId, at) => ({
      ...{ exampleId, ...more, right: right.includes(at + 1) },
      label: right.includes(at + 1) ? '7' : '8',
    }));
  return { store, project, split, ids, said };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

describe('a scoreboard of teacher and students', () => {
  /** The teacher was asked eight rows: six right, one wrong, one without a label. */
  function board() {
    const { store, project, split, ids, said } = prepared();
    const extraction = newExtraction(store, project, newTeacher(store, project));
    const wrong = new Map<number, string | null>([
      [6, '9'],
      [7, null],
    ]);
    store.extractions.saveCompletions(
      extraction.id,
      ids.slice(0, 8).map((id, at) => {
        const label = wrong.has(at) ? (wrong.get(at) ?? null) : '7';
        return answered(id, label, label === '7');
      }),
    );
    const good = answeredRun(store, split, { seed: 1 }, said(upTo(9)), 'good');
    const other = answeredRun(
      store,
      split,
      { method: 'finetune' },
      said([1, 2, 3, 4, 10]),
      'other',
    );
    const systems = [...keysOf([other, good]), systemKey.teacher(extraction.id)];
    const question = { ...comparing(split, systems), margin: 0.02 };
    return { store, split, good, other, extraction, question };
  }

  it('has the teacher first and the best student next, each over the rows that it was asked', () => {
    const { store, question } = board();
    const { entries, ...rest } = scoreboardOf(store, question);
    expect(rest).toMatchObject({ part: 'test', rows: 10, withGold: 10, looks: 0, synthetic: true });
    expect(entries.map(({ name }) => name)).toEqual(['Teacher', 'good', 'other']);
    expect(entries.map(({ accuracy }) => accuracy?.value)).toEqual([6 / 8, 9 / 10, 5 / 10]);
    expect(entries[0]?.unparsed).toMatchObject({ correct: 1, rows: 8 });
    // Wilson's interval of 9 of 10.
    expect(entries[1]?.accuracy).toMatchObject({ rows: 10, how: 'wilson' });
    expect(entries[1]?.accuracy?.low).toBeCloseTo(0.5958, 4);
    expect(entries[1]?.accuracy?.high).toBeCloseTo(0.9821, 4);
    expect(entries[1]?.macroF1).toBeNull();
    expect(entries[1]?.calibration).toBeNull();
  });

  it('tests every pair on the rows that both were asked, and corrects', () => {
    const { store, question, good, other, extraction } = board();
    const { verdicts } = scoreboardOf(store, question);
    const [first, second] = keysOf([good, other]);
    const teacher = systemKey.teacher(extraction.id);
    const pair = (a: string | undefined, b: string | undefined) =>
      verdicts.pairs.find((each) => each.a === a && each.b === b);
    expect(pair(first, second)).toMatchObject({
      rows: 10,
      table: { both: 4, onlyA: 5, onlyB: 1, neither: 0 },
      test: 'mcnemar-exact',
      verdict: 'not-shown',
    });
    // 2 (1 + 6) / 2^6, and three times that
    expect(pair(first, second)?.p).toBeCloseTo(14 / 64, 12);
    expect(pair(first, second)?.pCorrected).toBeCloseTo(42 / 64, 12);
    expect(pair(first, second)?.difference.value).toBeCloseTo(0.4, 12);
    expect(pair(first, teacher)).toMatchObject({ rows: 8, p: 0.5, pCorrected: 1 });
    expect(pair(teacher, second)).toMatchObject({ rows: 8, p: 0.5, pCorrected: 1 });
    expect(verdicts).toMatchObject({ correction: 'holm', margin: 0.02, alpha: 0.05 });
    expect(verdicts.marginOfError).toBeCloseTo(0.98 / Math.sqrt(8), 12);
    // Totals 6, 8, 4 by system; on its rows 3 (four times), 2 and 1 (twice each).
    expect(verdicts.omnibus).toMatchObject({ degrees: 2, systems: 3, rows: 8 });
    expect(verdicts.omnibus?.q).toBeCloseTo(6, 12);
    expect(verdicts.omnibus?.p).toBeCloseTo(Math.exp(-3), 12);
  });

  it('knows how fast they answer and how large they are', () => {
    const { store, question, good } = board();
    const folder = join(temporaryFolder(), 'best');
    mkdirSync(folder);
    writeFileSync(join(folder, 'model.safetensors'), 'x'.repeat(700));
    writeFileSync(join(folder, 'config.json'), 'x'.repeat(50));
    store.runs.saveCheckpoint(good.id, { which: 'best', step: 1, folder, validation: 0.5 });
    store.runs.setModel(good.id, { parameters: 1234, engine: 'cpu' });
    store.evaluations.saveSpeed(good.id, 1, {
      ...{ timings: [40, 10, 30, 20], throughput: 12, memoryBytes: 900, engine: 'cpu' },
      ...{ threads: 2, device: null, busy: false },
    });
    const [teacher, student, other] = scoreboardOf(store, question).entries;
    expect(teacher?.speed).toMatchObject({ p50: 310.5, p95: 310.5, timed: 8, throughput: null });
    expect(student).toMatchObject({ parameters: 1234, fileBytes: 750 });
    expect(student?.speed).toMatchObject({ p50: 20, p95: 40, timed: 4, throughput: 12 });
    expect(other).toMatchObject({ speed: null, fileBytes: null });
  });

  it('is the same from what was measured once, with the margin and the names of now', () => {
    const { store, question, good } = board();
    // As it comes from a thread.
    const measured = structuredClone(measureBoard(store, question));
    expect(scoreboardFrom(store, question, measured)).toEqual(scoreboardOf(store, question));
    const wide = { ...question, margin: 0.5 };
    expect(scoreboardFrom(store, wide, measured)).toEqual(scoreboardOf(store, wide));
    store.runs.rename(good.id, 'better named');
    const again = scoreboardFrom(store, question, measured);
    expect(again.entries.map(({ name }) => name)).toEqual(['Teacher', 'better named', 'other']);
    expect(again).toEqual(scoreboardOf(store, question));
    store.runs.remove(good.id);
    expect(refusal(() => scoreboardFrom(store, question, measured)).code).toBe('not-found');
  });

  it('refuses a student that has not answered', () => {
    const { store, split, question } = board();
    const run = answeredRun(store, split, { seed: 99 }, []);
    const asked = { ...question, systems: keysOf([run]) };
    expect(refusal(() => scoreboardOf(store, asked)).code).toBe('not-found');
  });
});

describe('students of several seeds', () => {
  it('stand in one line, over rows and seeds', () => {
    const { store, split, said } = prepared();
    const runs = [
      answeredRun(store, split, { seed: 2 }, said(upTo(8))),
      answeredRun(store, split, { seed: 1 }, said(upTo(6))),
      answeredRun(store, split, { seed: 1, method: 'finetune' }, said(upTo(2))),
      answeredRun(store, split, { seed: 2, method: 'finetune' }, said(upTo(2))),
    ];
    const board = scoreboardOf(store, { ...comparing(split, keysOf(runs)), margin: 0.02 });
    const [best, worst] = board.entries;
    expect(board.entries).toHaveLength(2);
    expect(best).toMatchObject({ name: 'step-by-step, gold label' });
    expect(best?.key).toMatch(/^group:/);
    expect(best?.systems.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(best?.scores.map(({ correct }) => correct)).toEqual([6, 8]);
    expect(best?.accuracy).toMatchObject({ value: 0.7, rows: 10, how: 'seeds' });
    expect(worst).toMatchObject({ name: 'finetune', accuracy: { value: 0.2 } });
    expect(board.verdicts.omnibus).toBeNull();
    expect(board.verdicts.correction).toBe('none');
    const [pair] = board.verdicts.pairs;
    expect(pair).toMatchObject({ a: best?.key, b: worst?.key, table: null, test: 'seeds-t' });
    expect(pair?.difference.value).toBeCloseTo(0.5, 12);
    expect(pair?.pCorrected).toBe(pair?.p);
  });

  it('are set against a teacher that has no seed of its own', () => {
    const { store, project, split, ids, said } = prepared();
    const extraction = newExtraction(store, project, newTeacher(store, project));
    store.extractions.saveCompletions(
      extraction.id,
      ids.map((id) => answered(id, '7', true)),
    );
    const runs = [
      answeredRun(store, split, { seed: 1 }, said(upTo(5))),
      answeredRun(store, split, { seed: 2 }, said(upTo(6))),
      answeredRun(store, split, { seed: 3 }, said(upTo(8))),
    ];
    const alone = answeredRun(store, split, { method: 'finetune' }, said(upTo(10)));
    const teacher = systemKey.teacher(extraction.id);
    const against = (key: string) => {
      const asked = comparing(split, [key, ...keysOf(runs)]);
      return scoreboardOf(store, { ...asked, margin: 0.02 }).verdicts.pairs[0]?.difference;
    };
    // The same ten right answers: one run may do otherwise with another seed, the teacher may not.
    const ofTeacher = against(teacher);
    const ofRun = against(systemKey.run(alone.id));
    expect(ofTeacher?.value).toBe(ofRun?.value);
    expect(ofTeacher?.low).toBeGreaterThan(ofRun?.low ?? 1);
  });
});

describe('rows that a gap needs', () => {
  it('are more where several pairs are corrected for each other', () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(100));
    const ids = exampleIds(store, project);
    const split = newSplit(
      store,
      project,
      ids.map((id) => [id, 'test']),
    );
    // Other settings: students that differ by their seed alone would stand in one line.
    const student = (from: number, to: number) =>
      answeredRun(
        store,
        split,
        { lambda: 1 / (1 + from) },
        ids.map((exampleId, at) => ({ exampleId, right: at >= from && at < to, label: '7' })),
      );
    const runs = [student(0, 80), student(26, 100), student(27, 100), student(28, 100)];
    const [best, second] = keysOf(runs);
    const needed = (systems: number): number | null => {
      const asked = comparing(split, keysOf(runs.slice(0, systems)));
      const { pairs } = scoreboardOf(store, { ...asked, margin: 0.02 }).verdicts;
      expect(pairs).toHaveLength((systems * (systems - 1)) / 2);
      return pairs.find(({ a, b }) => a === best && b === second)?.rowsNeeded ?? null;
    };
    const gap = { difference: 0.06, discordant: 0.46 };
    expect(needed(2)).toBe(rowsNeeded(gap));
    expect(needed(4)).toBe(rowsNeeded({ ...gap, alpha: 0.05 / 6 }));
    expect(needed(4)).toBeGreaterThan(needed(2) ?? 0);
  });
});

describe('a scoreboard of classes', () => {
  it('has macro-F1, each class and what is taken for what', () => {
    const store = opened();
    const project = store.projects.create({
      ...{ name: 'Signs', task: 'classification', labels: ['yes', 'no'], synthetic: false },
    });
    const golds = ['yes', 'yes', 'yes', 'no'];
    newDataset(
      store,
      project,
      golds.map((gold, at) => row(String(at + 1), { gold })),
    );
    const ids = exampleIds(store, project);
    const split = newSplit(
      store,
      project,
      ids.map((id) => [id, 'test']),
    );
    const labels = ['yes', 'no', '', 'no'];
    const run = answeredRun(
      store,
      split,
      {},
      ids.map((exampleId, at) => ({
        ...{ exampleId, label: labels[at] ?? '', right: labels[at] === golds[at] },
        ...{ confidence: 0.9 },
      })),
    );
    const [entry] = scoreboardOf(store, {
      ...comparing(split, keysOf([run])),
      margin: 0.02,
    }).entries;
    expect(entry?.confusion).toEqual({
      labels: ['yes', 'no'],
      counts: [
        [1, 1],
        [0, 1],
      ],
      other: [0, 0],
      none: [1, 0],
    });
    expect(entry?.unparsed).toMatchObject({ correct: 1, rows: 4 });
    const [yes, no] = entry?.classes ?? [];
    expect(yes).toMatchObject({
      precision: { correct: 1, rows: 1 },
      recall: { correct: 1, rows: 3 },
    });
    expect(no).toMatchObject({
      precision: { correct: 1, rows: 2 },
      recall: { correct: 1, rows: 1 },
    });
    // F1 of 1/2 and 2/3.
    expect(entry?.macroF1?.value).toBeCloseTo(7 / 12, 12);
    // Two of four right at a confidence of 0.9.
    expect(entry?.calibration?.rows).toBe(4);
    expect(entry?.calibration?.ece.value).toBeCloseTo(0.4, 6);
    expect(entry?.calibration?.bins).toMatchObject([{ rows: 4, right: { correct: 2, rows: 4 } }]);
  });
});
