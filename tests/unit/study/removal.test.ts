import { expect, it } from 'vitest';
import type { Study } from '../../../electron/contract/entities.ts';
import { bakeOff } from './settings.ts';
import type { Ground } from './support.ts';
import { Laboratory, newStudy, prepared } from './support.ts';

/** A study whose runs have all been trained and decoded. */
async function studied(): Promise<Ground & { study: Study }> {
  const ground = prepared();
  const study = newStudy(ground, bakeOff());
  await new Laboratory(ground).run(study);
  return { ...ground, study };
}

it('a study that is removed leaves its runs, which belong to nobody then', async () => {
  const { store, projectId, splitId, study } = await studied();
  store.studies.remove(study.id);
  const runs = store.runs.list(projectId);
  expect(runs.map(({ studyId, ended }) => [studyId, ended?.reason])).toEqual(
    runs.map(() => [null, 'steps-done']),
  );
  expect(runs).toHaveLength(4);
  expect(store.evaluations.complete(splitId, 'test')).toHaveLength(4);
});

it('runs that are removed leave their place in the plan empty', async () => {
  const { store, projectId, study } = await studied();
  store.studies.setCurrentRun(study.id, store.runs.list(projectId)[0]?.id ?? null);
  for (const { id } of store.runs.list(projectId)) store.runs.remove(id);
  expect(store.studies.runs(study.id).map(({ runId }) => runId)).toEqual([null, null, null, null]);
  expect(store.studies.get(study.id)).toMatchObject({ currentRunId: null, runs: { ended: 0 } });
});

it('a project is removed with its studies and runs, whatever refers to what', async () => {
  const { store, projectId, study } = await studied();
  store.projects.remove(projectId);
  expect(() => store.studies.get(study.id)).toThrow(expect.objectContaining({ code: 'not-found' }));
  expect(store.jobs.list(null)).toEqual([]);
});
