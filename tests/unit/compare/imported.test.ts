import { describe, expect, it } from 'vitest';
import { systemKey } from '../../../electron/contract/entities.ts';
import type {
  Comparing,
  ImportedFrom,
  Run,
  RunSettings,
} from '../../../electron/contract/entities.ts';
import { costReport } from '../../../electron/stages/compare/costs.ts';
import { unreadLines } from '../../../electron/stages/compare/entries.ts';
import { describeSystems } from '../../../electron/stages/compare/systems.ts';
import { endedRuns } from '../../../electron/stages/study/existing.ts';
import { originOf } from '../import-student/folders.ts';
import { evaluate, prepared } from './support.ts';

function ground() {
  const base = prepared();
  const { store, project, split } = base;
  const add = (
    settings: RunSettings,
    from: Partial<ImportedFrom> | null = null,
    trainRows = 700,
  ): Run => {
    const importedFrom: ImportedFrom | null = from && {
      ...{ folder: '/students/a', sha256: 'a', exported: 'training', whole: true },
      ...{ origin: originOf({ settings }), seenTestRows: null },
      ...from,
    };
    const { id } = store.runs.create({
      ...{ projectId: project.id, splitId: split.id, extractionId: null, name: null, settings },
      ...{ trainRows, rationaleRows: 0, studyId: null, parentId: null },
      importedFrom,
    });
    store.runs.saveCheckpoint(id, { which: 'best', step: 300, folder: id, validation: 0.5 });
    store.runs.setEnd(id, { reason: 'steps-done', step: 300 });
    const run = store.runs.get(id);
    evaluate(base, run);
    return run;
  };
  const comparing = (...runs: Run[]): Comparing => ({
    ...{ projectId: project.id, splitId: split.id, part: 'test' },
    systems: runs.map(({ id }) => systemKey.run(id)),
  });
  const linesOf = (...runs: Run[]): number[] =>
    unreadLines(describeSystems(store, comparing(...runs)), () => '').map(
      ({ members }) => members.length,
    );
  return { ...base, add, comparing, linesOf };
}

const recipe = originOf().settings;
const seed = (value: number): RunSettings => ({ ...recipe, seed: value });

describe('imported students in a comparison', () => {
  it('stand beside the same recipe that was trained here, and form seeds among themselves', () => {
    const { add, linesOf } = ground();
    const here = [add(seed(1)), add(seed(2))];
    const cluster = [add(seed(1), {}), add(seed(2), { sha256: 'b' })];
    expect(linesOf(...here, ...cluster)).toEqual([2, 2]);
  });

  it('form no seeds with another format, project or number of rows, or with their own double', () => {
    const { add, linesOf } = ground();
    const one = add(seed(1), {});
    const elsewhere = { origin: originOf({ settings: seed(2), project: 'Other' }) };
    expect(linesOf(one, add(seed(2), { exported: 'huggingface-float16' }))).toEqual([1, 1]);
    expect(linesOf(one, add(seed(2), elsewhere))).toEqual([1, 1]);
    expect(linesOf(one, add(seed(2), {}, 350))).toEqual([1, 1]);
    expect(linesOf(one, add(seed(1), {}))).toEqual([1, 1]);
  });

  it('are marked, with the test rows they have seen and whether their training is known', () => {
    const { store, add, comparing } = ground();
    const known = add(recipe, { seenTestRows: 2 });
    const stranger = add({ ...recipe, method: 'distill' }, { origin: null }, 0);
    expect(describeSystems(store, comparing(known, stranger, add(recipe)))).toMatchObject([
      { imported: { trainingKnown: true, seenTestRows: 2 }, trainRows: 700, seed: 7 },
      {
        imported: { trainingKnown: false, seenTestRows: null },
        ...{ trainRows: null, seed: null, labelSource: null, method: 'distill' },
      },
      { imported: null },
    ]);
  });

  it('have cost nobody knows what, and are taken up by no study', () => {
    const { store, project, split, add, comparing } = ground();
    const [imported, own] = [add(recipe, {}), add(recipe)];
    const [first] = costReport(store, comparing(imported)).systems;
    expect(first).toMatchObject({
      build: { total: 0, unknown: ['rationales', 'training'] },
      breakEven: null,
    });
    const ended = endedRuns(store, { projectId: project.id, splitId: split.id });
    expect(ended.map(({ id }) => id)).toEqual([own.id]);
  });
});
