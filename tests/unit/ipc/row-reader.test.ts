import { expect, it } from 'vitest';
import { everyRow } from '../../../electron/contract/entities.ts';
import { RowReader } from '../../../electron/ipc/row-reader.ts';
import { catchUp } from '../../../electron/store/search-index.ts';
import { searchPath } from '../../../electron/store/search-reader.ts';
import { hereThreads } from '../import/job-support.ts';
import { newDataset, newProject, opened, row, rows } from '../store/workspace.ts';

/** A store that is searched, and an indexer that catches up when it is asked for the nth time. */
function searched(catchesUp: number) {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(3));
  let asked = 0;
  const settle = async (): Promise<void> => {
    asked += 1;
    if (asked < catchesUp) return;
    const paths = { store: store.path, index: searchPath(store.path), anew: false };
    await catchUp(paths, () => Promise.resolve());
  };
  const reader = new RowReader(store, hereThreads, { settle });
  const seen = {
    projectId: project.id,
    extractionId: null,
    query: { ...everyRow, text: 'basket' },
  };
  return { store, project, reader, seen, asked: () => asked };
}

it('lists all rows that are found by their words, also those that were saved just now', async () => {
  const { store, project, reader, seen, asked } = searched(2);
  await reader.complete(seen);
  expect([[...store.reviews.ids(seen)].length, asked()]).toEqual([3, 2]);
  newDataset(store, project, [row('new')]);
  await reader.complete(seen);
  expect([[...store.reviews.ids(seen)].length, asked()]).toEqual([4, 3]);
});

it('refuses to take some rows for all where the index can’t be caught up', async () => {
  const { reader, seen, asked } = searched(Number.POSITIVE_INFINITY);
  await expect(reader.complete(seen)).rejects.toMatchObject({ code: 'job-conflict' });
  expect(asked()).toBe(3);
  await reader.complete({ ...seen, query: everyRow });
});
