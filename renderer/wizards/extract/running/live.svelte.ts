import type { LiveExtraction } from '../../../../electron/contract/extraction.ts';
import { Resource } from '../../../lib/resource.svelte.ts';

export type LiveRow = LiveExtraction['newest'][number];

export const rowKey = (row: LiveRow): string => `${row.exampleId}-${row.sample}-${row.savedAt}`;

/** Rows that the live table shows. */
export const liveRows = 30;
/** Between two questions at least, in milliseconds: three a second are enough for an eye. */
const apart = 350;

/**
 * The newest state of a running extraction. However often it is told of a change, it asks at most
 * three times a second, never twice at once, and always once more after the last change.
 */
export class LiveWatch {
  readonly resource: Resource<LiveExtraction>;
  /** Rows as they were when the person began to read; null while the table follows. */
  held = $state.raw<{ rows: LiveRow[]; answers: number } | null>(null);
  #busy = false;
  #due = false;
  #stopped = false;

  constructor(fetch: () => Promise<LiveExtraction>) {
    this.resource = new Resource(fetch);
  }

  get rows(): LiveRow[] {
    return this.held?.rows ?? this.resource.value?.newest ?? [];
  }

  /** Answers that came since the rows stand still. */
  get newer(): number {
    const { value } = this.resource;
    return this.held === null || value === null ? 0 : answersOf(value) - this.held.answers;
  }

  hold(): void {
    const { value } = this.resource;
    if (value !== null) this.held ??= { rows: value.newest, answers: answersOf(value) };
  }

  release(): void {
    this.held = null;
  }

  /** Something may have changed. */
  touch(): void {
    this.#due = true;
    if (!this.#busy) void this.#run();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#due && !this.#stopped) {
      this.#due = false;
      await this.resource.load();
      await new Promise((done) => setTimeout(done, apart));
    }
    this.#busy = false;
  }
}

const answersOf = ({ extraction }: LiveExtraction): number =>
  extraction.completed + extraction.failed;
