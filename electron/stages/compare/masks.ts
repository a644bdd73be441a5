import type { Comparing, SliceTerm } from '../../contract/entities.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import { termMask } from '../../core/comparison/terms.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { termRowsOf } from './slice-rows.ts';

interface MaskInput {
  /** The store's file. */
  readonly database: string;
  readonly comparing: Comparing;
  readonly sheet: AnswerSheet;
  readonly term: SliceTerm;
}

/** Whether a condition is about what the sheet itself holds. */
export const isInSheet = ({ kind }: SliceTerm): boolean => kind === 'gold' || kind === 'length';

/** The rows that meet a condition on texts, columns or flags, worked out in a thread. */
export const maskTask: ThreadTask<MaskInput, never, Uint8Array> = {
  name: 'compare.mask',
  run({ database, comparing, sheet, term }) {
    const store = openReader(database);
    try {
      return Promise.resolve(termMask(term, termRowsOf(store, comparing, sheet)));
    } finally {
      store.close();
    }
  },
};
