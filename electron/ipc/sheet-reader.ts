import type { Comparing } from '../contract/entities.ts';
import type { AnswerSheet } from '../core/comparison/sheet.ts';
import { readWithSources, sheetTask } from '../stages/compare/sheet.ts';
import type { ReadSheet } from '../stages/compare/sheet.ts';
import type { Threads } from '../stages/threads.ts';
import type { Store } from '../store/store.ts';

/** Answers that are read where they are asked for: in less time than asking a thread takes. */
const answersReadHere = 5_000;

/** Sheets that are kept; those of 100,000 rows and four systems take 10 MB each. */
const sheetsKept = 4;

interface Kept extends ReadSheet {
  /** Of the moment before it was read: what was saved meanwhile makes it out of date. */
  readonly stamp: string;
}

/**
 * Reads what systems said of the rows of a part, once, and keeps it until one of their answers may have
 * changed. Notes are read anew each time: they change as a person types.
 */
export class SheetReader {
  readonly #store: Store;
  readonly #threads: Threads;
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, Promise<Kept>>();

  constructor(store: Store, threads: Threads) {
    this.#store = store;
    this.#threads = threads;
  }

  /** @throws StudioError not-found as `readSheet` */
  async get(comparing: Comparing): Promise<AnswerSheet> {
    return (await this.read(comparing)).sheet;
  }

  /**
   * The same, with where each system's answers are saved.
   * @throws StudioError not-found as `readSheet`
   */
  async read(comparing: Comparing): Promise<ReadSheet> {
    const { sheet, sources } = this.#fresh(comparing) ?? (await this.#ask(comparing));
    return { sheet: { ...sheet, noted: this.#noted(comparing, sheet) }, sources };
  }

  /** What is kept, where it is up to date; it is then the one that was used last. */
  #fresh(comparing: Comparing): Kept | null {
    const key = keyOf(comparing);
    const kept = this.#kept.get(key);
    if (kept?.stamp !== this.#stamp(comparing)) return null;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** Equal questions of the same moment are asked once. */
  #ask(comparing: Comparing): Promise<Kept> {
    const stamp = this.#stamp(comparing);
    const question = JSON.stringify([keyOf(comparing), stamp]);
    const asked = this.#underWay.get(question);
    if (asked) return asked;
    const answer = this.#load(comparing)
      .then((read) => this.#keep(keyOf(comparing), { ...read, stamp }))
      .finally(() => this.#underWay.delete(question));
    this.#underWay.set(question, answer);
    return answer;
  }

  async #load(comparing: Comparing): Promise<ReadSheet> {
    const { splitId, part, systems } = comparing;
    const answers = this.#store.splits.counts(splitId)[part] * (systems.length + 1);
    return answers <= answersReadHere
      ? readWithSources(this.#store, comparing)
      : await this.#threads.run(sheetTask, { database: this.#store.path, comparing });
  }

  #keep(key: string, kept: Kept): Kept {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= sheetsKept) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }

  #stamp({ splitId, part, systems }: Comparing): string {
    return this.#store.answers.stamp(splitId, part, systems);
  }

  /** Both are in import order: ids rise. */
  #noted({ splitId, part }: Comparing, { exampleIds }: AnswerSheet): Uint8Array {
    const noted = new Uint8Array(exampleIds.length);
    let place = 0;
    for (const id of this.#store.answers.noted(splitId, part)) {
      place = exampleIds.indexOf(id, Math.max(0, place));
      if (place >= 0) noted[place] = 1;
    }
    return noted;
  }
}

const keyOf = ({ projectId, splitId, part, systems }: Comparing): string =>
  JSON.stringify([projectId, splitId, part, systems]);
