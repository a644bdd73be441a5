import type {
  Comparing,
  Run,
  RunSettings,
  Split,
  SystemKey,
} from '../../../electron/contract/entities.ts';
import { systemKey } from '../../../electron/contract/entities.ts';
import type { Store } from '../../../electron/store/store.ts';
import { newRun, runSettings } from '../store/workspace.ts';

/** What a student said of a row; `right` where it is told. */
export interface Said {
  readonly exampleId: number;
  readonly label: string;
  readonly right: boolean;
  readonly rationale?: string;
  readonly confidence?: number;
}

/** A run whose answers to the test part are saved. */
export function answeredRun(
  store: Store,
  split: Split,
  settings: Partial<RunSettings>,
  said: readonly Said[],
  name: string | null = null,
): Run {
  const run = newRun(store, split, { settings: { ...runSettings, ...settings }, name });
  const { id } = store.evaluations.open({
    ...{ runId: run.id, splitId: split.id, part: 'test', checkpointStep: 1 },
  });
  store.evaluations.savePredictions(
    id,
    said.map(({ exampleId, label, right, rationale, confidence }) => ({
      ...{ exampleId, label, rationale: rationale ?? null, correct: right },
      ...{ confidence: confidence ?? null, milliseconds: 1 },
    })),
  );
  return run;
}

export const comparing = (split: Split, systems: readonly SystemKey[]): Comparing => ({
  ...{ projectId: split.projectId, splitId: split.id, part: 'test', systems: [...systems] },
});

export const keysOf = (runs: readonly Run[]): SystemKey[] =>
  runs.map(({ id }) => systemKey.run(id));
