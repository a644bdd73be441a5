import type {
  ImportedFrom,
  MetricPoint,
  Run,
  RunEnd,
  RunSamples,
  RunSettings,
  Student,
  StudentReport,
  Study,
  StudyPlan,
} from '../contract/entities.ts';

/** One checkpoint of a run. */
export interface RunCheckpoint {
  readonly step: number;
  readonly folder: string;
}

export interface RunRows {
  list(projectId: string): Run[];
  get(runId: string): Run;
  /** Null for a run that was trained here. */
  importedFrom(runId: string): ImportedFrom | null;
  create(input: {
    /** A new one where it is left out. */
    id?: string;
    projectId: string;
    splitId: string;
    extractionId: string | null;
    /** See {@link RunRows.answersId}; `extractionId` where it is left out. */
    answersId?: string | null;
    /** Set for a student that was trained elsewhere. */
    importedFrom?: ImportedFrom | null;
    name: string | null;
    settings: RunSettings;
    trainRows: number;
    rationaleRows: number;
    studyId: string | null;
    parentId: string | null;
  }): Run;
  /** @throws StudioError invalid-input when another run of the project has the name */
  rename(runId: string, name: string): Run;
  setJob(runId: string, jobId: string): void;
  /** Says anew how many rows a run learns: they are chosen when it starts. `hash` is of their content. */
  setRows(runId: string, rows: { trainRows: number; rationaleRows: number; hash: string }): void;
  /** Of the rows that it learns from; null before it has begun, or where an earlier version began it. */
  rowsHash(runId: string): string | null;
  /**
   * The extraction that it was set up with, whether or not its method learns from answers: a shared
   * tokenizer is learned from these, and they stand in where validation rows have no gold label. Null
   * where there was none.
   */
  answersId(runId: string): string | null;
  /** Remembers that it was told to end and keep its best, until it has; false takes that back. */
  setFinishing(runId: string, finishing: boolean): void;
  isFinishing(runId: string): boolean;
  setModel(runId: string, model: { parameters: number; engine: string | null }): void;
  /** How it ended; null takes that back, for a run that goes on. */
  setEnd(runId: string, end: Omit<RunEnd, 'at'> | null): void;
  /** Adds points; a point for a step that is there already replaces it (a resumed run repeats none or the same). */
  saveMetrics(runId: string, points: readonly MetricPoint[]): void;
  /** Drops points and samples after a step: a run resumed from a checkpoint goes on from there. */
  dropMetricsAfter(runId: string, step: number): void;
  metrics(runId: string, afterStep: number): MetricPoint[];
  /** Only the points that ended with an evaluation. */
  evaluated(runId: string): MetricPoint[];
  /** The rows that are watched, written once; and what the student wrote for them at a step. */
  saveSampleRows(runId: string, rows: RunSamples['rows']): void;
  saveSamples(runId: string, evaluation: RunSamples['evaluations'][number]): void;
  samples(runId: string): RunSamples;
  /** The best checkpoint also sets the run's bestStep and bestValidation. */
  saveCheckpoint(
    runId: string,
    checkpoint: { which: 'last' | 'best'; step: number; folder: string; validation: number | null },
  ): void;
  checkpoint(runId: string, which: 'last' | 'best'): RunCheckpoint | null;
  remove(runId: string): void;
}

/** Pretrained students of the workspace, by name. */
export interface StudentRows {
  list(): Student[];
  get(studentId: string): Student;
  /** A folder that is on the list already gets the new report, and keeps its id. */
  save(student: { name: string; folder: string; report: StudentReport }): Student;
  remove(studentId: string): void;
}

/** One run that a study asks for. */
export interface StudyRun {
  /** Place in the plan, from 0. */
  readonly number: number;
  readonly settings: RunSettings;
  /** Null before it is made or taken up, and after it was removed. */
  readonly runId: string | null;
}

/** Studies of a project, oldest first. */
export interface StudyRows {
  list(projectId: string): Study[];
  get(studyId: string): Study;
  /** Saves plan and asked-for runs in one transaction; without a name, the kind and a free number. */
  create(input: {
    projectId: string;
    splitId: string;
    extractionId: string | null;
    name: string | null;
    plan: StudyPlan;
    runs: readonly RunSettings[];
  }): Study;
  setJob(studyId: string, jobId: string): void;
  setCurrentRun(studyId: string, runId: string | null): void;
  runs(studyId: string): StudyRun[];
  assign(studyId: string, number: number, runId: string): void;
  /** Studies that a run belongs to. */
  ofRun(runId: string): Study[];
  remove(studyId: string): void;
}
