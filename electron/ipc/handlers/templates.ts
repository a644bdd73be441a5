import { drawFromRows, exemplarOf, previewPrompt, suggestFor } from '../../stages/extract/index.ts';
import type { Store } from '../../store/store.ts';
import { packs, packTemplate } from '../../teacher/packs/index.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'templates.list'
  | 'templates.suggest'
  | 'templates.packs'
  | 'templates.fromPack'
  | 'templates.save'
  | 'templates.preview'
  | 'templates.exemplarOf'
  | 'templates.drawExemplars';

/** Prompt templates: built-in ones, packs of exemplars, saved versions, and how a row would be asked. */
export function templateHandlers({ store, saved }: HandlerDeps): HandlersOf<Names> {
  return {
    'templates.list': ({ projectId }) => store.teachers.templates(store.projects.get(projectId).id),
    'templates.suggest': ({ projectId }) => suggestFor(store, store.projects.get(projectId).id),
    'templates.packs': ({ projectId }) => {
      const { task } = store.projects.get(projectId);
      return packs.filter((pack) => pack.task === task);
    },
    'templates.fromPack': ({ projectId, packId }) =>
      packTemplate(packId, store.projects.get(projectId)),
    'templates.save': (template) => {
      store.projects.get(template.projectId);
      const kept = store.teachers.saveTemplate(template);
      saved(kept.projectId, 'teacher');
      return kept;
    },
    'templates.preview': ({ template, exampleId, teacherId, maxTokens }) => {
      const project = store.projects.get(template.projectId);
      requireExample(store, exampleId, project.id);
      const teacher = teacherId === null ? null : store.teachers.get(teacherId);
      if (teacher !== null) requireSameProject(teacher, project.id, 'This teacher');
      return previewPrompt(store, { template, exampleId, teacher, maxTokens });
    },
    'templates.exemplarOf': ({ projectId, exampleId }) => {
      requireExample(store, exampleId, store.projects.get(projectId).id);
      return exemplarOf(store, projectId, exampleId);
    },
    'templates.drawExemplars': ({ projectId, how, count, seed }) =>
      drawFromRows(store, { projectId: store.projects.get(projectId).id, how, count, seed }),
  };
}

/** @throws StudioError not-found for an example of another project */
function requireExample(store: Store, exampleId: number, projectId: string): void {
  const { datasetId } = store.data.example(exampleId);
  requireSameProject(store.data.get(datasetId), projectId, 'This example');
}
