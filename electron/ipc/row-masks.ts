import { everyRow } from '../contract/entities.ts';
import type { CompareFilter, Comparing, SliceTerm } from '../contract/entities.ts';
import type { AnswerSheet } from '../core/comparison/sheet.ts';
import { termMask } from '../core/comparison/terms.ts';
import { isInSheet, maskTask } from '../stages/compare/masks.ts';
import { flagsStamp, termRowsOf } from '../stages/compare/slice-rows.ts';
import type { Threads } from '../stages/threads.ts';
import type { RowsSeen, Store } from '../store/store.ts';
import type { RowReader } from './row-reader.ts';

/** Rows whose texts are gone through where they are asked for. */
const rowsReadHere = 2_000;

/** Masks that are kept, a byte a row each. */
const masksKept = 40;

/** What masks are made with. */
interface Sources {
  readonly store: Store;
  readonly threads: Threads;
  /** Finds rows by their words. */
  readonly rows: Pick<RowReader, 'complete'>;
}

/**
 * Which rows of a part meet the conditions of a filter that are about texts: words, columns, flags. A
 * part is frozen and its texts with it, so a mask is made once; one of flags until they change.
 */
export class RowMasks {
  readonly #sources: Sources;
  readonly #kept = new Map<string, Promise<Uint8Array>>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /**
   * A mask for each condition; none where there is no such condition.
   * @throws StudioError job-conflict while rows can't be found by their words
   */
  of(comparing: Comparing, sheet: AnswerSheet, filter: CompareFilter): Promise<Uint8Array[]> {
    const text = filter.text.trim();
    const { terms } = filter;
    return Promise.all([
      ...terms.map((term) => this.#ofTerm(comparing, sheet, term)),
      ...(text === '' ? [] : [this.#ofText(comparing, sheet, text)]),
    ]);
  }

  #ofTerm(
    comparing: Comparing,
    sheet: AnswerSheet,
    term: SliceTerm,
  ): Uint8Array | Promise<Uint8Array> {
    const { store, threads } = this.#sources;
    const isNear = isInSheet(term) || sheet.exampleIds.length <= rowsReadHere;
    if (isNear) return termMask(term, termRowsOf(store, comparing, sheet));
    return this.#keep([...partOf(comparing), term, this.#flagsSeen(comparing, term)], () =>
      // What the systems said, and what labels there are, is not asked for.
      threads.run(maskTask, {
        ...{ database: store.path, comparing, term },
        sheet: { ...sheet, labels: [], systems: [] },
      }),
    );
  }

  /** What a condition on flags depends on; null for the others. */
  #flagsSeen(comparing: Comparing, { kind }: SliceTerm): string | null {
    return kind === 'flagged' ? flagsStamp(this.#sources.store, comparing) : null;
  }

  /** Rows that have the words, as the search finds them. */
  #ofText(comparing: Comparing, sheet: AnswerSheet, text: string): Promise<Uint8Array> {
    const { store, rows } = this.#sources;
    const { projectId, splitId, part } = comparing;
    const query = { ...everyRow, text, split: { splitId, part } };
    const seen: RowsSeen = { projectId, extractionId: null, query };
    return this.#keep([...partOf(comparing), { text }], async () => {
      await rows.complete(seen);
      const ids = new Set(store.reviews.ids(seen));
      const mask = new Uint8Array(sheet.exampleIds.length);
      // A loop: handing a function to `from` takes ten times as long.
      for (let row = 0; row < mask.length; row++) {
        if (ids.has(sheet.exampleIds[row] ?? 0)) mask[row] = 1;
      }
      return mask;
    });
  }

  /** Makes a mask once; those that were used longest ago are dropped, and so is a failure. */
  #keep(question: readonly unknown[], make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const key = JSON.stringify(question);
    const mask = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, mask);
    mask.catch(() => this.#kept.delete(key));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= masksKept) break;
      this.#kept.delete(oldest);
    }
    return mask;
  }
}

const partOf = ({ splitId, part }: Comparing): string[] => [splitId, part];
