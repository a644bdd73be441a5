import type { CallArguments } from '../../contract/calls.ts';
import type { Extraction, PromptTemplate, Teacher } from '../../contract/entities.ts';
import { resumableStates } from '../../contract/jobs.ts';
import { settingsHash } from '../../core/hash.ts';
import {
  ensureRecordedExtraction,
  extractJob,
  parseExtraction,
  suggestTemplate,
} from '../../stages/extract/index.ts';
import type { Store } from '../../store/store.ts';
import { StudioError } from '../../contract/errors.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'extractions.list'
  | 'extractions.start'
  | 'extractions.parse'
  | 'extractions.summary'
  | 'rationales.page';

/** Recorded with a new extraction; requests are sent in import order, so nothing is drawn from it. */
const extractionSeed = 1;

/** Extractions: the teacher over the examples, and what was parsed from its completions. */
export function extractHandlers({ store, jobs, keys, saved }: HandlerDeps): HandlersOf<Names> {
  return {
    'extractions.list': ({ projectId }) =>
      store.extractions
        .list(store.projects.get(projectId).id)
        .map((extraction) => ({ ...extraction, teacher: keys.describe(extraction.teacher) })),
    'extractions.start': (input) => {
      const extraction = openExtraction(store, input);
      saved(input.projectId, 'rationales');
      const stopped = jobs
        .list(input.projectId)
        .findLast((job) => job.subjectId === extraction.id && resumableStates.includes(job.state));
      if (stopped) return jobs.resume(stopped.id);
      return jobs.start(extractJob, {
        projectId: input.projectId,
        subjectId: extraction.id,
        title: `Extract rationales with ${extraction.teacher.name}`,
        input: { extractionId: extraction.id },
      });
    },
    'extractions.parse': ({ extractionId }) => {
      const { projectId } = store.extractions.get(extractionId);
      const busy = jobs.active(projectId).find((job) => job.subjectId === extractionId);
      if (busy) {
        throw new StudioError(
          'job-conflict',
          `“${busy.title}” is still ${busy.state}: it parses what it saves.`,
          'Wait until it ends, or pause it first.',
        );
      }
      const summary = parseExtraction(store, extractionId);
      saved(projectId, 'rationales');
      return summary;
    },
    'extractions.summary': ({ extractionId, datasetId }) =>
      store.extractions.summary(store.extractions.get(extractionId).id, datasetId),
    'rationales.page': ({ extractionId, filter, offset, limit }) =>
      store.extractions.page(store.extractions.get(extractionId).id, filter, { offset, limit }),
  };
}

/**
 * The extraction to run. One whose teacher, template, temperature and length are the same is
 * continued, with the new pace and limit: a row that was answered is never asked, or paid for, again.
 */
function openExtraction(store: Store, input: CallArguments<'extractions.start'>): Extraction {
  const { projectId, settings } = input;
  const teacher = store.teachers.get(input.teacherId);
  requireSameProject(teacher, projectId, 'This teacher');
  if (teacher.kind === 'recorded') return ensureRecordedExtraction(store, projectId);

  const template = chooseTemplate(store, projectId, input.templateId);
  const same = store.extractions
    .list(projectId)
    .findLast(
      (extraction) =>
        extraction.teacher.id === teacher.id &&
        extraction.templateId === template.id &&
        extraction.settings.temperature === settings.temperature &&
        extraction.settings.maxTokens === settings.maxTokens,
    );
  if (same) return store.extractions.repace(same.id, settings);
  refuseWithoutRows(store, projectId, teacher);
  return store.extractions.create({
    projectId,
    teacherId: teacher.id,
    templateId: template.id,
    settings,
    seed: extractionSeed,
  });
}

/** The template asked for; with none, the built-in one, saved the first time it is used. */
function chooseTemplate(
  store: Store,
  projectId: string,
  templateId: string | null,
): PromptTemplate {
  if (templateId !== null) {
    const template = store.teachers.template(templateId);
    requireSameProject(template, projectId, 'This prompt template');
    return template;
  }
  const suggested = suggestTemplate(store.projects.get(projectId));
  const same = settingsHash(suggested);
  const saved = store.teachers
    .templates(projectId)
    .find(({ id: _id, version: _version, createdAt: _at, ...text }) => settingsHash(text) === same);
  return saved ?? store.teachers.saveTemplate(suggested);
}

function refuseWithoutRows(store: Store, projectId: string, teacher: Teacher): void {
  if (store.data.count(projectId).examples > 0) return;
  throw new StudioError(
    'rows-missing',
    `There are no examples for ${teacher.name} to answer.`,
    'Import a file first.',
  );
}
