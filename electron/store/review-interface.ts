import type {
  HealthFinding,
  HealthFlag,
  HealthSummary,
  Part,
  Review,
  ReviewAction,
  ReviewAgreement,
  ReviewChange,
  ReviewProgress,
  ReviewRow,
  RowQuery,
  SavedView,
} from '../contract/entities.ts';
import type { FullExample } from './data-interface.ts';
import type { Page, Window } from './page.ts';

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
