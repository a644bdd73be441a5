import type { CallArguments } from '../../contract/calls.ts';
import type { Extraction, ExtractionSettings, Teacher } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { resumableStates } from '../../contract/jobs.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import { settingsHash } from '../../core/hash.ts';
import {
  continuedBy,
  ensureRecordedExtraction,
  estimateExtraction,
  extractJob,
  missingPrice,
  suggestFor,
} from '../../stages/extract/index.ts';
import type { Store } from '../../store/store.ts';
import { pauseCheck } from '../checking.ts';
import { refuseWhileParsed, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';
import { presentPrice } from './prices.ts';

type Names =
  | 'extractions.list'
  | 'extractions.start'
  | 'extractions.continue'
  | 'extractions.estimate'
  | 'extractions.batches';

/** Recorded with a new extraction; rows are asked in a fixed order, so nothing is drawn from it. */
const extractionSeed = 1;

/** Extractions: the teacher over the examples, started, continued and reckoned beforehand. */
export function extractHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, keys } = deps;
  return {
    'extractions.list': ({ projectId }) =>
      store.extractions
        .list(store.projects.get(projectId).id)
        .map((extraction) => ({ ...extraction, teacher: keys.describe(extraction.teacher) })),
    'extractions.start': (input) => run(deps, openExtraction(deps, input)),
    'extractions.continue': ({ extractionId, settings }) => {
      const extraction = store.extractions.get(extractionId);
      if (extraction.teacher.kind === 'recorded') return run(deps, extraction);
      return run(deps, repaced(deps, extraction, settings));
    },
    'extractions.estimate': ({ projectId, teacherId, templateId, settings }) => {
      const teacher = store.teachers.get(teacherId);
      requireSameProject(teacher, projectId, 'This teacher');
      requireOwnPart(store, projectId, settings);
      return estimateExtraction(store, {
        projectId,
        teacher,
        templateId: savedTemplate(store, projectId, templateId),
        settings,
        price: presentPrice(store, teacher),
      });
    },
    'extractions.batches': ({ extractionId }) =>
      store.extractions.batches(store.extractions.get(extractionId).id),
  };
}

/** Queues the job of an extraction, or takes up the one that stopped half-way. */
async function run(deps: HandlerDeps, extraction: Extraction): Promise<JobRecord> {
  const { jobs, saved } = deps;
  const { id, projectId, teacher } = extraction;
  refuseWhileParsed(deps, id);
  await pauseCheck(jobs, id);
  saved(projectId, 'rationales');
  const stopped = jobs
    .list(projectId)
    .findLast(
      ({ kind, subjectId, state }) =>
        kind === 'extract' && subjectId === id && resumableStates.includes(state),
    );
  if (stopped) return jobs.resume(stopped.id);
  return jobs.start(extractJob, {
    projectId,
    subjectId: id,
    title: `Extract rationales with ${teacher.name}`,
    input: { extractionId: id },
  });
}

/**
 * The extraction to run. One whose teacher, template, temperature, length and seed are the same is
 * continued: a row that was answered is never asked, or paid for, again.
 */
function openExtraction(deps: HandlerDeps, input: CallArguments<'extractions.start'>): Extraction {
  const { store } = deps;
  const { projectId, settings } = input;
  const teacher = store.teachers.get(input.teacherId);
  requireSameProject(teacher, projectId, 'This teacher');
  if (teacher.kind === 'recorded') return ensureRecordedExtraction(store, projectId);

  const templateId = savedTemplate(store, projectId, input.templateId);
  const same = continuedBy(store, { projectId, teacherId: teacher.id, templateId, settings });
  if (templateId !== null && same !== null) return repaced(deps, same, settings);
  const price = presentPrice(store, teacher);
  refuseUnready(store, teacher, settings);
  requireOwnPart(store, projectId, settings);
  return store.extractions.create({
    projectId,
    teacherId: teacher.id,
    templateId: templateId ?? store.teachers.saveTemplate(suggestFor(store, projectId)).id,
    settings,
    price,
    seed: extractionSeed,
  });
}

/**
 * Gives an extraction the pace, limits and number of samples it is to go on with, and the price of
 * this day.
 * @throws StudioError job-conflict while it runs, invalid-input for settings that make another one
 */
function repaced(
  deps: HandlerDeps,
  extraction: Extraction,
  settings: ExtractionSettings,
): Extraction {
  const { store, jobs } = deps;
  const { id, projectId, teacher } = extraction;
  requireOwnPart(store, projectId, settings);
  refuseWhileParsed(deps, id);
  const busy = jobs
    .active(projectId)
    .find(({ kind, subjectId }) => kind === 'extract' && subjectId === id);
  if (busy) {
    throw new StudioError(
      'job-conflict',
      `“${busy.title}” is still ${busy.state}.`,
      'Pause it first, then go on with other settings.',
    );
  }
  refuseUnready(store, teacher, settings);
  return store.extractions.repace(id, settings, presentPrice(store, teacher));
}

/**
 * Refuses what can't work before anything is asked: no rows, no model, a budget without a price.
 * @throws StudioError rows-missing, teacher-model-missing, price-missing
 */
function refuseUnready(store: Store, teacher: Teacher, settings: ExtractionSettings): void {
  if (store.data.count(teacher.projectId).examples === 0) {
    throw new StudioError(
      'rows-missing',
      `There are no examples for ${teacher.name} to answer.`,
      'Import a file first.',
    );
  }
  if (teacher.kind === 'openai-compatible' && teacher.model === '') {
    throw new StudioError(
      'teacher-model-missing',
      `No model is chosen for ${teacher.name}.`,
      'Probe the server to see its models, and choose one of them.',
    );
  }
  const unpriced = missingPrice(settings, presentPrice(store, teacher), teacher.model);
  if (unpriced) throw unpriced;
}

/**
 * The template asked for; with none, the saved version of the built-in one, and null where it was not
 * saved yet.
 * @throws StudioError not-found
 */
function savedTemplate(store: Store, projectId: string, templateId: string | null): string | null {
  if (templateId !== null) {
    const template = store.teachers.template(templateId);
    requireSameProject(template, projectId, 'This prompt template');
    return template.id;
  }
  const builtIn = settingsHash(suggestFor(store, projectId));
  const saved = store.teachers
    .templates(projectId)
    .find(
      ({ id: _id, version: _version, createdAt: _at, ...text }) => settingsHash(text) === builtIn,
    );
  return saved?.id ?? null;
}

/** @throws StudioError not-found for a part of a split of another project */
function requireOwnPart(store: Store, projectId: string, { also }: ExtractionSettings): void {
  if (also !== null) requireSameProject(store.splits.get(also.splitId), projectId, 'This split');
}
