import type { DataCard, MappedRow } from '../../contract/entities.ts';
import type { LanguageGuesser } from '../../core/language.ts';
import { languageGuesser } from '../../core/language.ts';
import { composeInput } from '../../core/text.ts';
import type { TokenCounter } from '../../teacher/tokens.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import type { Duplicates } from './duplicates.ts';
import { EvenSample } from './even-sample.ts';
import { LabelCounter } from './label-counter.ts';
import type { Problems } from './problems.ts';

const SHOWN_LABELS = 50;
const SHOWN_REASONS = 20;
/** Rows whose tokens are counted and whose language is guessed, at most. */
const SAMPLED = 1_000;
/** Characters of an input that are counted; a longer one is reckoned to go on as it began. */
const COUNTED = 10_000;
/** Lengths that students are given, in tokens. */
const lengths = [128, 256, 512, 1_024] as const;

/** The beginning of an input as a student reads it. */
interface Sampled {
  readonly text: string;
  /** Characters of all of it. */
  readonly length: number;
}

/** Counts what a data set holds while its rows are imported. */
export class CardMaker {
  readonly #sample = new EvenSample<Sampled>(SAMPLED);
  readonly #labels = new LabelCounter();
  readonly #parts = { train: 0, validation: 0, test: 0 };
  readonly #givenPart: MappedRow['part'];
  #unlabelled = 0;

  /** @param givenPart the part of rows that have none of their own */
  constructor(givenPart: MappedRow['part']) {
    this.#givenPart = givenPart;
  }

  /** Counts a row that is kept. */
  add(row: MappedRow): void {
    if (row.gold === null) this.#unlabelled += 1;
    else this.#labels.add(row.gold);
    const part = row.part ?? this.#givenPart;
    if (part !== null) this.#parts[part] += 1;
    this.#sample.add(() => {
      const text = composeInput(row.input, row.choices);
      return { text: text.slice(0, COUNTED), length: text.length };
    });
  }

  /** @param read rows of the file */
  async finish(read: number, problems: Problems, duplicates: Duplicates): Promise<DataCard> {
    const labels = this.#labels.commonest(SHOWN_LABELS);
    return {
      read,
      skipped: problems.rows,
      skippedReasons: problems.shown(SHOWN_REASONS),
      dropped: duplicates.dropped,
      duplicates: { ...duplicates.counts },
      unlabelled: this.#unlabelled,
      labels,
      moreLabels: this.#labels.distinct - labels.length,
      tokens: tokensOf(this.#sample.values, await tokenCounter()),
      languages: languagesOf(this.#sample.values, await languageGuesser()),
      givenParts: { ...this.#parts },
    };
  }
}

function tokensOf(rows: readonly Sampled[], counter: TokenCounter): DataCard['tokens'] {
  const rising = rows
    .map(({ text, length }) =>
      Math.round(counter.countTokens(text) * Math.max(1, length / COUNTED)),
    )
    .sort((a, b) => a - b);
  const most = rising.at(-1);
  if (most === undefined) return null;
  // Nearest rank, as for latencies.
  const at = (share: number): number => rising[Math.ceil(share * rising.length) - 1] ?? 0;
  return {
    rows: rising.length,
    percentiles: { p5: at(0.05), p50: at(0.5), p95: at(0.95) },
    most,
    above: lengths.map((tokens) => ({
      tokens,
      share: rising.filter((count) => count > tokens).length / rising.length,
    })),
  };
}

function languagesOf(rows: readonly Sampled[], languageOf: LanguageGuesser): DataCard['languages'] {
  const counts = new Map<string, number>();
  for (const { text } of rows) {
    const language = languageOf(text);
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return Array.from(counts, ([code, count]) => ({ code, rows: count })).sort(
    (a, b) => b.rows - a.rows || (a.code < b.code ? -1 : 1),
  );
}
