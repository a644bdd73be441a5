import { describe, expect, it } from 'vitest';
import { summariseTask } from '../../../electron/stages/review/index.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newProject,
  newTeacher,
  opened,
  rows,
} from '../store/workspace.ts';

describe('flags counted in a thread', () => {
  it('are those that main counts', async () => {
    const store = opened();
    const project = newProject(store);
    newDataset(store, project, rows(5));
    const extractionId = newExtraction(store, project, newTeacher(store, project)).id;
    const ids = exampleIds(store, project);
    store.extractions.saveCompletions(
      extractionId,
      ids.map((id) => answered(id, '7', true)),
    );
    const findings = [{ flag: 'truncated' as const, evidence: '', at: null }];
    store.health.save(extractionId, [{ exampleId: ids[0] ?? 0, findings }]);
    const input = { database: store.path, extractionId };
    const counted = await summariseTask.run(input, () => Promise.resolve());
    expect(counted).toEqual(store.health.summary(extractionId));
    expect(counted).toMatchObject({ checked: 1, answered: 5, clean: 0 });
  });
});
