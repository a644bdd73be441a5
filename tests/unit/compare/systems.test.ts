import { describe, expect, it } from 'vitest';
import { System, Systems, systemKey } from '../../../electron/contract/entities.ts';
import type { Part, RunSettings } from '../../../electron/contract/entities.ts';
import { describeSystems, listSystems } from '../../../electron/stages/compare/systems.ts';
import {
  answered,
  newExtraction,
  newProject,
  newTeacher,
  refusal,
  runSettings,
} from '../store/workspace.ts';
import { evaluate, prepared, trainedRun } from './support.ts';

function ground() {
  const base = prepared();
  const { store, project, split } = base;
  const list = (part: Part = 'test') =>
    Systems.parse(listSystems(store, { projectId: project.id, splitId: split.id, part }));
  const describeThese = (...systems: string[]) =>
    describeSystems(store, {
      ...{ projectId: project.id, splitId: split.id, part: 'test', systems },
    }).map((system) => System.parse(system));
  const teach = (rows: readonly number[]) => {
    const extraction = newExtraction(store, project, newTeacher(store, project));
    store.extractions.saveCompletions(
      extraction.id,
      rows.map((id) => answered(id, '7', true)),
    );
    return systemKey.teacher(extraction.id);
  };
  const run = (settings: Partial<RunSettings>, extractionId: string | null = null) =>
    store.runs.create({
      ...{ projectId: project.id, splitId: split.id, extractionId, name: null },
      ...{ trainRows: 1, rationaleRows: 0, studyId: null, parentId: null },
      settings: { ...runSettings, ...settings },
    });
  return { ...base, list, describeThese, teach, run };
}

describe('systems that can be compared', () => {
  it('are teachers, the newest first, and students of the split, with how far each has come', () => {
    const base = ground();
    const { store, split, test, list, teach } = base;
    const [older, newer] = [teach(test), teach(test.slice(0, 2))];
    const [done, earlier, fresh] = [trainedRun(base), trainedRun(base), trainedRun(base)];
    base.run({});
    evaluate(base, done);
    evaluate(base, earlier, { confidence: null });
    const { systems, ...counts } = list();
    expect(counts).toEqual({ rows: 3, withGold: 3, looks: 0 });
    const told = ({ key, answered: of, withConfidence, complete }: System) => [
      ...[key, of, withConfidence, complete],
    ];
    expect(systems.map(told)).toEqual([
      [newer, 2, 0, false],
      [older, 3, 0, true],
      [systemKey.run(done.id), 3, 3, true],
      [systemKey.run(earlier.id), 3, 0, true],
      [systemKey.run(fresh.id), 0, 0, false],
    ]);
    expect(store.splits.get(split.id).looks).toBe(0);
    expect(list('validation').systems.map(({ complete }) => complete)).toEqual([
      ...[false, false, false],
    ]);
    const foreign = newProject(store, 'Other');
    const other = { projectId: foreign.id, splitId: split.id, part: 'test' as const };
    expect(refusal(() => listSystems(store, other)).code).toBe('not-found');
  });

  it('are described in the order they are asked for', () => {
    const base = ground();
    const { test, teach, describeThese } = base;
    const teacher = teach(test.slice(1));
    const [a, b] = [trainedRun(base), trainedRun(base)];
    evaluate(base, a);
    evaluate(base, b);
    const keys = [systemKey.run(b.id), teacher, systemKey.run(a.id)];
    expect(describeThese(...keys).map(({ key }) => key)).toEqual(keys);
    expect(describeThese(teacher)[0]).toMatchObject({
      ...{ kind: 'teacher', answered: 2, complete: false, group: null, method: null },
    });
    expect(describeThese(systemKey.run(a.id))[0]).toMatchObject({
      ...{ kind: 'student', teacherKind: null, needsTeacher: false, seed: a.settings.seed },
      ...{ trainRows: a.trainRows, answered: 3, complete: true },
    });
  });

  it('are refused where they have not answered, or belong elsewhere', () => {
    const base = ground();
    const { store, validation, teach, describeThese } = base;
    const open = trainedRun(base);
    const stranger = prepared();
    const foreign = trainedRun(stranger);
    const refused = [
      systemKey.run(open.id),
      systemKey.run(foreign.id),
      systemKey.run('none'),
      teach(validation),
      systemKey.teacher('none'),
    ];
    for (const key of refused) expect(refusal(() => describeThese(key)).code).toBe('not-found');
    expect(refusal(() => describeThese(systemKey.run(open.id))).message).toContain(open.name);
    expect(store.splits.get(base.split.id).looks).toBe(0);
  });

  it('of one group differ by their seed alone', () => {
    const { project, store, test, teach, run, list } = ground();
    const [one, other] = [teach(test), teach(test)].map((key) => key.slice('teacher:'.length));
    const runs = [
      run({ seed: 1 }, one),
      run({ seed: 2 }, one),
      run({ seed: 1 }, other),
      run({ seed: 1, steps: runSettings.steps + 1 }, one),
      run({ seed: 1, method: 'rationale-input' }, one),
    ];
    for (const { id } of runs) {
      store.runs.saveCheckpoint(id, { which: 'best', step: 1, folder: id, validation: null });
    }
    const students = list().systems.filter(({ kind }) => kind === 'student');
    const [first, ...others] = students.map(({ group }) => group);
    expect(others.map((group) => group === first)).toEqual([true, false, false, false]);
    expect(students.map(({ needsTeacher }) => needsTeacher)).toEqual([
      ...[false, false, false, false, true],
    ]);
    expect(store.runs.list(project.id)).toHaveLength(5);
  });
});
