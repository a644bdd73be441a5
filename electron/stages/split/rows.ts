import type { Project, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { Clusters } from '../../core/clusters.ts';
import { maskedText, NameFinder } from '../../core/mask.ts';
import type { NameStatistics } from '../../core/mask.ts';
import { TextNumbers } from '../../core/text-key.ts';
import { composeInput, normaliseText } from '../../core/text.ts';
import type { FullExample, Store } from '../../store/store.ts';
import type { DividableRow } from './divide.ts';
import { AlikeBuilder, comparedText } from './guard/alike.ts';
import type { AlikeRows } from './guard/alike.ts';
import { timeOf } from './time.ts';

export interface SplitRowsRead {
  readonly rows: DividableRow[];
  /** For every row the number of its masked text. */
  readonly masked: Int32Array;
  /** What the leak guard compares; null where nobody asked. */
  readonly alike: AlikeRows | null;
  /** Rows that lack the group or the time that the settings ask for. */
  readonly without: number;
  /** Whether the settings keep any rows together. */
  readonly grouped: boolean;
}

/** Rows after which the reading says how far it is. */
const rowsPerBreath = 2_000;

/**
 * Reads what dividing, and the leak guard if it is asked, need to know of a project's rows. Texts are
 * read twice where names are masked: which words are names is known only after all were seen.
 *
 * @param settings as {@link effective} leaves them
 * @yields how much of the work is done, 0 to 1
 * @throws StudioError rows-missing
 */
export function* readRows(
  store: Store,
  project: Project,
  settings: SplitSettings,
  guarded: boolean,
): Generator<number, SplitRowsRead> {
  const total = store.data.count(project.id).examples;
  if (total === 0) throw noRows();
  const needsNames = guarded || settings.maskNames;
  const names = needsNames ? yield* findNames(store, project.id, total) : null;
  const reader = new Reader(settings, names, guarded ? exemplarTexts(store, project.id) : null);
  const before = needsNames ? 0.4 : 0;
  let read = 0;
  for (const example of store.data.examples(project.id)) {
    reader.add(example);
    read += 1;
    if (read % rowsPerBreath === 0) yield before + (1 - before) * Math.min(1, read / total);
  }
  return reader.finish();
}

function* findNames(
  store: Store,
  projectId: string,
  total: number,
): Generator<number, NameStatistics> {
  const finder = new NameFinder();
  let read = 0;
  for (const { input, choices } of store.data.examples(projectId)) {
    finder.add(composeInput(input, choices));
    read += 1;
    if (read % rowsPerBreath === 0) yield 0.4 * Math.min(1, read / total);
  }
  return finder.statistics();
}

/** Texts of all exemplars that the project's prompts show, in any version. */
const exemplarTexts = (store: Store, projectId: string): string[] =>
  store.teachers
    .templates(projectId)
    .flatMap(({ exemplars }) =>
      exemplars.map(({ input, choices }) => comparedText(input, choices)),
    );

class Reader {
  readonly #settings: SplitSettings;
  readonly #names: NameStatistics | null;
  readonly #rows: Omit<DividableRow, 'group'>[] = [];
  readonly #masked: number[] = [];
  readonly #normalised: number[] = [];
  readonly #columns: number[] = [];
  readonly #normalisedNumbers = new TextNumbers();
  readonly #maskedNumbers = new TextNumbers();
  readonly #columnNumbers = new TextNumbers();
  readonly #alike: AlikeBuilder | null;
  #without = 0;

  constructor(
    settings: SplitSettings,
    names: NameStatistics | null,
    exemplars: readonly string[] | null,
  ) {
    this.#settings = settings;
    this.#names = names;
    this.#alike = exemplars && new AlikeBuilder(exemplars, (text) => maskedText(text, names));
  }

  add(example: FullExample): void {
    const { id, gold, givenPart, meta } = example;
    const { maskNames, groupColumn, timeColumn } = this.#settings;
    const composed = composeInput(example.input, example.choices);
    const template = this.#names && maskedText(composed, this.#names);
    const masked = maskNames && template !== null ? template : maskedText(composed, null);
    const value = groupColumn === null ? '' : (meta?.[groupColumn]?.trim() ?? '');
    const time = timeColumn === null ? null : timeOf(meta?.[timeColumn] ?? '');
    if ((groupColumn !== null && value === '') || (timeColumn !== null && time === null)) {
      this.#without += 1;
    }
    this.#rows.push({ id, gold, givenPart, time });
    this.#masked.push(this.#maskedNumbers.of(masked));
    if (maskNames) this.#normalised.push(this.#normalisedNumbers.of(normaliseText(composed)));
    this.#columns.push(value === '' ? -1 : this.#columnNumbers.of(value));
    if (this.#alike) {
      const text = comparedText(example.input, example.choices);
      this.#alike.add({ id, text, masked: template ?? masked });
    }
  }

  finish(): SplitRowsRead {
    const { groupByMaskedText, groupColumn } = this.#settings;
    const masked = Int32Array.from(this.#masked);
    const grouped = groupByMaskedText || groupColumn !== null;
    const together = new Clusters(this.#rows.length);
    if (groupByMaskedText) together.joinEqual(masked);
    // Names are known by their capitals: a text in capitals alone is masked otherwise.
    together.joinEqual(Int32Array.from(this.#normalised));
    if (groupColumn !== null) together.joinEqual(Int32Array.from(this.#columns));
    const groups = together.numbers();
    return {
      rows: this.#rows.map((row, index) => ({ ...row, group: groups[index] ?? -1 })),
      masked,
      alike: this.#alike?.finish() ?? null,
      without: this.#without,
      grouped,
    };
  }
}

function noRows(): StudioError {
  return new StudioError(
    'rows-missing',
    'There are no rows to divide yet.',
    'Import a file first, then come back to the split.',
  );
}
