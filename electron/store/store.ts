import type {
  ComparisonRow,
  Dataset,
  Example,
  ExportRecord,
  Extraction,
  ExtractionSettings,
  MappedRow,
  MetricPoint,
  ParseSummary,
  Part,
  PartCounts,
  Preferences,
  Project,
  PromptTemplate,
  RationaleFilter,
  RationaleRow,
  Run,
  RunSettings,
  Split,
  SplitSettings,
  Task,
  Teacher,
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
  readonly extractions: ExtractionRows;
  readonly splits: SplitRows;
  readonly runs: RunRows;
  readonly evaluations: EvaluationRows;
  readonly exports: ExportRows;
  readonly jobs: JobRows;
  readonly preferences: { get(): Preferences; save(preferences: Preferences): Preferences };
  /** Runs `work` in one transaction; nested calls join it. */
  transaction<T>(work: () => T): T;
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
}

export interface DataRows {
  list(projectId: string): Dataset[];
  get(datasetId: string): Dataset;
  /**
   * Saves a dataset with all its rows in one transaction: all of them or none.
   * `rows` is read once, lazily.
   */
  create(
    input: {
      projectId: string;
      name: string;
      sourceName: string;
      sourceSha256: string;
      mapping: Dataset['mapping'];
      givenPart: Part | null;
      seed: number;
    },
    rows: Iterable<MappedRow>,
  ): Dataset;
  remove(datasetId: string): void;
  page(projectId: string, window: Window): Page<Example>;
  /** @throws StudioError not-found */
  example(exampleId: number): FullExample;
  /** All examples of a project in import order, lazily, a page at a time. */
  examples(projectId: string): IterableIterator<FullExample>;
  count(projectId: string): { examples: number; withGold: number; recorded: number };
}

export interface TeacherRows {
  list(projectId: string): Teacher[];
  get(teacherId: string): Teacher;
  save(input: {
    teacherId: string | null;
    projectId: string;
    kind: Teacher['kind'];
    name: string;
    baseUrl: string | null;
    model: string;
  }): Teacher;
  setKeyKept(teacherId: string, keyKept: Teacher['keyKept']): Teacher;
  /** The key as the OS keychain encrypted it; never clear text. */
  encryptedKey(teacherId: string): Uint8Array | null;
  saveEncryptedKey(teacherId: string, key: Uint8Array | null): void;
  templates(projectId: string): PromptTemplate[];
  template(templateId: string): PromptTemplate;
  /** Saves the next version of the template with this name in this project. */
  saveTemplate(input: Omit<PromptTemplate, 'id' | 'version' | 'createdAt'>): PromptTemplate;
}

/** One answer of the teacher as it came, or the reason why there is none. */
export interface NewCompletion {
  exampleId: number;
  /** Null when the request failed for good. */
  text: string | null;
  failure: { code: string; message: string } | null;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  milliseconds: number | null;
}
export interface NewRationale {
  exampleId: number;
  /** Null when the completion has no answer: kept and counted as unparsed, never trained on. */
  label: string | null;
  rationale: string | null;
  /** Against gold; null without a gold label. False for unparsed rows that have gold. */
  correct: boolean | null;
}
export interface PendingExample extends FullExample {
  /** Set when an earlier attempt failed. */
  failed: boolean;
}
export interface SavedCompletion {
  example: FullExample;
  text: string;
}

export interface ExtractionRows {
  list(projectId: string): Extraction[];
  get(extractionId: string): Extraction;
  create(input: {
    projectId: string;
    teacherId: string;
    templateId: string | null;
    settings: ExtractionSettings;
    seed: number;
  }): Extraction;
  /**
   * Gives an extraction another pace (concurrency, timeout, retries) or limit. What decides the
   * answers stays as it was. @throws StudioError invalid-input when temperature or maxTokens differ
   */
  repace(extractionId: string, settings: ExtractionSettings): Extraction;
  /** Examples without a saved completion (never asked, or failed), in import order, within the limit. */
  pending(extractionId: string): PendingExample[];
  /** Saves completions with their parse in one transaction; a saved text is never overwritten by a failure. */
  saveCompletions(
    extractionId: string,
    rows: readonly { completion: NewCompletion; rationale: NewRationale | null }[],
  ): void;
  /** All saved completions (not failures) in import order, lazily, a page at a time. */
  completions(extractionId: string): IterableIterator<SavedCompletion>;
  /**
   * Replaces the parse of all rows in one transaction; a completion without a new parse becomes
   * unparsed. `rows` may read from {@link completions} as it goes.
   * @throws StudioError not-found for a row without a saved completion
   */
  replaceRationales(extractionId: string, rows: Iterable<NewRationale>): void;
  /** Counted over all rows, or over those of one dataset. */
  summary(extractionId: string, datasetId?: string | null): ParseSummary;
  page(extractionId: string, filter: RationaleFilter, window: Window): Page<RationaleRow>;
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
  }): Split;
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
