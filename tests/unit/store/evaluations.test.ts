import { describe, expect, it } from 'vitest';
import { ComparisonRow } from '../../../electron/contract/entities.ts';
import type { NewPrediction } from '../../../electron/store/store.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newRun,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

/** A split with one training row and five test rows, the last without gold, and two runs. */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, [...rows(5), row('6', { gold: null, choices: ['7', '8'] })]);
  const [train = 0, ...test] = exampleIds(store, project);
  const split = newSplit(store, project, [
    [train, 'train'],
    ...test.map((id): [number, 'test'] => [id, 'test']),
  ]);
  const [first, second] = [newRun(store, split), newRun(store, split)];
  const open = (run: { id: string }, checkpointStep = 50) =>
    store.evaluations.open({ runId: run.id, splitId: split.id, part: 'test', checkpointStep });
  return { store, project, split, train, test, first, second, open };
}

const predicted = (
  exampleId: number,
  label: string,
  correct: boolean | null = label === '7',
): NewPrediction => ({ exampleId, label, rationale: 'Because.', correct, milliseconds: 12.5 });

describe('an evaluation', () => {
  it('is the same one for the same run, part and checkpoint', () => {
    const { store, project, split, first, open } = prepared();
    const evaluation = open(first);
    expect(evaluation).toEqual({
      ...{ id: evaluation.id, runId: first.id, splitId: split.id, part: 'test' },
      ...{ checkpointStep: 50, rows: 5, predicted: 0, correct: 0, withGold: 0 },
    });
    expect(open(first).id).toBe(evaluation.id);
    expect(open(first, 80).id).not.toBe(evaluation.id);
    expect(store.evaluations.get(evaluation.id)).toEqual(evaluation);
    expect(store.evaluations.countInProject(project.id)).toBe(0);
    expect(refusal(() => store.evaluations.get('nothing')).code).toBe('not-found');
    expect(refusal(() => open({ id: 'nothing' })).code).toBe('not-found');
  });

  it('goes on with the rows that have no prediction', () => {
    const { store, test, first, open } = prepared();
    const { id } = open(first);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = test;
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual(test);
    store.evaluations.savePredictions(id, [predicted(c, '7'), predicted(a, '8')]);
    expect(store.evaluations.pending(id).map((example) => example.id)).toEqual([b, d, e]);
    store.evaluations.savePredictions(id, [predicted(e, '7', null), predicted(a, '7')]);
    expect(store.evaluations.get(id)).toMatchObject({ predicted: 3, correct: 2, withGold: 2 });
    expect(store.evaluations.predictions(id)).toEqual([
      ...[predicted(a, '7'), predicted(c, '7'), predicted(e, '7', null)],
    ]);
  });

  it('takes no prediction for a row outside its part', () => {
    const { store, train, test, first, open } = prepared();
    const { id } = open(first);
    const [a = 0] = test;
    const outside = () =>
      store.evaluations.savePredictions(id, [predicted(a, '7'), predicted(train, '7')]);
    expect(refusal(outside).code).toBe('invalid-input');
    expect(store.evaluations.get(id).predicted).toBe(0);
  });

  it('counts once it is complete, the newest of each run', () => {
    const { store, project, split, test, first, second, open } = prepared();
    const finish = (id: string) =>
      store.evaluations.savePredictions(
        id,
        test.map((each) => predicted(each, '7')),
      );
    const complete = () => store.evaluations.complete(split.id, 'test').map(({ id }) => id);
    const older = open(first, 50);
    finish(older.id);
    const half = open(second, 50);
    store.evaluations.savePredictions(half.id, [predicted(test[0] ?? 0, '7')]);
    expect(complete()).toEqual([older.id]);
    const newer = open(first, 80);
    expect(complete()).toEqual([older.id]);
    finish(newer.id);
    finish(half.id);
    expect(complete()).toEqual([newer.id, half.id]);
    expect(store.evaluations.complete(split.id, 'validation')).toEqual([]);
    expect(store.evaluations.countInProject(project.id)).toBe(3);
  });

  it('goes with its run', () => {
    const { store, split, test, first, open } = prepared();
    const { id } = open(first);
    store.evaluations.savePredictions(id, [predicted(test[0] ?? 0, '7')]);
    store.runs.remove(first.id);
    expect(refusal(() => store.evaluations.get(id)).code).toBe('not-found');
    expect(store.evaluations.predictions(id)).toEqual([]);
    expect(store.splits.members(split.id, 'test')).toHaveLength(5);
  });
});

describe('a comparison', () => {
  function compared() {
    const base = prepared();
    const { store, project, split, test, first, second, open } = base;
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = test;
    const extraction = newExtraction(store, project, newTeacher(store, project));
    store.extractions.saveCompletions(extraction.id, [
      answered(a, '7', true),
      answered(b, '7', true),
      answered(c, null, false),
      answered(e, '7', null),
    ]);
    const [one, two] = [open(first).id, open(second).id];
    store.evaluations.savePredictions(one, [
      ...[predicted(a, '7'), predicted(b, '7'), predicted(c, '7'), predicted(d, '7')],
      predicted(e, '7', null),
    ]);
    store.evaluations.savePredictions(two, [
      ...[predicted(a, '7'), predicted(b, '8'), predicted(c, '7'), predicted(d, '7')],
    ]);
    const page = (
      filter: 'all' | 'disagree',
      evaluationIds: string[],
      extractionId: string | null = extraction.id,
      window = { offset: 0, limit: 50 },
    ) =>
      store.evaluations.comparison({
        ...{ splitId: split.id, part: 'test', extractionId, evaluationIds, filter, window },
      });
    const ids = (...input: Parameters<typeof page>) =>
      page(...input).rows.map(({ exampleId }) => exampleId);
    return { ...base, page, ids, one, two, a, b, c, d, e };
  }

  it('puts the answers side by side, in the order they were asked for', () => {
    const { page, one, two, a, b, c, d, e } = compared();
    const { rows: shown, total } = page('all', [two, one]);
    expect(total).toBe(5);
    expect(shown.map(({ exampleId }) => exampleId)).toEqual([a, b, c, d, e]);
    expect(ComparisonRow.parse(shown[1])).toMatchObject({
      ...{ externalId: '3', gold: '7', choices: null },
      teacher: { label: '7', rationale: 'Because.', correct: true },
      students: [
        { label: '8', correct: false },
        { label: '7', correct: true },
      ],
    });
    expect(shown[2]?.teacher).toEqual({ label: null, rationale: null, correct: false });
    expect(shown[3]?.teacher).toBeNull();
    expect(ComparisonRow.parse(shown[4])).toMatchObject({
      ...{ gold: null, choices: ['7', '8'], teacher: { label: '7', correct: null } },
      students: [
        { label: null, rationale: null, correct: null },
        { label: '7', rationale: 'Because.', correct: null },
      ],
    });
  });

  it('finds the rows on which the labels are not all equal', () => {
    const { ids, one, two, b, c, d, e } = compared();
    // c: the teacher’s answer was not parsed; d: it has none; e: the second student has none.
    expect(ids('disagree', [one, two])).toEqual([b, c, d, e]);
    expect(ids('disagree', [one])).toEqual([c, d]);
    expect(ids('disagree', [one, two], null)).toEqual([b, e]);
    expect(ids('disagree', [one, one], null)).toEqual([]);
    expect(ids('disagree', [], null)).toEqual([]);
  });

  it('counts and pages what the filter leaves', () => {
    const { page, one, two, c, d } = compared();
    const { rows: shown, total } = page('disagree', [one, two], undefined, {
      ...{ offset: 1, limit: 2 },
    });
    expect(total).toBe(4);
    expect(shown.map(({ exampleId }) => exampleId)).toEqual([c, d]);
  });
});
