import { describe, expect, it } from 'vitest';
import type { DatasetChange } from '../../../electron/store/store.ts';
import { card } from './data-card.ts';
import {
  answered,
  exampleIds,
  mapping,
  newDataset,
  newExtraction,
  newProject,
  newSplit,
  newTeacher,
  opened,
  refusal,
  row,
  rows,
} from './workspace.ts';

const now = {
  ...{ sourceName: 'newer.csv', sourceSha256: 'c'.repeat(64), mapping, givenPart: null, card },
};

function prepared(count = 4) {
  const store = opened();
  const project = newProject(store);
  const dataset = newDataset(store, project, rows(count));
  const ids = exampleIds(store, project);
  const extraction = newExtraction(store, project, newTeacher(store, project));
  store.extractions.saveCompletions(
    extraction.id,
    ids.map((id) => answered(id, '7', true)),
  );
  const replace = (change: Partial<DatasetChange>) =>
    store.data.replace(dataset.id, { added: [], changed: [], removed: [], ...change }, now);
  return { store, project, dataset, ids, extraction, replace };
}

describe('replacing a data set by a newer version', () => {
  it('adds, changes and removes rows, and keeps the ids of the others', () => {
    const { store, project, ids, replace } = prepared();
    const [first = 0, second = 0, third = 0, fourth = 0] = ids;
    const replaced = replace({
      added: [row('5', { gold: null })],
      changed: [
        { exampleId: second, row: row('2', { input: 'Other?' }), inputChanged: true },
        { exampleId: third, row: row('3', { gold: '8', meta: { a: 'b' } }), inputChanged: false },
      ],
      removed: [fourth],
    });
    expect(replaced).toMatchObject({ ...now, rows: 4, withGold: 3 });
    expect([...store.data.examples(project.id)]).toMatchObject([
      { id: first, externalId: '1' },
      { id: second, input: 'Other?' },
      { id: third, gold: '8', meta: { a: 'b' } },
      { externalId: '5' },
    ]);
  });

  it('drops answers to a text that changed, and grades the others anew', () => {
    const { store, ids, extraction, replace } = prepared();
    const [first = 0, second = 0, third = 0] = ids;
    expect(store.data.answers(first, 'all')).toBe(1);
    replace({
      changed: [
        { exampleId: first, row: row('1', { input: 'Other?' }), inputChanged: true },
        { exampleId: second, row: row('2', { gold: '8' }), inputChanged: false },
        { exampleId: third, row: row('3', { gold: null }), inputChanged: false },
      ],
    });
    expect(store.data.answers(first, 'all')).toBe(0);
    expect(store.extractions.pending(extraction.id).map(({ id }) => id)).toEqual([first]);
    expect(store.extractions.get(extraction.id)).toMatchObject({ completed: 3 });
    const parsed = store.extractions.parsed(extraction.id);
    expect(ids.map((id) => parsed.get(id)?.correct)).toEqual([undefined, false, null, true]);
  });

  it('leaves rows alone that a split uses', () => {
    const { store, project, ids, replace } = prepared();
    const [first = 0, second = 0] = ids;
    newSplit(store, project, [
      [first, 'test'],
      [second, 'train'],
    ]);
    replace({
      changed: [{ exampleId: first, row: row('1', { input: 'Other?' }), inputChanged: true }],
      removed: [second],
    });
    expect(store.data.example(first).input).toBe(row('1').input);
    expect(store.data.answers(first, 'all')).toBe(1);
    expect(exampleIds(store, project)).toEqual(ids);
  });

  it('drops what came recorded when the record says something else', () => {
    const store = opened();
    const project = newProject(store);
    const recorded = { completion: 'So 7.' };
    const dataset = newDataset(store, project, [row('1', recorded)]);
    const [id = 0] = exampleIds(store, project);
    const kinds = ['recorded', 'practice'] as const;
    for (const kind of kinds) {
      const { id: extractionId } = newExtraction(store, project, newTeacher(store, project, kind));
      store.extractions.saveCompletions(extractionId, [answered(id, '7', true)]);
    }
    expect([store.data.answers(id, 'recorded'), store.data.answers(id, 'all')]).toEqual([1, 2]);
    const changed = row('1', { completion: 'So 8.' });
    store.data.replace(
      dataset.id,
      { added: [], changed: [{ exampleId: id, row: changed, inputChanged: false }], removed: [] },
      now,
    );
    expect([store.data.answers(id, 'recorded'), store.data.answers(id, 'all')]).toEqual([0, 1]);
  });

  it('changes all or nothing', () => {
    const { store, project, dataset, ids, replace } = prepared();
    const before = [dataset, ...store.data.examples(project.id)];
    const refused = refusal(() => replace({ added: [row('1')], removed: ids.slice(1) }));
    expect(refused.code).toBe('id-duplicate');
    expect([store.data.get(dataset.id), ...store.data.examples(project.id)]).toEqual(before);
  });

  it('never touches a row of another data set', () => {
    const { store, project, replace } = prepared(2);
    newDataset(store, project, rows(1));
    const other = exampleIds(store, project).at(-1) ?? 0;
    replace({
      changed: [{ exampleId: other, row: row('1', { input: 'Other?' }), inputChanged: true }],
      removed: [other],
    });
    expect(store.data.example(other).input).toBe(row('1').input);
  });
});
