import type { Run, RunSettings, TrainingRows } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { TrainRow } from '../../contract/worker.ts';
import { usesRationales } from '../../core/methods.ts';
import type { Store } from '../../store/store.ts';
import { chooseRows, takeShare, tokenizerTexts } from './policy.ts';
import { labelSourceOf, needsTeacher } from './prepare.ts';
import type { ParsedAnswer } from './prepare.ts';

/** Which rows of which split, seen with whose answers, and how they are learned. */
export interface TrainingRequest {
  readonly splitId: string;
  /** Null: of those that the method needs, the newest that there are. */
  readonly extractionId: string | null;
  readonly settings: RunSettings;
}

/**
 * The rows that a run with these settings learns, and their counts.
 * @throws StudioError not-found
 */
export function trainingRows(
  store: Store,
  request: TrainingRequest,
): { rows: TrainRow[]; counts: TrainingRows } {
  const { projectId } = store.splits.get(request.splitId);
  const { candidates, settings } = candidatesOf(store, request);
  const { trainShare, seed } = settings;
  const { task } = store.projects.get(projectId);
  return chooseRows(takeShare(candidates, trainShare, seed), settings, task);
}

/**
 * What the tokenizer of a student from scratch is learned from: with `shared`, every row of the
 * training part with the answers of this very extraction, whatever share and method; null where a
 * run learns it from its own texts, or brings a tokenizer with its student.
 * @throws StudioError not-found
 */
export function sharedTexts(store: Store, request: TrainingRequest): string[] | null {
  const { splitId, extractionId, settings } = request;
  if (!sharesTokenizer(settings)) return null;
  return tokenizerTexts(store.reviews.training(splitId, 'train', extractionId), settings);
}

/** Whether a run's tokenizer is learned from all rows and answers, and not from its own texts. */
export const sharesTokenizer = ({
  preset,
  tokenizer,
}: Pick<RunSettings, 'preset' | 'tokenizer'>): boolean =>
  preset !== 'folder' && tokenizer === 'shared';

/**
 * The extraction that a request is about: the one it names, else the newest that there is. A method
 * that learns from no answers is set up with it too, so that all that are compared have the same
 * tokenizer, and are validated alike where rows have no gold label.
 */
export const answersIdOf = (
  store: Store,
  { splitId, extractionId }: Pick<TrainingRequest, 'splitId' | 'extractionId'>,
): string | null => extractionId ?? newestExtraction(store, store.splits.get(splitId).projectId);

function candidatesOf(store: Store, request: TrainingRequest) {
  const { projectId, id } = store.splits.get(request.splitId);
  const { extractionId, settings } = resolved(store, projectId, request);
  return { candidates: store.reviews.training(id, 'train', extractionId), settings };
}

/**
 * Saves a run, ready to train. Counts its rows first, so that a run which could learn nothing is
 * refused here and not minutes later.
 * @throws StudioError not-found, invalid-input, rows-missing
 */
export function createRun(
  store: Store,
  input: TrainingRequest & {
    readonly projectId: string;
    readonly name: string | null;
    /** The run whose settings these were made from. */
    readonly parentId?: string | null;
    /** The study that asks for it. */
    readonly studyId?: string | null;
  },
): Run {
  const split = store.splits.get(input.splitId);
  if (split.projectId !== input.projectId) {
    throw new StudioError(
      'invalid-input',
      'This split belongs to another project.',
      'Choose a split of this project.',
    );
  }
  const { extractionId, settings } = resolved(store, split.projectId, input);
  const { counts } = trainingRows(store, { splitId: split.id, extractionId, settings });
  refuseEmpty(settings, counts);
  return store.runs.create({
    ...input,
    extractionId,
    answersId: answersIdOf(store, input),
    settings,
    parentId: input.parentId ?? null,
    studyId: input.studyId ?? null,
    trainRows: counts.labels,
    rationaleRows: counts.explained,
  });
}

/** The answers and the label that the method learns from, where the request leaves them open. */
export function resolved(
  store: Store,
  projectId: string,
  request: TrainingRequest,
): Pick<TrainingRequest, 'extractionId' | 'settings'> {
  const settings = {
    ...request.settings,
    labelSource: labelSourceOf(request.settings.method, request.settings.labelSource),
  };
  const extractionId = needsTeacher(settings)
    ? (request.extractionId ?? newestExtraction(store, projectId))
    : null;
  return { extractionId, settings };
}

/** The newest extraction of a project that has answers; null where there is none. */
export function newestExtraction(store: Store, projectId: string): string | null {
  return store.extractions.list(projectId).findLast((row) => row.completed > 0)?.id ?? null;
}

/** Answers by example, as parsed; none without an extraction. */
export const answersOf = (store: Store, extractionId: string | null): Map<number, ParsedAnswer> =>
  extractionId === null ? new Map() : store.extractions.parsed(extractionId);

export const newestAnswers = (store: Store, projectId: string): Map<number, ParsedAnswer> =>
  answersOf(store, newestExtraction(store, projectId));

/** @throws StudioError rows-missing where these settings leave nothing to learn */
export function refuseEmpty(
  settings: RunSettings,
  { labels, explained, dropped }: TrainingRows,
): void {
  if (usesRationales(settings.method) && labels + dropped > 0 && explained === 0) {
    throw new StudioError(
      'rows-missing',
      `No training row has a rationale to learn, and ${settings.method} learns from rationales.`,
      settings.rationales === 'parsed'
        ? 'Run an extraction first, or choose fine-tuning.'
        : 'Choose another rule for which rationales are learned, or review and check them first.',
    );
  }
  if (labels > 0) return;
  throw settings.labelSource === 'gold'
    ? new StudioError(
        'rows-missing',
        'No training row has a gold label.',
        'Map a label column when importing, or train on teacher labels (distill).',
      )
    : new StudioError(
        'rows-missing',
        'No training row has a teacher label.',
        'Run an extraction first, and check under Rationales that its completions were parsed.',
      );
}
