import { z } from 'zod';
import { runSettingsDefaults } from '../../contract/entities.ts';
import type { Method, Run, RunSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { TrainBatch } from '../../contract/worker.ts';
import { presetDefaults } from '../../model/presets.ts';
import type { FullExample, Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import {
  labelSourceOf,
  needsTeacher,
  prepareTrainRows,
  prepareValidationRows,
  suggestLengths,
} from './prepare.ts';
import type { ParsedAnswer } from './prepare.ts';

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

/**
 * Saves a run, ready to train. Counts its rows first, so that a run which could learn nothing is
 * refused here and not minutes later.
 * @throws StudioError not-found, invalid-input, rows-missing
 */
export function createRun(
  store: Store,
  input: {
    projectId: string;
    splitId: string;
    extractionId: string | null;
    name: string | null;
    settings: RunSettings;
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
  const settings = {
    ...input.settings,
    labelSource: labelSourceOf(input.settings.method, input.settings.labelSource),
  };
  const extractionId = needsTeacher(settings)
    ? (input.extractionId ?? newestExtraction(store, input.projectId))
    : null;
  const answers = answersOf(store, extractionId);
  const rows = prepareTrainRows(store.splits.members(split.id, 'train'), answers, settings);
  const rationaleRows = rows.filter((row) => row.rationale !== null).length;
  refuseEmpty(settings, rows.length, rationaleRows);
  return store.runs.create({
    ...input,
    extractionId,
    settings,
    trainRows: rows.length,
    rationaleRows,
  });
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
    const members = (part: 'train' | 'validation'): FullExample[] =>
      store.splits.members(run.splitId, part);
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
        train: prepareTrainRows(members('train'), answers, run.settings),
        validation: prepareValidationRows(members('validation'), answers),
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

function refuseEmpty(settings: RunSettings, rows: number, rationaleRows: number): void {
  if (rows === 0) {
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
  if (settings.method === 'step-by-step' && rationaleRows === 0) {
    throw new StudioError(
      'rows-missing',
      'No training row has a rationale, and step-by-step learns from rationales.',
      'Run an extraction first, or choose fine-tuning.',
    );
  }
}
