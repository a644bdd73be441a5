import { SvelteSet } from 'svelte/reactivity';
import type {
  Extraction,
  ReviewAction,
  ReviewChange,
  ReviewProgress,
  ReviewRow,
  RowQuery,
} from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';
import { toFailure } from '../../../lib/failure.ts';
import type { Notices } from '../../../lib/notices.svelte.ts';
import { Resource } from '../../../lib/resource.svelte.ts';
import { PageCache } from '../../../lib/table/page-cache.svelte.ts';
import { RowSelection } from '../../../lib/table/selection.svelte.ts';
import { actionWords, undoneWords } from './action-words.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { changed } from './change.ts';

/** A change that is shown but not yet read back. */
interface Pending {
  readonly change: ReviewChange;
  /** Null: every row that the query finds. */
  readonly rows: ReadonlySet<number> | null;
  /** Whether main has saved it: the next answer has it in its rows. */
  saved: boolean;
}

/** What of a row is being written. */
export type Writing = 'rationale' | 'label' | 'tag' | 'note';

/** A text that is being written: it belongs to its row, wherever that stands meanwhile. */
export interface Editing {
  readonly what: Writing;
  /** As it was when the writing began. */
  readonly row: ReviewRow;
  /** What was written before and could not be saved. */
  readonly draft?: string;
}

const pageSize = 100;

/**
 * The review of one extraction: the rows that a query finds, where the person stands in them, and
 * what they say of them. A change is shown at once and saved in its turn; when it can't be saved it
 * is taken back with a word.
 */
export class Reviewing {
  readonly extraction: Extraction;
  readonly rows: PageCache<ReviewRow>;
  readonly selection = new RowSelection();
  readonly progress: Resource<ReviewProgress>;
  readonly tags: Resource<{ tag: string; rows: number }[]>;
  /** Rises with each move of the person; rows that are read anew move nobody. */
  moves = $state(0);
  editing = $state.raw<Editing | null>(null);
  #cursor = $state(0);
  /** The row at the cursor as it was read last: where the person stands, wherever it goes. */
  #here = $state.raw<ReviewRow | null>(null);
  /** Whether a verdict goes on to the next row. */
  goOn = $state(true);
  /** False while newly saved words are not yet found. */
  searchReady = $state(true);
  #pending = $state.raw<readonly Pending[]>([]);
  /** Changes that were saved before the newest question: its answer has them. */
  #answered: readonly Pending[] = [];
  /** Everything that is saved, one after another: an undo is about what came before it. */
  #queue: Promise<unknown> = Promise.resolve();
  #query: RowQuery;
  /** The row of each saved action that was about one row. */
  readonly #rowOf: Record<number, number> = {};
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices, extraction: Extraction, query: RowQuery) {
    this.#client = client;
    this.#notices = notices;
    this.extraction = extraction;
    this.#query = query;
    const { id: extractionId, projectId } = extraction;
    this.rows = new PageCache(
      async (offset, limit) => {
        const question = { projectId, extractionId, query: this.#query, offset, limit };
        const { rows, total, searchReady } = await client.call('rows.page', question);
        this.searchReady = searchReady;
        return { rows, total };
      },
      { pageSize, onplaced: () => this.#placed() },
    );
    this.progress = new Resource(() => client.call('reviews.progress', { extractionId }));
    this.tags = new Resource(() => client.call('reviews.tags', { extractionId }));
  }

  get query(): RowQuery {
    return this.#query;
  }

  /** Place of the row where the person stands. */
  get cursor(): number {
    return this.#cursor;
  }
  set cursor(to: number) {
    this.go(to);
  }

  /** The row where the person stands, with what they have just said of it. */
  get current(): ReviewRow | undefined {
    const row = this.rows.row(this.#cursor) ?? this.#here ?? undefined;
    return row === undefined ? undefined : this.seen(row);
  }

  /** The row that the card shows: the one that is being written on, else where the person stands. */
  get subject(): ReviewRow | undefined {
    const { current, editing } = this;
    if (editing === null || current?.exampleId === editing.row.exampleId) return current;
    return this.seen(editing.row);
  }

  /** A row with the changes that are still on their way. */
  seen(row: ReviewRow): ReviewRow {
    return this.#pending
      .filter(({ rows }) => rows === null || rows.has(row.exampleId))
      .reduce((seen, { change }) => changed(seen, change), row);
  }

  /** Looks for other rows, from the first on. What is being written stays. */
  ask(query: RowQuery): Promise<void> {
    this.#query = query;
    this.#cursor = 0;
    this.#here = null;
    this.selection.clear();
    this.#pending = this.#pending.filter(({ rows }) => rows !== null);
    this.#answered = this.#pending.filter(({ saved }) => saved);
    return this.rows.reset();
  }

  /** Reads again what is shown and counted. The person stays on the row where they stand. */
  async refresh(): Promise<void> {
    this.#answered = this.#pending.filter(({ saved }) => saved);
    await Promise.all([this.rows.refresh(this.#cursor), this.progress.load(), this.tags.load()]);
  }

  /**
   * Rows have taken their places: in the same step the cursor follows its row. Where that is no
   * longer found, the person stands on what has come into its place.
   */
  #placed(): void {
    this.#pending = this.#pending.filter((each) => !this.#answered.includes(each));
    const key = this.#here?.exampleId;
    const at = this.rows.find((row) => row.exampleId === key, this.#cursor) ?? this.#cursor;
    const gone = at >= (this.rows.total ?? 0);
    if (gone || this.rows.row(at) !== undefined) this.#stand(at);
  }

  #stand(at: number): void {
    this.#cursor = Math.max(0, Math.min((this.rows.total ?? 1) - 1, at));
    this.#here = this.rows.row(this.#cursor) ?? null;
  }

  /** Moves the person to a row. What they were writing on another is done with. */
  go(to: number): void {
    this.#stand(to);
    this.moves += 1;
    if (this.editing !== null && this.editing.row.exampleId !== this.current?.exampleId)
      this.editing = null;
  }

  /** Begins to write about the row that the card shows; null ends it. False while there is no row. */
  edit(what: Writing | null): boolean {
    const row = this.subject;
    this.editing = what === null || row === undefined ? null : { what, row };
    return what === null || row !== undefined;
  }

  /** Says of the chosen rows, or else of the row where the person stands, whether they are good. */
  async judge(verdict: 'accepted' | 'rejected'): Promise<void> {
    if (!this.selection.empty) return this.applyToSelection({ kind: 'verdict', verdict });
    const row = this.subject;
    if (row === undefined) return;
    // The same verdict once more takes it back.
    const again = row.review?.verdict === verdict && !row.review.stale;
    const change: ReviewChange = { kind: 'verdict', verdict: again ? null : verdict };
    const saving = this.apply(row, change);
    const here = row.exampleId === this.current?.exampleId;
    if (this.goOn && !again && here) this.go(this.#cursor + 1);
    await saving;
  }

  /** Changes one row. True when it was saved; a text that was not is open again, as it was written. */
  async apply(row: ReviewRow, change: ReviewChange): Promise<boolean> {
    const action = await this.#save([row.exampleId], change);
    if (action !== null) this.#rowOf[action.id] = row.exampleId;
    else if (this.editing === null) this.editing = written(row, change);
    return action !== null;
  }

  /** Changes every chosen row; what was done is said, with a way back. */
  async applyToSelection(change: ReviewChange): Promise<void> {
    const { all, keys } = this.selection;
    const action = await this.#save(all ? null : [...keys], change);
    if (action === null) return;
    this.selection.clear();
    this.#notices.good(actionWords(action), null, {
      text: i18n.t.review.undo,
      run: () => void this.undo(),
    });
  }

  get canUndo(): boolean {
    return this.#pending.length > 0 || (this.progress.value?.undo ?? null) !== null;
  }
  get canRedo(): boolean {
    return (this.progress.value?.redo ?? null) !== null;
  }

  async undo(): Promise<void> {
    if (this.canUndo) await this.#step('reviews.undo');
  }

  async redo(): Promise<void> {
    if (this.canRedo) await this.#step('reviews.redo');
  }

  async #step(call: 'reviews.undo' | 'reviews.redo'): Promise<void> {
    const { id: extractionId } = this.extraction;
    const action = await this.#inTurn(() => this.#client.call(call, { extractionId }));
    if (action === null) return;
    this.#notices.good(call === 'reviews.undo' ? undoneWords(action) : actionWords(action));
    await this.refresh();
    const key = this.#rowOf[action.id];
    const at = this.rows.find((row) => row.exampleId === key, this.#cursor);
    if (at !== null && this.editing === null) this.go(at);
  }

  async #save(rows: readonly number[] | null, change: ReviewChange): Promise<ReviewAction | null> {
    const { id: extractionId } = this.extraction;
    const pending: Pending = {
      change,
      rows: rows === null ? null : new SvelteSet(rows),
      saved: false,
    };
    const target = rows === null ? { query: this.#query } : { exampleIds: [...rows] };
    this.#pending = [...this.#pending, pending];
    const action = await this.#inTurn(() =>
      this.#client.call('reviews.apply', { extractionId, target, change }),
    );
    if (action === null) this.#pending = this.#pending.filter((each) => each !== pending);
    else pending.saved = true;
    if (this.#pending.every((each) => each.saved)) await this.refresh();
    return action;
  }

  /** Does something after all that was begun before; null when it failed, which is said. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (caught) {
      const failure = toFailure(caught);
      this.#notices.bad(failure.message, failure);
      return null;
    }
  }
}

/** The writing that a change came from; null where nothing was written. */
function written(row: ReviewRow, change: ReviewChange): Editing | null {
  if (change.kind === 'note') return { what: 'note', row, draft: change.note };
  if (change.kind === 'tag') return change.add ? { what: 'tag', row, draft: change.tag } : null;
  if (change.kind !== 'edit') return null;
  if (change.rationale) return { what: 'rationale', row, draft: change.rationale };
  return change.label ? { what: 'label', row, draft: change.label } : null;
}
