import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import type { Comparing } from '../../../electron/contract/entities.ts';
import { countLook } from '../../../electron/stages/compare/looks.ts';
import { readSheet } from '../../../electron/stages/compare/sheet.ts';
import { describeSystems, listSystems } from '../../../electron/stages/compare/systems.ts';
import { refusal } from '../store/workspace.ts';
import { evaluate, prepared, trainedRun } from './support.ts';

/** A student that was evaluated, and has learned on since: its answers are those of before. */
function ground() {
  const base = prepared();
  const { store, project, split } = base;
  const run = trainedRun(base);
  const before = evaluate(base, run);
  const of: Comparing = {
    ...{ projectId: project.id, splitId: split.id, part: 'test' },
    systems: [systemKey.run(run.id)],
  };
  const { systems, ...part } = of;
  const stamp = () => store.answers.stamp(split.id, 'test', systems);
  const learnOn = () =>
    store.runs.saveCheckpoint(run.id, {
      ...{ which: 'best', step: 80, folder: `${run.id}/best`, validation: 0.9 },
    });
  return { base, run, before, of, part, stamp, learnOn };
}

describe('a student that was trained further after it had answered', () => {
  it('has not answered yet', () => {
    const { base, of, part, learnOn } = ground();
    const { store } = base;
    expect(listSystems(store, part).systems).toMatchObject([{ complete: true, answered: 3 }]);
    learnOn();
    expect(listSystems(store, part).systems).toMatchObject([{ complete: false, answered: 0 }]);
    expect(refusal(() => describeSystems(store, of)).code).toBe('not-found');
    expect(refusal(() => readSheet(store, of)).code).toBe('not-found');
    expect(countLook(store, of)).toBe(0);
  });

  it('makes what was read before out of date, and is read anew once it has answered', () => {
    const { base, run, before, of, part, stamp, learnOn } = ground();
    const { store } = base;
    const read = stamp();
    learnOn();
    expect(stamp()).not.toBe(read);
    const now = evaluate(base, run);
    expect(now).not.toBe(before);
    expect(listSystems(store, part).systems).toMatchObject([{ complete: true }]);
    expect(store.answers.evaluationOf(run.id, of.splitId, 'test')).toBe(now);
  });
});

describe('systems that are compared', () => {
  it('are each named once', () => {
    const { base, of } = ground();
    const [key = ''] = of.systems;
    const twice = { ...of, systems: [key, key] };
    expect(refusal(() => describeSystems(base.store, twice)).code).toBe('invalid-input');
    expect(refusal(() => readSheet(base.store, twice)).code).toBe('invalid-input');
  });
});
