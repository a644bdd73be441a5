import { describe, expect, it } from 'vitest';
import { comparisonPage, scoreboard } from '../../../electron/stages/compare/index.ts';
import {
  exampleIds,
  newDataset,
  newProject,
  newRun,
  newSplit,
  opened,
  rows,
} from '../store/workspace.ts';

/** A split with a run that was evaluated on test (row 1) and validation (row 2). */
function prepared() {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(2));
  const [test = 0, validation = 0] = exampleIds(store, project);
  const split = newSplit(store, project, [
    [test, 'test'],
    [validation, 'validation'],
  ]);
  const board = (part: 'test' | 'validation') =>
    scoreboard(store, { projectId: project.id, splitId: split.id, part });
  const evaluate = (part: 'test' | 'validation') => {
    const run = newRun(store, split);
    const { id } = store.evaluations.open({
      ...{ runId: run.id, splitId: split.id, part, checkpointStep: 1 },
    });
    store.evaluations.savePredictions(id, [
      {
        ...{ exampleId: part === 'test' ? test : validation, label: '7', rationale: null },
        ...{ correct: true, milliseconds: 1 },
      },
    ]);
    return run;
  };
  return { store, split, board, evaluate };
}

describe('looks at scores', () => {
  it('are counted on the test part, once for the same scores', () => {
    const { store, split, board, evaluate } = prepared();
    expect(board('test').looks).toBe(0);
    const first = evaluate('test');
    expect(board('test').looks).toBe(1);
    expect(board('test').looks).toBe(1);
    const page = { splitId: split.id, part: 'test' as const, runIds: [first.id] };
    comparisonPage(store, { ...page, filter: 'all', offset: 0, limit: 10 });
    expect(store.splits.get(split.id).looks).toBe(1);
    evaluate('test');
    comparisonPage(store, { ...page, filter: 'all', offset: 0, limit: 10 });
    expect(store.splits.get(split.id).looks).toBe(2);
    expect(board('test').looks).toBe(2);
  });

  it('are not counted on validation', () => {
    const { store, split, board, evaluate } = prepared();
    const run = evaluate('validation');
    expect(board('validation')).toMatchObject({ looks: 0, students: [{ runId: run.id }] });
    expect(store.splits.get(split.id).looks).toBe(0);
  });
});
