import type { Comparing } from '../../contract/entities.ts';
import { countRows } from '../../core/comparison/filter.ts';
import { comparedRow } from '../../stages/compare/detail.ts';
import { comparedRows, rowChoices } from '../../stages/compare/rows.ts';
import type { ReadSheet } from '../../stages/compare/sheet.ts';
import { RowMasks } from '../row-masks.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'compare.rows' | 'compare.countRows' | 'compare.row' | 'compare.saveNote';

/** Rows beside what every system said of them, and what a person notes on them. */
export function comparedRowHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, sheets } = deps;
  const masks = new RowMasks(deps);
  /** Answers that were counted as looked at: a page further down shows nothing new. */
  const looked = new WeakSet<ReadSheet['sources']>();
  /** Who sees what was answered right has looked at the test part. */
  const look = async (comparing: Comparing): Promise<ReadSheet> => {
    const read = await sheets.read(comparing);
    const { sources } = read;
    if (comparing.part === 'test' && !looked.has(sources)) {
      store.splits.look(
        comparing.splitId,
        sources.map(({ id }) => id),
      );
      looked.add(sources);
    }
    return read;
  };
  return {
    'compare.rows': async ({ filter, offset, limit, ...comparing }) => {
      const read = await look(comparing);
      const met = await masks.of(comparing, read.sheet, filter);
      return comparedRows(store, read, filter, met, { offset, limit });
    },
    'compare.countRows': async ({ filters, ...comparing }) => {
      const { sheet } = await look(comparing);
      const met = await Promise.all(filters.map((filter) => masks.of(comparing, sheet, filter)));
      return {
        ...rowChoices(sheet),
        counts: filters.map((filter, index) => countRows(sheet, filter, met[index])),
      };
    },
    'compare.row': async ({ exampleId, ...comparing }) =>
      comparedRow(store, await look(comparing), comparing, exampleId),
    'compare.saveNote': ({ projectId, exampleId, note }) => {
      const wasNoted = store.answers.note(exampleId) !== '';
      store.answers.saveNote(projectId, exampleId, note);
      // Of the words of a note no other screen shows anything.
      if (wasNoted !== (note.trim() !== '')) deps.saved(projectId, 'compare');
      return {};
    },
  };
}
