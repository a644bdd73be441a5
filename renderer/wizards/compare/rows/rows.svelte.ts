import type {
  CompareFilter,
  CompareRow,
  Comparing,
  SystemAnswer,
  SystemKey,
} from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';
import { PageCache } from '../../../lib/table/page-cache.svelte.ts';

/** A row of the table, which knows whose answers it has: systems may be chosen while it is shown. */
export type ShownRow = CompareRow & { readonly systems: readonly SystemKey[] };

/** Undefined where the row was read before this system was compared. */
export const answerOf = (row: ShownRow, key: SystemKey): SystemAnswer | undefined =>
  row.answers[row.systems.indexOf(key)];

interface Question {
  readonly comparing: Comparing;
  readonly filter: CompareFilter;
}

const pageSize = 100;

/** The rows that a filter leaves, and where the person stands in them. */
export class ComparedRows {
  readonly rows: PageCache<ShownRow>;
  /** Rises with each move of the person; rows that are read anew move nobody. */
  moves = $state(0);
  #cursor = $state(0);
  /** The row at the cursor as it was read last: where the person stands, wherever it goes. */
  #here = $state.raw<ShownRow | null>(null);
  #question: Question | null = null;

  constructor(client: Client) {
    this.rows = new PageCache(
      async (offset, limit) => {
        if (this.#question === null) return { rows: [], total: 0 };
        const { comparing, filter } = this.#question;
        const page = await client.call('compare.rows', { ...comparing, filter, offset, limit });
        const { systems } = comparing;
        return { rows: page.rows.map((row) => ({ ...row, systems })), total: page.total };
      },
      { pageSize, onplaced: () => this.#placed() },
    );
  }

  get cursor(): number {
    return this.#cursor;
  }
  set cursor(to: number) {
    this.go(to);
  }

  get current(): ShownRow | null {
    return this.rows.row(this.#cursor) ?? this.#here;
  }

  go(to: number): void {
    const last = Math.max(0, (this.rows.total ?? 1) - 1);
    this.#cursor = Math.min(last, Math.max(0, to));
    this.#here = this.rows.row(this.#cursor) ?? null;
    this.moves += 1;
  }

  /** Other rows are looked for from the first on; other systems on the same rows move nobody. */
  ask(question: Question): Promise<void> {
    const before = this.#question;
    this.#question = question;
    if (before !== null && isSameRows(before, question)) return this.refresh();
    this.#cursor = 0;
    this.#here = null;
    return this.rows.reset();
  }

  refresh(): Promise<void> {
    return this.rows.refresh(this.#cursor);
  }

  /** Rows have taken their places: in the same step the cursor follows its row. */
  #placed(): void {
    const key = this.#here?.exampleId;
    const at = this.rows.find((row) => row.exampleId === key, this.#cursor) ?? this.#cursor;
    this.#cursor = Math.min(at, Math.max(0, (this.rows.total ?? 1) - 1));
    this.#here = this.rows.row(this.#cursor) ?? null;
  }
}

const isSameRows = (a: Question, b: Question): boolean =>
  a.comparing.splitId === b.comparing.splitId &&
  a.comparing.part === b.comparing.part &&
  JSON.stringify(a.filter) === JSON.stringify(b.filter);
