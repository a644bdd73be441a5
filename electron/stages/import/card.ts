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
const SAMPLED = 2_000;
/** Characters of an input that are counted; a longer one is reckoned to go on as it began. */
const COUNTED = 20_000;
/** Lengths that students are given, in tokens. */
const lengths = [128, 256, 512, 1_024] as const;

interface Measured {
  readonly tokens: number;
  readonly language: string;
}

/** Counts what a data set holds while its rows are imported. */
export class CardMaker {
  readonly #counter: TokenCounter;
  readonly #languageOf: LanguageGuesser;
  readonly #sample = new EvenSample<Measured>(SAMPLED);
  readonly #labels = new LabelCounter();
  readonly #parts = { train: 0, validation: 0, test: 0 };
  readonly #givenPart: MappedRow['part'];
  #unlabelled = 0;

  /** @param givenPart the part of rows that have none of their own */
  static async load(givenPart: MappedRow['part']): Promise<CardMaker> {
    return new CardMaker(await tokenCounter(), await languageGuesser(), givenPart);
  }

  constructor(counter: TokenCounter, languageOf: LanguageGuesser, givenPart: MappedRow['part']) {
    this.#counter = counter;
    this.#languageOf = languageOf;
    this.#givenPart = givenPart;
  }

  /** Counts a row that is kept. */
  add(row: MappedRow): void {
    if (row.gold === null) this.#unlabelled += 1;
    else this.#labels.add(row.gold);
    const part = row.part ?? this.#givenPart;
    if (part !== null) this.#parts[part] += 1;
    this.#sample.add(() => this.#measured(row));
  }

  /** @param read rows of the file */
  finish(read: number, problems: Problems, duplicates: Duplicates): DataCard {
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
      tokens: tokensOf(this.#sample.values.map(({ tokens }) => tokens)),
      languages: languagesOf(this.#sample.values),
      givenParts: { ...this.#parts },
    };
  }

  #measured({ input, choices }: MappedRow): Measured {
    const text = composeInput(input, choices);
    const counted = this.#counter.countTokens(text.slice(0, COUNTED));
    const tokens = Math.round(counted * Math.max(1, text.length / COUNTED));
    return { tokens, language: this.#languageOf(input) };
  }
}

function tokensOf(counts: readonly number[]): DataCard['tokens'] {
  const rising = counts.toSorted((a, b) => a - b);
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

function languagesOf(rows: readonly Measured[]): DataCard['languages'] {
  const counts = new Map<string, number>();
  for (const { language } of rows) counts.set(language, (counts.get(language) ?? 0) + 1);
  return Array.from(counts, ([code, count]) => ({ code, rows: count })).sort(
    (a, b) => b.rows - a.rows || (a.code < b.code ? -1 : 1),
  );
}
