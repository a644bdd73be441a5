import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import type { Part } from '../../../electron/contract/entities.ts';
import { countLook } from '../../../electron/stages/compare/looks.ts';
import { answered, newExtraction, newTeacher } from '../store/workspace.ts';
import { evaluate, prepared, trainedRun } from './support.ts';

/** Two students and a teacher that have answered all of test. */
function ground() {
  const base = prepared();
  const { store, project, split, test } = base;
  const [first, second] = [trainedRun(base), trainedRun(base)];
  evaluate(base, first);
  evaluate(base, second);
  const extraction = newExtraction(store, project, newTeacher(store, project));
  store.extractions.saveCompletions(
    extraction.id,
    test.map((id) => answered(id, '7', true)),
  );
  const look = (systems: string[], part: Part = 'test') =>
    countLook(store, { projectId: project.id, splitId: split.id, part, systems });
  const [a, b] = [systemKey.run(first.id), systemKey.run(second.id)];
  return { ...base, first, look, a, b, teacher: systemKey.teacher(extraction.id) };
}

describe('looks at scores', () => {
  it('are counted on the test part, where a system is shown for the first time', () => {
    const { look, a, b, teacher } = ground();
    const looked = [[a], [a], [b, a], [a, b], [b], [teacher, a, b], [teacher]];
    expect(looked.map((systems) => look(systems))).toEqual([1, 1, 2, 2, 2, 3, 3]);
  });

  it('are counted again when a student has learned on', () => {
    const { store, look, a, first, ...base } = ground();
    expect(look([a])).toBe(1);
    store.runs.saveCheckpoint(first.id, {
      ...{ which: 'best', step: 80, folder: 'best', validation: 0.9 },
    });
    evaluate({ store, ...base }, first);
    expect(look([a])).toBe(2);
  });

  it('are not counted of students that have not answered all rows, nor on validation', () => {
    const { store, split, look, a, ...base } = ground();
    const open = trainedRun({ store, split, ...base });
    expect(look([systemKey.run(open.id)])).toBe(0);
    expect(look([a], 'validation')).toBe(0);
    expect(store.splits.get(split.id).looks).toBe(0);
  });
});
