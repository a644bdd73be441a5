import { describe, expect, it } from 'vitest';
import { Slices, systemKey } from '../../../electron/contract/entities.ts';
import type { Part, SliceTerm } from '../../../electron/contract/entities.ts';
import { termMask } from '../../../electron/core/comparison/terms.ts';
import { readSheet } from '../../../electron/stages/compare/sheet.ts';
import { termRowsOf } from '../../../electron/stages/compare/slice-rows.ts';
import { slicesOf } from '../../../electron/stages/compare/slices.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  row,
} from '../store/workspace.ts';
import { trainedRun } from './support.ts';

/** 120 test rows in two data sets: a quarter speaks of pears, which the student gets wrong. */
function ground(count = 120) {
  const store = opened();
  const project = newProject(store);
  const rows = Array.from({ length: count }, (_, at) =>
    row(String(at), {
      input: `${at % 4 === 0 ? 'Pears' : 'Plums'} ${at} and ${'very '.repeat(at % 7)}many`,
      meta: { type: at % 3 === 0 ? 'sum' : 'difference' },
    }),
  );
  const half = Math.floor(count / 2);
  newDataset(store, project, rows.slice(0, half));
  newDataset(store, project, rows.slice(half));
  newDataset(store, project, [row('train')]);
  const ids = exampleIds(store, project);
  const split = newSplit(
    store,
    project,
    ids.map((id, at): [number, Part] => [id, at < count ? 'test' : 'train']),
  );
  const test = ids.slice(0, count);
  const run = trainedRun({ store, project, split, test, validation: [] });
  const { id } = store.evaluations.open({
    ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 50 },
  });
  store.evaluations.savePredictions(
    id,
    test.map((exampleId, at) => ({
      ...{ exampleId, label: at % 4 === 0 ? '8' : '7', correct: at % 4 !== 0 },
      ...{ rationale: null, confidence: 0.5, milliseconds: 1 },
    })),
  );
  const extraction = newExtraction(store, project, newTeacher(store, project));
  store.extractions.saveCompletions(
    extraction.id,
    test.map((exampleId) => answered(exampleId, '7', true)),
  );
  store.health.save(
    extraction.id,
    test.slice(0, 30).map((exampleId, at) => ({
      exampleId,
      findings:
        at < 10 ? [{ flag: 'wrong-arithmetic' as const, evidence: '1 + 1 = 3', at: null }] : [],
    })),
  );
  const [student, teacher] = [systemKey.run(run.id), systemKey.teacher(extraction.id)];
  const comparing = {
    ...{ projectId: project.id, splitId: split.id, part: 'test' as const },
    systems: [teacher, student],
  };
  return { store, comparing, student };
}

describe('slices of a part', () => {
  it('score every group of both systems on the same rows', () => {
    const { store, comparing } = ground();
    const slices = slicesOf(store, comparing);
    expect(Slices.parse({ ...slices, looks: 0 }).groups.map(({ by }) => by)).toEqual([
      ...['length', 'dataset', 'column', 'flagged'],
    ]);
    const column = slices.groups.find(({ by }) => by === 'column');
    expect(column).toMatchObject({ name: 'type' });
    expect(column?.slices.map(({ rows }) => rows)).toEqual([80, 40]);
    expect(column?.slices[0]?.scores[0]).toMatchObject({ correct: 80, rows: 80 });
    const flagged = slices.groups.find(({ by }) => by === 'flagged');
    expect(flagged?.slices.map(({ rows }) => rows)).toEqual([10, 20]);
  });

  it('find the word that the student stumbles over, and nothing of the teacher', () => {
    const { store, comparing, student } = ground();
    const { weak, tried, fewestRows } = slicesOf(store, comparing);
    expect(weak[0]).toMatchObject({
      ...{ system: student, rows: 30, terms: [{ kind: 'word', word: 'pears' }] },
      rest: { correct: 90, rows: 90 },
    });
    expect(weak[0]?.pCorrected).toBeLessThan(1e-6);
    expect(weak.every(({ system }) => system === student)).toBe(true);
    expect(tried).toBeGreaterThan(20);
    expect(fewestRows).toBe(20);
  });

  it('count the rows that a filter of the same conditions finds', () => {
    const { store, comparing } = ground();
    const source = termRowsOf(store, comparing, readSheet(store, comparing));
    const rowsOf = (terms: readonly SliceTerm[]): number => {
      const masks = terms.map((term) => termMask(term, source));
      const places = [...Array(source.length).keys()];
      return places.filter((row) => masks.every((mask) => mask[row] === 1)).length;
    };
    const { groups, weak } = slicesOf(store, comparing);
    for (const { terms, rows } of [...groups.flatMap(({ slices }) => slices), ...weak]) {
      expect(rowsOf(terms), JSON.stringify(terms)).toBe(rows);
    }
  });

  it('are not searched with fewer than forty rows', () => {
    const { store, comparing } = ground(39);
    expect(slicesOf(store, comparing)).toMatchObject({ weak: [], tried: 0 });
  });
});
