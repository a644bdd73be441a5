import { z } from 'zod';
import { runSettingsDefaults } from '../../contract/entities.ts';
import type { Method, Run, RunSettings, TrainingRows } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { TrainBatch, TrainRow } from '../../contract/worker.ts';
import { presetDefaults } from '../../model/presets.ts';
import type { Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { chooseRows } from './policy.ts';
import { labelSourceOf, needsTeacher, prepareValidationRows, suggestLengths } from './prepare.ts';
import type { ParsedAnswer } from './prepare.ts';
import { readRows, writeRows } from './rows-file.ts';

const TrainInput = z.strictObject({ runId: z.string() });
type TrainInput = z.infer<typeof TrainInput>;

/**
 * Settings that suit the project's rows: the preset's recipe, lengths from the data, the label
 * source the method asks for (gold for step-by-step where the rows have gold).
 */
export function suggestRunSettings(
  store: Store,
  input: { projectId: string; splitId: string; method: Method },
): RunSettings {
  const project = store.projects.get(input.projectId);
  const counts = store.data.count(input.projectId);
  const examples = store.splits.members(input.splitId, 'train');
  const answers = newestAnswers(store, input.projectId);
  return {
    ...runSettingsDefaults,
    method: input.method,
    labelSource: labelSourceOf(input.method, counts.withGold > 0 ? 'gold' : 'teacher'),
    rationales: 'parsed',
    lambda: 1,
    preset: 'micro',
    labelPrefix: 'predict: ',
    rationalePrefix: 'explain: ',
    ...presetDefaults.micro,
    ...suggestLengths(
      examples.map((example) => ({
        input: example.input + (example.choices ?? []).join(' a b '),
        label: example.gold ?? answers.get(example.id)?.label ?? null,
        rationale: answers.get(example.id)?.rationale ?? null,
      })),
      project,
    ),
    seed: 1,
  };
}

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
  const { projectId, id } = store.splits.get(request.splitId);
  const { extractionId, settings } = resolved(store, projectId, request);
  return chooseRows(
    store.reviews.training(id, 'train', extractionId),
    settings,
    store.projects.get(projectId).task,
  );
}

/**
 * Saves a run, ready to train. Counts its rows first, so that a run which could learn nothing is
 * refused here and not minutes later.
 * @throws StudioError not-found, invalid-input, rows-missing
 */
export function createRun(
  store: Store,
  input: TrainingRequest & { readonly projectId: string; readonly name: string | null },
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
    settings,
    trainRows: counts.labels,
    rationaleRows: counts.explained,
  });
}

/** The answers and the label that the method learns from, where the request leaves them open. */
function resolved(
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

/** Trains one run in the numeric child process; started again, it goes on from the last checkpoint. */
export const trainJob: JobDefinition<TrainInput> = {
  kind: 'train',
  input: TrainInput,
  unit: 'steps',
  lane: 'numeric',
  async run(context, { runId }) {
    const { store } = context;
    const run = store.runs.get(runId);
    const project = store.projects.get(run.projectId);
    const answers = answersOf(store, run.extractionId ?? newestExtraction(store, project.id));
    let first = true;
    // What an earlier attempt has done is no speed of this one, and a bar does not go back.
    const done = store.runs.checkpoint(runId, 'last')?.step ?? 0;
    context.progress({ done, total: run.settings.steps, phase: 'preparing' });
    await context.runWorker(
      {
        kind: 'train',
        folder: context.folders.run(runId),
        task: project.task,
        labels: project.labels,
        settings: run.settings,
        train: await rowsOfRun(context, run),
        validation: prepareValidationRows(store.splits.members(run.splitId, 'validation'), answers),
        resume: true,
      },
      (batch) => {
        if (batch.kind !== 'train') return;
        commit(context, run, batch, first);
        first = false;
      },
    );
  },
};

/**
 * The rows that a run trains on: chosen when it starts for the first time, and kept with it, since
 * what people say of rows may change while it is paused. The run then says how many they are.
 */
async function rowsOfRun({ store, folders, saved }: JobContext, run: Run): Promise<TrainRow[]> {
  const folder = folders.run(run.id);
  const kept = await readRows(folder);
  if (kept !== null) return kept;
  const { rows, counts } = trainingRows(store, run);
  // A run of an earlier version has begun without keeping its rows: its checkpoint knows them.
  if (store.runs.checkpoint(run.id, 'last') === null) {
    refuseEmpty(run.settings, counts);
    await writeRows(folder, rows);
    store.runs.setRows(run.id, { trainRows: counts.labels, rationaleRows: counts.explained });
    saved('runs');
  }
  return rows;
}

/** Saves one batch of the trainer in one transaction. The first tells where a resumed run goes on. */
function commit(context: JobContext, run: Run, batch: TrainBatch, first: boolean): void {
  const { runs } = context.store;
  context.store.transaction(() => {
    if (first) runs.dropMetricsAfter(run.id, batch.step);
    if (batch.model) runs.setModel(run.id, batch.model);
    if (batch.metrics.length > 0) runs.saveMetrics(run.id, batch.metrics);
    if (batch.checkpoint) runs.saveCheckpoint(run.id, batch.checkpoint);
  });
  context.progress({ done: batch.step, total: run.settings.steps, phase: batch.phase });
  context.saved('runs');
}

function newestExtraction(store: Store, projectId: string): string | null {
  return store.extractions.list(projectId).findLast((row) => row.completed > 0)?.id ?? null;
}

const answersOf = (store: Store, extractionId: string | null): Map<number, ParsedAnswer> =>
  extractionId === null ? new Map() : store.extractions.parsed(extractionId);

const newestAnswers = (store: Store, projectId: string) =>
  answersOf(store, newestExtraction(store, projectId));

function refuseEmpty(settings: RunSettings, { labels, explained, dropped }: TrainingRows): void {
  if (settings.method === 'step-by-step' && labels + dropped > 0 && explained === 0) {
    throw new StudioError(
      'rows-missing',
      'No training row has a rationale to learn, and step-by-step learns from rationales.',
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
