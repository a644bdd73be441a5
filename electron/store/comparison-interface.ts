import type {
  Cascade,
  CostSettings,
  JudgeChoice,
  Part,
  PredictedFile,
  ReportRecord,
  Speed,
  SystemKey,
} from '../contract/entities.ts';
import type { FullExample } from './data-interface.ts';

export interface NewPrediction {
  exampleId: number;
  label: string;
  rationale: string | null;
  correct: boolean | null;
  /** Probability of the label, end included; null of predictions that earlier versions saved. */
  confidence: number | null;
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
  /** Predictions that have a confidence. */
  withConfidence: number;
  correct: number;
  withGold: number;
}

/** How fast a student answered: all timings, from which percentiles are worked out. */
export interface SavedSpeed {
  readonly timings: readonly number[];
  readonly throughput: number | null;
  readonly memoryBytes: number | null;
  readonly engine: NonNullable<Speed['engine']>;
  readonly threads: number;
  readonly device: string | null;
  readonly busy: boolean;
  readonly measuredAt: string;
}

export interface EvaluationRows {
  /** The evaluation of a run on a part at its best checkpoint, made new if there is none. */
  open(input: { runId: string; splitId: string; part: Part; checkpointStep: number }): Evaluation;
  get(evaluationId: string): Evaluation;
  /** The complete evaluation (every row predicted) of each run of the split, at its best checkpoint. */
  complete(splitId: string, part: Part): Evaluation[];
  countInProject(projectId: string): number;
  /** Examples of the part without a saved prediction, or without its confidence, in import order. */
  pending(evaluationId: string): FullExample[];
  savePredictions(evaluationId: string, rows: readonly NewPrediction[]): void;
  predictions(evaluationId: string): NewPrediction[];
  /** Of the run's checkpoint of that step; null where it was not measured. */
  speed(runId: string, checkpointStep: number): SavedSpeed | null;
  /** Keeps the newest. */
  saveSpeed(runId: string, checkpointStep: number, speed: Omit<SavedSpeed, 'measuredAt'>): void;
}

/** What one system said of a row, as it is saved. */
export interface SavedAnswer {
  readonly exampleId: number;
  /** Null: asked, and no label. */
  readonly label: string | null;
  readonly correct: boolean | null;
  readonly confidence: number | null;
}

/** A row of a part with what a comparison needs of it, without its texts. */
export interface ComparedRow {
  readonly exampleId: number;
  readonly gold: string | null;
  readonly choices: readonly string[] | null;
  /** Characters of the input. */
  readonly inputLength: number;
  readonly datasetId: string;
  readonly noted: boolean;
}

/** Where the answers of a system are saved. */
export interface AnswerSource {
  readonly kind: 'extraction' | 'evaluation';
  readonly id: string;
}

/** A saved answer, whole. */
export interface WrittenAnswer {
  readonly label: string | null;
  readonly rationale: string | null;
  readonly correct: boolean | null;
  readonly confidence: number | null;
  /** Null where it was not timed. */
  readonly milliseconds: number | null;
}

/** A saved answer that has a rationale. */
export interface ExplainedAnswer {
  readonly exampleId: number;
  readonly label: string | null;
  readonly rationale: string;
}

/** A row as a line of a table shows it; the input is cut. */
export interface ComparedLine {
  readonly exampleId: number;
  readonly externalId: string;
  readonly input: string;
  readonly gold: string | null;
}

/** Rows and answers, read whole for comparing. */
export interface AnswerRows {
  /** Rows of the part in import order. */
  rows(splitId: string, part: Part): ComparedRow[];
  /** The answers that stand for these rows, by example; rows that were not asked are absent. */
  ofTeacher(extractionId: string, splitId: string, part: Part): IterableIterator<SavedAnswer>;
  ofEvaluation(evaluationId: string): IterableIterator<SavedAnswer>;
  /** Extractions with an answer to a row of the part, newest first, and how many rows were asked. */
  extractions(splitId: string, part: Part): { extractionId: string; answered: number }[];
  /** The evaluation of a run on the part, at its best checkpoint, if every row is predicted; else null. */
  evaluationOf(runId: string, splitId: string, part: Part): string | null;
  /** Changes whenever one of these systems' answers may have: what was read then is out of date. */
  stamp(splitId: string, part: Part, systems: readonly SystemKey[]): string;
  /** Changes whenever flags of an extraction's answers do. @throws StudioError not-found */
  flagStamp(extractionId: string): string;
  /** These rows, in their order. */
  lines(exampleIds: readonly number[]): ComparedLine[];
  /** The labels that a system wrote on these rows, as it wrote them; rows without one are absent. */
  labels(source: AnswerSource, exampleIds: readonly number[]): ReadonlyMap<number, string>;
  /** How many rows of the part a system gave a rationale for; of a teacher, with a label beside it. */
  explained(source: AnswerSource, splitId: string, part: Part): number;
  /** The same answers, of these rows alone, in their order; an empty label is null. */
  rationales(source: AnswerSource, exampleIds: readonly number[]): ExplainedAnswer[];
  /** Null where it was not asked. */
  answer(source: AnswerSource, exampleId: number): WrittenAnswer | null;
  /** Rows of the part with a note, in import order. */
  noted(splitId: string, part: Part): number[];
  note(exampleId: number): string;
  /** Empty takes it away. @throws StudioError not-found for a row that is not the project's */
  saveNote(projectId: string, exampleId: number, note: string): void;
}

/** What the conditions of slices are about, beside what {@link AnswerRows} reads. */
export interface SliceRows {
  /** Inputs and kept columns of the part, in import order, lazily. */
  texts(
    splitId: string,
    part: Part,
  ): IterableIterator<{ input: string; meta: Readonly<Record<string, string>> | null }>;
  /** Whether a row's standing answer has a flag, by example, in import order; rows that were not checked are absent. */
  flagged(
    extractionId: string,
    splitId: string,
    part: Part,
  ): IterableIterator<{ exampleId: number; flagged: boolean }>;
}

/** Two systems on one part; `a` is the smaller key. */
export interface JudgedPair {
  readonly splitId: string;
  readonly part: Part;
  readonly a: SystemKey;
  readonly b: SystemKey;
}
export interface Judgement {
  readonly exampleId: number;
  readonly choice: 'a' | 'b' | Exclude<JudgeChoice, 'left' | 'right'>;
}

export interface JudgementRows {
  /** Oldest first. */
  list(pair: JudgedPair): Judgement[];
  /** A row that was judged before gets the new choice, and is the newest. */
  save(projectId: string, pair: JudgedPair, judgement: Judgement): void;
  /** Takes the newest back and answers its row; null where there is none. */
  undo(pair: JudgedPair): number | null;
  /** Pairs with a judgement, newest first. */
  pairs(projectId: string): JudgedPair[];
  /** Rationales of the rows of the part that have one, in import order. */
  rationales(
    source: AnswerSource,
    splitId: string,
    part: Part,
  ): { exampleId: number; rationale: string }[];
  /** Writes down that a pair's result was looked at; later looks change nothing. */
  reveal(projectId: string, pair: JudgedPair, judged: number): void;
  /** Judgements there were when it was looked at first; null before. */
  revealedAfter(pair: JudgedPair): number | null;
}

export interface CostRows {
  /** What a person saved; null before. */
  settings(projectId: string): CostSettings | null;
  saveSettings(projectId: string, settings: CostSettings): CostSettings;
  /** Newest first. */
  cascades(projectId: string): Cascade[];
  /** @throws StudioError not-found */
  cascade(cascadeId: string): Cascade;
  /** The newest of a run; null without. */
  cascadeOf(runId: string): Cascade | null;
  saveCascade(cascade: Omit<Cascade, 'id' | 'createdAt'>): Cascade;
  removeCascade(cascadeId: string): void;
}

/** Files that comparing wrote, the newest first. */
export interface ResultFileRows {
  predicted(projectId: string): PredictedFile[];
  /** @throws StudioError not-found */
  predictedFile(id: string): PredictedFile;
  /** `id` is the id of the job that wrote it: each writes one. */
  savePredicted(file: Omit<PredictedFile, 'createdAt'>): PredictedFile;
  reports(projectId: string): ReportRecord[];
  /** @throws StudioError not-found */
  report(id: string): ReportRecord;
  saveReport(report: Omit<ReportRecord, 'createdAt'>): ReportRecord;
}
