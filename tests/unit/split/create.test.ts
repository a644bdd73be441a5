import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import { temporaryFolder } from '../ipc/support.ts';
import { projectWith, tempStore } from '../extract/support.ts';

describe('a split of rows that differ only in their numbers', () => {
  it('says why no row is left for test, and can be made without keeping them together', () => {
    const store = tempStore();
    const rows = Array.from({ length: 40 }, (_, index) => ({ input: `How much is ${index} + 1?` }));
    const { id: projectId } = projectWith(store, 'arithmetic', rows);
    const create = (groupByMaskedText: boolean) =>
      createSplit(store, {
        ...{ projectId, name: null },
        settings: { ...defaultSplitSettings, groupByMaskedText },
      });
    const refusal = (() => {
      try {
        return create(true);
      } catch (caught) {
        return caught;
      }
    })();
    expect(refusal).toBeInstanceOf(StudioError);
    expect(refusal).toMatchObject({ code: 'invalid-input' });
    expect(refusal).toHaveProperty('hint', expect.stringContaining('one group'));
    expect(store.splits.list(projectId)).toEqual([]);
    expect(create(false).counts).toEqual({ train: 32, validation: 4, test: 4 });
  });

  it('has the counts that it was written with, also when the store is opened anew', () => {
    const { folder, remove } = temporaryFolder();
    const path = join(folder, 'studio.sqlite');
    const store = openStore(path);
    const rows = Array.from({ length: 60 }, (_, index) => ({ input: `How much is ${index} + 1?` }));
    const { id: projectId } = projectWith(store, 'arithmetic', rows);
    const settings = { ...defaultSplitSettings, groupByMaskedText: false };
    const [first, second] = [0.1, 0.3].map((test) =>
      createSplit(store, { projectId, name: null, settings: { ...settings, test } }),
    );
    expect(first?.counts).toEqual({ train: 48, validation: 6, test: 6 });
    expect(second?.counts).toEqual({ train: 36, validation: 6, test: 18 });
    expect(store.splits.list(projectId)).toEqual([first, second]);
    store.close();
    const anew = openStore(path);
    expect(anew.splits.list(projectId)).toEqual([first, second]);
    anew.close();
    remove();
  });
});
