import type {
  Capabilities,
  ExportRecord,
  LeakReport,
  Part,
  PartCounts,
  Preferences,
  PriceEntry,
  Project,
  PromptTemplate,
  Split,
  SplitSettings,
  Task,
  Teacher,
  TemplateDraft,
} from '../contract/entities.ts';
import type { JobKind, JobRecord } from '../contract/jobs.ts';
import type {
  AnswerRows,
  CostRows,
  EvaluationRows,
  JudgementRows,
  ResultFileRows,
  SliceRows,
} from './comparison-interface.ts';
import type { DataRows, FullExample } from './data-interface.ts';
import type { ExtractionRows } from './extraction-interface.ts';
import type { HealthRows, ReviewRows } from './review-interface.ts';
import type { RunRows, StudentRows, StudyRows } from './training-interface.ts';

export type * from './comparison-interface.ts';
export type * from './data-interface.ts';
export type * from './extraction-interface.ts';
export type * from './page.ts';
export type * from './review-interface.ts';
export type * from './training-interface.ts';

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
  readonly students: StudentRows;
  readonly studies: StudyRows;
  readonly evaluations: EvaluationRows;
  readonly answers: AnswerRows;
  readonly slices: SliceRows;
  readonly judgements: JudgementRows;
  readonly costs: CostRows;
  readonly resultFiles: ResultFileRows;
  readonly exports: ExportRows;
  readonly jobs: JobRows;
  readonly preferences: { get(): Preferences; save(preferences: Preferences): Preferences };
  /** Runs `work` in one transaction; nested calls join it. */
  transaction<T>(work: () => T): T;
  /** The file, for threads that open a connection of their own. */
  readonly path: string;
  close(): void;
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
  /**
   * Counts a look at scores on the test part, where it shows anything that no earlier one did; answers
   * how many there were. What was seen before tells nothing new, however often one goes back to it.
   * @param seen what is shown: ids of evaluations, extractions and studies
   */
  look(splitId: string, seen: readonly string[]): number;
  /** Keeps the newest report of the leak guard for a key; see {@link LeakReport}. */
  saveLeaks(projectId: string, report: LeakReport): void;
  leaks(projectId: string, key: string): LeakReport | null;
  /** Kept columns of a project's rows. */
  columns(
    projectId: string,
  ): { column: string; rows: number; distinct: number; examples: string[] }[];
  counts(splitId: string): PartCounts;
  /** Rows of the part that have a gold label. */
  withGold(splitId: string, part: Part): number;
  /** Examples of one part in import order. */
  members(splitId: string, part: Part): FullExample[];
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
  /** Saves the record as it is (state, progress, error, place, seq, times). */
  save(record: JobRecord): void;
  /** Marks jobs that a dead process left running or queued as interrupted, keeping their place; returns them. */
  interruptRunning(): JobRecord[];
}
