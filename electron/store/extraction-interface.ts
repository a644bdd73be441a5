import type {
  Batch,
  Extraction,
  ExtractionSettings,
  FailureKind,
  LiveExtraction,
  ParseRules,
  ParseSummary,
  Part,
  Percentiles,
  Price,
  Sample,
  Spend,
} from '../contract/entities.ts';
import type { FullExample } from './data-interface.ts';
import type { Page, Window } from './page.ts';

/** One answer of the teacher as it came, or the reason why there is none. */
export interface NewCompletion {
  exampleId: number;
  /** Which of the row's answers it is, from 0. */
  sample: number;
  /** Null when the request failed for good. */
  text: string | null;
  failure: { code: string; message: string } | null;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  milliseconds: number | null;
  /** Hash of all that decides the answer, 16 bytes; null for recorded answers. */
  requestHash: Uint8Array | null;
  /** Taken from an earlier extraction instead of being asked for. */
  reused: boolean;
}
/** The parse of one answer. */
export interface NewRationale {
  exampleId: number;
  sample: number;
  /** Null when the completion has no answer: kept and counted as unparsed, never trained on. */
  label: string | null;
  rationale: string | null;
  /** Against gold; null without a gold label. False for unparsed answers that have gold. */
  correct: boolean | null;
}
/** What the answers of one row come to: which of them stands for it, and which teach. */
export interface Verdict {
  exampleId: number;
  /** The sample whose label is the row's. */
  chosen: number;
  /** Samples whose rationales are kept; `chosen` among them when it has a label. */
  kept: readonly number[];
  /** Answers with that label, and answers there are. */
  votes: number;
  answers: number;
}
export interface PendingExample extends FullExample {
  /** Set when an earlier attempt failed. */
  failed: boolean;
  /** Samples that have no saved answer yet, rising. */
  missing: readonly number[];
}
export interface SavedCompletion {
  example: FullExample;
  sample: number;
  text: string;
}
/** An answer that an earlier extraction was given to the same request. */
export interface ReusableAnswer {
  text: string;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
}
/** What some requests used up; added to the extraction's {@link Spend}. */
export type SpendDelta = Spend;

export interface ExtractionRows {
  list(projectId: string): Extraction[];
  get(extractionId: string): Extraction;
  create(input: {
    projectId: string;
    teacherId: string;
    templateId: string | null;
    settings: ExtractionSettings;
    price: Price | null;
    seed: number;
  }): Extraction;
  /**
   * Gives an extraction another pace, limit, budget, number of samples or price. What decides the
   * answers stays as it was. A first price is also put on what was used up before there was one;
   * null leaves the price as it is.
   * @throws StudioError invalid-input when temperature, maxTokens or seed differ
   */
  repace(extractionId: string, settings: ExtractionSettings, price: Price | null): Extraction;
  /** Rules to parse with instead of the template's; null for those. */
  setRules(extractionId: string, rules: ParseRules | null): void;
  /**
   * Examples that lack an answer (never asked, or failed), within the limit: the first `limit` of
   * the rows in an order that spreads them evenly over the data, given out in import order.
   */
  pending(extractionId: string): PendingExample[];
  /**
   * The first `limit` of {@link pending} with an id above `after` (0: from the start). Going through
   * them by pages keeps a million rows out of memory.
   */
  pendingPage(extractionId: string, after: number, limit: number): PendingExample[];
  /**
   * Answers there are of those that these settings ask for. An extraction that had more samples, or
   * a larger limit, before has others too, which `completed` counts as well.
   */
  saved(
    extractionId: string,
    asked: Pick<ExtractionSettings, 'limit' | 'samples' | 'also'>,
  ): number;
  /** Rows that `also` adds to those within the limit. */
  alsoWanted(projectId: string, asked: Pick<ExtractionSettings, 'limit' | 'also'>): number;
  /** The answer of this project's extractions to the same request, if there is one. */
  reusable(projectId: string, requestHash: Uint8Array): ReusableAnswer | null;
  /**
   * Saves answers with their parse, and what their requests used up, in one transaction; a saved text
   * is never overwritten by a failure. The verdict of each row is worked out by `decide` from all
   * its saved parses; without it, the first answer stands for its row.
   *
   * With `soon`, the commit survives the end of the process at once but a power cut only after the
   * next ordinary write or {@link flush}.
   */
  saveCompletions(
    extractionId: string,
    rows: readonly { completion: NewCompletion; rationale: NewRationale | null }[],
    options?: { spend?: SpendDelta; soon?: boolean; decide?: Decide },
  ): void;
  /** Adds what requests used up that brought nothing to save. */
  addSpend(extractionId: string, spend: SpendDelta): void;
  /** Brings everything committed so far to the disk, also what was saved with `soon`. */
  flush(): void;
  /** All saved completions (not failures) in import order and by sample, lazily, a page at a time. */
  completions(extractionId: string): IterableIterator<SavedCompletion>;
  /** A window of them, spread evenly over the data, so that a few show what there is. */
  completionPage(extractionId: string, window: Window): Page<SavedCompletion>;
  /**
   * Replaces the parse of all answers in one transaction; a completion without a new parse becomes
   * unparsed. `rows` may read from {@link completions} as it goes.
   * @throws StudioError not-found for an answer without a saved completion
   */
  replaceRationales(extractionId: string, rows: Iterable<NewRationale>, decide?: Decide): void;
  /**
   * Replaces the parse of these answers alone, in one transaction; all answers to one example stand
   * together. Like `soon` of {@link saveCompletions} it is on the disk after {@link flush}.
   * @throws StudioError not-found for an answer without a saved completion
   */
  saveRationales(extractionId: string, rows: readonly NewRationale[], decide?: Decide): void;
  /** Counted over all rows, or over those of one dataset. */
  summary(extractionId: string, datasetId?: string | null): ParseSummary;
  samples(extractionId: string, exampleId: number): Sample[];
  /** Parsed label, rationale and correctness by example id, for splits and training. */
  parsed(
    extractionId: string,
  ): Map<number, { label: string; rationale: string; correct: boolean | null }>;
  /**
   * What the scoreboard shows for the teacher. `rows`: examples of the part with a gold label and a
   * saved completion; `correct` of them; `unparsed` of them (these count as wrong).
   */
  partSummary(
    extractionId: string,
    splitId: string,
    part: Part,
  ): { rows: number; correct: number; unparsed: number };
  /** Of the newest `answers` answers that were asked for; null when there is none. */
  latency(extractionId: string, answers: number): Percentiles | null;
  /** Reasons of failed answers, each counted, the commonest first, at most 50. */
  failures(extractionId: string): FailureKind[];
  newest(extractionId: string, count: number): LiveExtraction['newest'];
  /** Tokens and milliseconds of saved answers that were asked for, at most `limit` of them. */
  usage(
    extractionId: string,
    limit: number,
  ): {
    promptTokens: number | null;
    completionTokens: number | null;
    milliseconds: number | null;
  }[];
  /** What the report needs and SQL can count; see {@link ReportCounts}. */
  reportCounts(extractionId: string): ReportCounts;
  batches(extractionId: string): Batch[];
  /** A batch about to be handed over, with the answers it is to bring. */
  createBatch(
    extractionId: string,
    requests: readonly { exampleId: number; sample: number; requestHash: Uint8Array }[],
  ): Batch;
  saveBatch(batch: Batch): void;
  /** The answers that a batch is to bring, by the custom ids of its lines: `<example id>-<sample>`. */
  batchRequests(
    batchId: string,
  ): Map<string, { exampleId: number; sample: number; requestHash: Uint8Array }>;
}

/** Works out the verdict of one row from its parses, in the order of their samples. */
export type Decide = (exampleId: number, parses: readonly NewRationale[]) => Verdict;

export interface ReportCounts {
  failed: number;
  /** Rows by gold and teacher's label; both null-able. */
  labels: { gold: string | null; label: string | null; correct: boolean | null; rows: number }[];
  /** Rows by agreement. */
  agreement: { votes: number; answers: number; rows: number; withGold: number; correct: number }[];
  /** Characters do not say words: the rationales of the rows, lazily. */
  rationales(): IterableIterator<string>;
  finishReasons: { reason: string; rows: number }[];
}
