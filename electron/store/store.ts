import type {
  Batch,
  Capabilities,
  ComparisonRow,
  DataCard,
  DataExport,
  Dataset,
  Example,
  ExportRecord,
  Extraction,
  ExtractionSettings,
  FailureKind,
  HealthFinding,
  HealthFlag,
  HealthSummary,
  LeakReport,
  LiveExtraction,
  MappedRow,
  MetricPoint,
  ParseRules,
  ParseSummary,
  Part,
  PartCounts,
  Percentiles,
  Preferences,
  Price,
  PriceEntry,
  Project,
  PromptTemplate,
  Review,
  ReviewAction,
  ReviewAgreement,
  ReviewChange,
  ReviewProgress,
  ReviewRow,
  RowQuery,
  Run,
  RunSettings,
  Sample,
  SavedView,
  Spend,
  Split,
  SplitSettings,
  Task,
  Teacher,
  TemplateDraft,
} from '../contract/entities.ts';
import type { JobKind, JobRecord } from '../contract/jobs.ts';

/**
 * The store: one SQLite file, one writer. Every method is synchronous and each write is one
 * transaction: when it returns, the rows are durable; when it throws, nothing changed. A `list` is in
 * the order in which its rows were made, oldest first.
 */
export interface Store {
  readonly projects: ProjectRows;
  readonly data: DataRows;
  readonly teachers: TeacherRows;
  readonly prices: PriceRows;
  readonly extractions: ExtractionRows;
  readonly reviews: ReviewRows;
  readonly health: HealthRows;
  readonly splits: SplitRows;
  readonly runs: RunRows;
  readonly evaluations: EvaluationRows;
  readonly exports: ExportRows;
  readonly jobs: JobRows;
  readonly preferences: { get(): Preferences; save(preferences: Preferences): Preferences };
  /** Runs `work` in one transaction; nested calls join it. */
  transaction<T>(work: () => T): T;
  /** The file, for threads that open a connection of their own. */
  readonly path: string;
  close(): void;
}

export interface Page<T> {
  rows: T[];
  total: number;
}
export interface Window {
  offset: number;
  limit: number;
}

export interface ProjectRows {
  list(): Project[];
  /** @throws StudioError not-found */
  get(projectId: string): Project;
  /** @throws StudioError invalid-input when the name is taken */
  create(input: { name: string; task: Task; labels: string[]; synthetic: boolean }): Project;
  rename(projectId: string, name: string): Project;
  remove(projectId: string): void;
}

/** An example with everything later stages read. */
export interface FullExample extends Example {
  recordedCompletion: string | null;
  recordedRationale: string | null;
  /** Values of the columns that were kept. */
  meta: Readonly<Record<string, string>> | null;
}

/** Names and settings of a data set about to be imported. */
export interface NewDataset {
  /** That of the job which imports it, so that the job can tell whether it came to its end; else made here. */
  id?: string;
  projectId: string;
  name: string;
  sourceName: string;
  sourceSha256: string;
  mapping: Dataset['mapping'];
  givenPart: Part | null;
  seed: number;
}

/**
 * A data set in the making. Its rows are in the file but in no answer of the store before
 * {@link finish}: an import that fails, is cancelled or is killed leaves nothing that is seen, and what
 * it left is removed by {@link abandon} or when the store is opened next.
 */
export interface DatasetWriter {
  readonly datasetId: string;
  /** Saves rows in a transaction of their own. @throws StudioError id-duplicate */
  add(rows: readonly MappedRow[]): void;
  /**
   * Shows all rows at once. `sourceSha256` is known only when the file was read to its end; the data
   * set's seed is drawn from it.
   */
  finish(card: DataCard, sourceSha256: string): Dataset;
  /** Removes at most `limit` rows; true once nothing is left. */
  abandon(limit: number): boolean;
}

/** What a newer version of a file changes in its data set. */
export interface DatasetChange {
  added: readonly MappedRow[];
  changed: readonly { exampleId: number; row: MappedRow; inputChanged: boolean }[];
  removed: readonly number[];
}

export interface DataRows {
  list(projectId: string): Dataset[];
  get(datasetId: string): Dataset;
  /**
   * Saves a dataset with all its rows in one transaction: all of them or none.
   * `rows` is read once, lazily.
   */
  create(input: NewDataset, rows: Iterable<MappedRow>): Dataset;
  /** Begins a data set that is written part by part. Only one is in the making at a time. */
  begin(input: NewDataset): DatasetWriter;
  /**
   * Makes a data set what a newer version of its file says, in one transaction: ids stay, answers
   * to a text that changed go, rows that a split uses are left as they are.
   */
  replace(
    datasetId: string,
    change: DatasetChange,
    now: Pick<Dataset, 'sourceName' | 'sourceSha256' | 'mapping' | 'givenPart'> & {
      card: DataCard;
    },
  ): Dataset;
  /**
   * Removes at most `limit` rows that an import left which never came to its end; true once nothing
   * is left. They are in no answer of the store either way.
   */
  sweep(limit: number): boolean;
  /** How many answers there are to a row; `recorded`: of those that came with the data. */
  answers(exampleId: number, which: 'all' | 'recorded'): number;
  remove(datasetId: string): void;
  /** Rows of one data set in import order, lazily, with whether a split uses each. */
  rowsOf(datasetId: string): IterableIterator<FullExample & { frozen: boolean }>;
  page(projectId: string, window: Window): Page<Example>;
  /** Files that rows were written into, the newest first. */
  exports(projectId: string): DataExport[];
  /** @throws StudioError not-found */
  dataExport(exportId: string): DataExport;
  /** `id` is the id of the job that wrote the file: each writes one. */
  saveExport(input: Omit<DataExport, 'createdAt'>): DataExport;
  /** @throws StudioError not-found */
  example(exampleId: number): FullExample;
  /** All examples of a project in import order, lazily, a page at a time. */
  examples(projectId: string): IterableIterator<FullExample>;
  count(projectId: string): { examples: number; withGold: number; recorded: number };
}

export interface TeacherRows {
  list(projectId: string): Teacher[];
  get(teacherId: string): Teacher;
  save(
    input: Pick<
      Teacher,
      | 'projectId'
      | 'kind'
      | 'provider'
      | 'name'
      | 'baseUrl'
      | 'model'
      | 'apiVersion'
      | 'contextTokens'
    > & { teacherId: string | null },
  ): Teacher;
  setKeyKept(teacherId: string, keyKept: Teacher['keyKept']): Teacher;
  /** Keeps what a probe found; null forgets it. */
  setCapabilities(teacherId: string, capabilities: Capabilities | null): Teacher;
  /** The key as the OS keychain encrypted it; never clear text. */
  encryptedKey(teacherId: string): Uint8Array | null;
  saveEncryptedKey(teacherId: string, key: Uint8Array | null): void;
  templates(projectId: string): PromptTemplate[];
  template(templateId: string): PromptTemplate;
  /** Saves the next version of the template with this name in this project. */
  saveTemplate(input: TemplateDraft): PromptTemplate;
}

/** Prices that a person entered, of the whole workspace, in the order of the models' names. */
export interface PriceRows {
  list(): PriceEntry[];
  save(entry: Omit<PriceEntry, 'origin'>): PriceEntry;
  remove(model: string): void;
}

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
  saved(extractionId: string, asked: Pick<ExtractionSettings, 'limit' | 'samples'>): number;
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

/** Which rows of which project, seen with the answers of which extraction. */
export interface RowsSeen {
  projectId: string;
  /** Null: data alone. */
  extractionId: string | null;
  query: RowQuery;
}

/** What is known of a row that could train, before any policy. */
export interface TrainingCandidate {
  example: FullExample;
  /** Null: no answer is saved. A null label: it could not be parsed. */
  answer: { label: string | null; rationale: string | null; correct: boolean | null } | null;
  /** Rationales of all kept answers of the row, the chosen one first; none of them is empty. */
  kept: readonly string[];
  review: Review | null;
  /** Null: not checked. */
  suspicion: number | null;
}

/** The ids that a query finds, in its order, and in short the state of what they were read from. */
export interface RowList {
  /** All of them, or the first where there are more. */
  readonly ids: Float64Array;
  /** How many rows it finds. */
  readonly total: number;
  readonly stamp: string;
}

/** A change to reviews, step by step; each gives the number of rows it changed, and is committed. */
export type ReviewSteps = Generator<number, ReviewAction, undefined>;

/** Rows searched and filtered, and what people say of them. */
export interface ReviewRows {
  page(seen: RowsSeen, window: Window): Page<ReviewRow> & { searchReady: boolean };
  /** Ids of all rows that are seen, as they are now, in their order. */
  ids(seen: RowsSeen): IterableIterator<number>;
  /**
   * Whether the rows are listed, those of one page or all of them: then {@link page}, or {@link ids}
   * and {@link rows}, need not go through all of them.
   */
  isListed(seen: RowsSeen, window?: Window): boolean;
  /** Keeps a list that was made by another connection; one that is out of date is not used. */
  keepList(seen: RowsSeen, list: RowList): void;
  /** Whether all saved rows of a project can be found by their words. */
  searchReady(seen: Pick<RowsSeen, 'projectId' | 'extractionId'>): boolean;
  /** Whether the search index was found to be damaged, and has to be made anew. */
  searchDamaged(): boolean;
  /** Closes the search index until it is read next: its file can then be replaced. */
  releaseSearch(): void;
  /** Forgets some changes that the search index has taken in; false once none is left. */
  indexed(applied: number): boolean;
  /** All rows that are seen, whole, lazily, in their order: the same as going through every page. */
  rows(seen: RowsSeen): IterableIterator<ReviewRow>;
  /** @throws StudioError not-found */
  row(extractionId: string, exampleId: number): ReviewRow;
  /** Of other people. */
  others(extractionId: string, exampleId: number): Review[];
  /**
   * Changes this person's review of some rows and keeps what they were, so that the change can be
   * undone as a whole; actions that were undone before can't be done again afterwards. Rows without
   * a saved answer are left out.
   * @throws StudioError rows-missing when no row is left
   */
  apply(extractionId: string, exampleIds: Iterable<number>, change: ReviewChange): ReviewAction;
  /** Takes the newest action back. @throws StudioError invalid-input when there is none */
  undo(extractionId: string): ReviewAction;
  /** Does the action again that was undone last. @throws StudioError invalid-input */
  redo(extractionId: string): ReviewAction;
  /**
   * {@link apply}, {@link undo} and {@link redo} of many rows, step by step; what reads in between sees
   * some rows changed. Until the last step every other change is refused with `job-conflict`; when the
   * process ends before it, the next one takes back what was changed.
   */
  applying(extractionId: string, exampleIds: Iterable<number>, change: ReviewChange): ReviewSteps;
  undoing(extractionId: string): ReviewSteps;
  redoing(extractionId: string): ReviewSteps;
  progress(extractionId: string): ReviewProgress;
  tags(extractionId: string): { tag: string; rows: number }[];
  /** This person's reviews with the row each is about, in import order, lazily. */
  own(extractionId: string): IterableIterator<{
    externalId: string;
    input: string;
    choices: string[] | null;
    review: Review;
  }>;
  /** Rows with a saved answer that have this id in their file, in import order. */
  matching(
    extractionId: string,
    externalId: string,
  ): { exampleId: number; input: string; choices: string[] | null }[];
  /** Replaces the imported review of one person. */
  saveOthers(
    extractionId: string,
    reviewer: string,
    rows: Iterable<{ exampleId: number; review: Omit<Review, 'reviewer'> }>,
  ): void;
  forget(extractionId: string, reviewer: string): void;
  /** Verdicts of every pair of people on the rows that both judged; the own name is empty. */
  verdictPairs(extractionId: string): { a: string; b: string; counts: ReviewAgreement['counts'] }[];
  training(splitId: string, part: Part, extractionId: string | null): TrainingCandidate[];
  views(projectId: string): SavedView[];
  saveView(input: Pick<SavedView, 'projectId' | 'name' | 'query'>): SavedView;
  removeView(viewId: string): void;
}

/** An answer that stands for its row, as the check of its health reads it. */
export interface CheckableRow {
  exampleId: number;
  input: string;
  choices: string[] | null;
  gold: string | null;
  label: string;
  rationale: string | null;
  completion: string;
  finishReason: string | null;
  votes: number;
  answers: number;
  correct: boolean | null;
}

/** Flags of rationales. A flag is about a saved answer: when the answer or its parse changes, its flags go. */
export interface HealthRows {
  summary(extractionId: string): HealthSummary;
  /** Answers that stand for their rows and are parsed, in import order, lazily; all, or those not checked. */
  checkable(extractionId: string, which: 'all' | 'unchecked'): IterableIterator<CheckableRow>;
  /** The rationales of all of them that have one, with the inputs they are about, lazily. */
  rationales(
    extractionId: string,
  ): IterableIterator<{ exampleId: number; input: string; rationale: string }>;
  /** How many there are. */
  count(extractionId: string, which: 'all' | 'unchecked'): number;
  save(
    extractionId: string,
    rows: readonly { exampleId: number; findings: readonly HealthFinding[] }[],
  ): void;
  /** Forgets what was found of some rows, at most `limit`; false once nothing is left. */
  forget(extractionId: string, limit: number): boolean;
  findings(extractionId: string, exampleId: number): HealthFinding[];
  flags(extractionId: string, exampleId: number): HealthFlag[] | null;
}

/**
 * A split in the making. Its members are in the file but in no answer of the store before
 * {@link finish}; what a killed process left is removed when the store is opened next.
 */
export interface SplitWriter {
  /** Writes members in a transaction of their own. @throws StudioError invalid-input */
  add(members: readonly { exampleId: number; part: Part }[]): void;
  /** Freezes the split. */
  finish(split: { name: string | null; settings: SplitSettings; leaks: LeakReport | null }): Split;
  /** Removes what was written. */
  abandon(): void;
}

export interface SplitRows {
  list(projectId: string): Split[];
  get(splitId: string): Split;
  /** Saves the split frozen, with every member, in one transaction. */
  create(input: {
    projectId: string;
    name: string | null;
    settings: SplitSettings;
    members: ReadonlyMap<number, Part>;
    leaks: LeakReport | null;
  }): Split;
  /** Begins a split that is written part by part. */
  begin(projectId: string): SplitWriter;
  /** Counts a look at scores on the test part, unless the last one saw the same; answers how many there were. */
  look(splitId: string, seen: string): number;
  /** Keeps the newest report of the leak guard for a key; see {@link LeakReport}. */
  saveLeaks(projectId: string, report: LeakReport): void;
  leaks(projectId: string, key: string): LeakReport | null;
  /** Kept columns of a project's rows. */
  columns(
    projectId: string,
  ): { column: string; rows: number; distinct: number; examples: string[] }[];
  counts(splitId: string): PartCounts;
  /** Examples of one part in import order. */
  members(splitId: string, part: Part): FullExample[];
}

export interface RunRows {
  list(projectId: string): Run[];
  get(runId: string): Run;
  create(input: {
    projectId: string;
    splitId: string;
    extractionId: string | null;
    name: string | null;
    settings: RunSettings;
    trainRows: number;
    rationaleRows: number;
  }): Run;
  setJob(runId: string, jobId: string): void;
  /** Says anew how many rows a run learns: they are chosen when it starts. */
  setRows(runId: string, rows: { trainRows: number; rationaleRows: number }): void;
  setModel(runId: string, model: { parameters: number; engine: string }): void;
  /** Adds points; a point for a step that is there already replaces it (a resumed run repeats none or the same). */
  saveMetrics(runId: string, points: readonly MetricPoint[]): void;
  /** Drops points after a step: a run resumed from a checkpoint goes on from there. */
  dropMetricsAfter(runId: string, step: number): void;
  metrics(runId: string, afterStep: number): MetricPoint[];
  /** The best checkpoint also sets the run's bestStep and bestValidation. */
  saveCheckpoint(
    runId: string,
    checkpoint: { which: 'last' | 'best'; step: number; folder: string; validation: number | null },
  ): void;
  checkpoint(runId: string, which: 'last' | 'best'): { step: number; folder: string } | null;
  remove(runId: string): void;
}

export interface NewPrediction {
  exampleId: number;
  label: string;
  rationale: string | null;
  correct: boolean | null;
  milliseconds: number;
}
export interface Evaluation {
  id: string;
  runId: string;
  splitId: string;
  part: Part;
  checkpointStep: number;
  rows: number;
  predicted: number;
  correct: number;
  withGold: number;
}

export interface EvaluationRows {
  /** The evaluation of a run on a part at its best checkpoint, made new if there is none. */
  open(input: { runId: string; splitId: string; part: Part; checkpointStep: number }): Evaluation;
  get(evaluationId: string): Evaluation;
  /** The newest complete evaluation (every row predicted) for each run of the split. */
  complete(splitId: string, part: Part): Evaluation[];
  countInProject(projectId: string): number;
  /** Examples of the part without a saved prediction, in import order. */
  pending(evaluationId: string): FullExample[];
  savePredictions(evaluationId: string, rows: readonly NewPrediction[]): void;
  predictions(evaluationId: string): NewPrediction[];
  /** Rows x systems; `disagree` keeps rows where the labels of teacher and students are not all equal. */
  comparison(input: {
    splitId: string;
    part: Part;
    extractionId: string | null;
    evaluationIds: readonly string[];
    filter: 'all' | 'disagree';
    window: Window;
  }): Page<ComparisonRow>;
}

export interface ExportRows {
  list(projectId: string): ExportRecord[];
  get(exportId: string): ExportRecord;
  create(input: Omit<ExportRecord, 'id' | 'createdAt'>): ExportRecord;
}

export interface StoredJob extends JobRecord {
  /** The job's own arguments, JSON, checked by the job's definition when it runs. */
  input: unknown;
}

export interface JobRows {
  list(projectId: string | null): JobRecord[];
  get(jobId: string): StoredJob;
  create(input: {
    projectId: string;
    kind: JobKind;
    subjectId: string | null;
    title: string;
    input: unknown;
    unit: JobRecord['progress']['unit'];
  }): StoredJob;
  /** Saves the record as it is (state, progress, error, seq, times). */
  save(record: JobRecord): void;
  /** Marks jobs that a dead process left running or queued as interrupted; returns them. */
  interruptRunning(): JobRecord[];
}
