import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { createSplit, defaultSplitSettings } from '../../../electron/stages/split/index.ts';
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
});
