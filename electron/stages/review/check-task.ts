import type { HealthFinding, Task } from '../../contract/entities.ts';
import { checkRationale } from '../../core/health/index.ts';
import { languageGuesser } from '../../core/language.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { Repeats } from './repeats.ts';

export interface CheckInput {
  /** The store's file. */
  readonly database: string;
  readonly extractionId: string;
  readonly task: Task;
  readonly labels: readonly string[];
}

/** Rows that were checked, or how many there are to check and were checked before. */
export type Checked =
  | { readonly kind: 'begun'; readonly checked: number; readonly answered: number }
  | { readonly kind: 'rows'; readonly rows: readonly CheckedRow[] };

export interface CheckedRow {
  readonly exampleId: number;
  readonly findings: readonly HealthFinding[];
}

/** Rows handed over at once: main saves them in some 5 ms. */
const batchRows = 200;

/**
 * Works out the flags of the rows that have none saved, in a thread. All rationales are counted first,
 * since the same one may stand in any row.
 */
export const checkRowsTask: ThreadTask<CheckInput, Checked, null> = {
  name: 'review.check',
  async run({ database, extractionId, task, labels }, emit) {
    const language = await languageGuesser();
    const store = openReader(database);
    try {
      const { health } = store;
      const answered = health.count(extractionId, 'all');
      const checked = answered - health.count(extractionId, 'unchecked');
      await emit({ kind: 'begun', checked, answered });
      const repeats = new Repeats();
      for (const { rationale, input } of health.rationales(extractionId)) {
        repeats.add(rationale, input);
      }
      const inputsWith = (rationale: string): number => repeats.inputsWith(rationale);
      const context = { task, labels, language, inputsWith };
      let rows: CheckedRow[] = [];
      for (const row of health.checkable(extractionId, 'unchecked')) {
        rows.push({ exampleId: row.exampleId, findings: checkRationale(row, context) });
        if (rows.length < batchRows) continue;
        await emit({ kind: 'rows', rows });
        rows = [];
      }
      if (rows.length > 0) await emit({ kind: 'rows', rows });
      return null;
    } finally {
      store.close();
    }
  },
};
