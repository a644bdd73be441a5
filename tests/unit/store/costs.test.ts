import { describe, expect, it } from 'vitest';
import { Cascade, costSettingsDefaults } from '../../../electron/contract/entities.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import {
  exampleIds,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newRun,
  newSplit,
  newTeacher,
  opened,
  refusal,
  rows,
} from './workspace.ts';

const point = {
  ...{ threshold: 0.62, rows: 80, coverage: 0.75 },
  ...{ student: wilson(57, 60), together: wilson(74, 80), perThousand: null, cheaper: null },
};

function prepared(path = newPath()) {
  const store = opened(path);
  const project = newProject(store);
  newDataset(store, project, rows(1));
  const [id = 0] = exampleIds(store, project);
  const split = newSplit(store, project, [[id, 'test']]);
  const extraction = newExtraction(store, project, newTeacher(store, project));
  const run = newRun(store, split);
  const content = {
    ...{ projectId: project.id, runId: run.id, extractionId: extraction.id, splitId: split.id },
    target: { kind: 'student' as const, accuracy: 0.94 },
    ...{ threshold: 0.62, validation: point, test: point, testTeacher: wilson(70, 80) },
  };
  return { store, project, split, extraction, run, content };
}

describe('what a person says things cost', () => {
  it('is nothing before, and what was said last after that, over a restart', () => {
    const path = newPath();
    const { store, project, extraction } = prepared(path);
    expect(store.costs.settings(project.id)).toBeNull();
    store.costs.saveSettings(project.id, costSettingsDefaults);
    const said = {
      ...{ machineHour: null, volume: 5_000 },
      teacherPerThousand: { [extraction.id]: 2.5 },
    };
    expect(store.costs.saveSettings(project.id, said)).toEqual(said);
    expect(opened(path).costs.settings(project.id)).toEqual(said);
  });

  it('belongs to a project that is there', () => {
    const { store } = prepared();
    const save = () => store.costs.saveSettings('nothing', costSettingsDefaults);
    expect(refusal(save).code).toBe('not-found');
  });
});

describe('cascades', () => {
  it('come back as they were, newest first, and the newest is the run’s', () => {
    const { store, project, run, split, content } = prepared();
    const first = store.costs.saveCascade(content);
    expect(Cascade.parse(first)).toMatchObject(content);
    const second = store.costs.saveCascade({
      ...{ ...content, threshold: 0.7 },
      target: { kind: 'together', loss: 0.01 },
    });
    expect(store.costs.cascades(project.id)).toEqual([second, first]);
    expect(store.costs.cascadeOf(run.id)).toEqual(second);
    expect(store.costs.cascadeOf(newRun(store, split).id)).toBeNull();
    store.costs.removeCascade(second.id);
    expect(store.costs.cascadeOf(run.id)).toEqual(first);
    expect(store.costs.cascade(first.id)).toEqual(first);
    expect(refusal(() => store.costs.removeCascade(second.id)).code).toBe('not-found');
  });

  it('are of one project and of the run’s own split', () => {
    const { store, project, content } = prepared();
    const [id = 0] = exampleIds(store, project);
    const other = newSplit(store, project, [[id, 'train']]);
    const wrong = [
      { ...content, splitId: other.id },
      { ...content, runId: 'nothing' },
      { ...content, extractionId: 'nothing' },
      { ...content, projectId: 'nothing' },
    ];
    for (const each of wrong) {
      expect(refusal(() => store.costs.saveCascade(each)).code).toBe('not-found');
    }
    expect(store.costs.cascades(project.id)).toEqual([]);
  });

  it('go with their run', () => {
    const { store, project, run, content } = prepared();
    store.costs.saveCascade(content);
    store.runs.remove(run.id);
    expect(store.costs.cascades(project.id)).toEqual([]);
  });
});
