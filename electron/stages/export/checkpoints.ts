import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointChoice, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { stepFolder } from '../../model/checkpoint.ts';
import type { Store } from '../../store/store.ts';
import type { WorkspaceFolders } from '../job.ts';

/** A student of a run, as it was at one step. */
export interface ChosenCheckpoint {
  readonly choice: CheckpointChoice;
  readonly step: number;
  readonly folder: string;
  /** Validation accuracy at that step; null where it was not measured. */
  readonly validation: number | null;
}

interface Places {
  readonly store: Store;
  readonly folders: Pick<WorkspaceFolders, 'run'>;
}

/** What of a run can be exported: the best first, then the newest, then those that were kept, latest first. */
export async function checkpointsOf(
  { store, folders }: Places,
  run: Run,
): Promise<ChosenCheckpoint[]> {
  const measured = new Map(
    store.runs
      .evaluated(run.id)
      .map(({ step, validation }) => [step, validation && validation.correct / validation.rows]),
  );
  const validationAt = (step: number): number | null => measured.get(step) ?? null;
  const best = store.runs.checkpoint(run.id, 'best');
  const last = store.runs.checkpoint(run.id, 'last');
  const kept = await keptSteps(folders.run(run.id));
  return [
    ...(best
      ? [
          {
            ...{ ...best, choice: { which: 'best' as const } },
            validation: run.bestValidation ?? validationAt(best.step),
          },
        ]
      : []),
    ...(last
      ? [{ ...last, choice: { which: 'last' as const }, validation: validationAt(last.step) }]
      : []),
    ...kept.map((step) => ({
      ...{ step, choice: { which: 'step' as const, step }, validation: validationAt(step) },
      folder: join(folders.run(run.id), stepFolder(step)),
    })),
  ];
}

/** @throws StudioError not-found when the run has no such checkpoint */
export async function checkpointOf(
  places: Places,
  run: Run,
  choice: CheckpointChoice,
): Promise<ChosenCheckpoint> {
  const all = await checkpointsOf(places, run);
  const found = all.find(
    (each) =>
      each.choice.which === choice.which && (choice.which !== 'step' || each.step === choice.step),
  );
  if (found) return found;
  if (choice.which === 'step') {
    throw new StudioError(
      'not-found',
      `“${run.name}” has kept no student of step ${choice.step}.`,
      'Choose another checkpoint of this run.',
    );
  }
  throw new StudioError(
    'not-found',
    `“${run.name}” has no checkpoint to export.`,
    'Let it train until its first validation, then export.',
  );
}

/** Steps whose students were kept, latest first. */
async function keptSteps(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const step = Number(/^step-(\d+)$/.exec(name)?.[1]);
      return Number.isSafeInteger(step) && stepFolder(step) === name ? [step] : [];
    })
    .sort((a, b) => b - a);
}
