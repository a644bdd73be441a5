import { StudioError } from '../../contract/errors.ts';
import { parseExtraction, rulesOf, teacherReport, tryParse } from '../../stages/extract/index.ts';
import { checkByItself, pauseCheck } from '../checking.ts';
import { refuseWhileParsed, requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'extractions.live'
  | 'extractions.report'
  | 'extractions.tryParse'
  | 'extractions.parse'
  | 'extractions.rules'
  | 'extractions.summary'
  | 'rationales.samples';

/** Answers whose latency the live table shows. */
const latencyAnswers = 500;

/** What teachers answered: as it comes in, in figures, and how it is cut into rationale and label. */
export function answerHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, keys, saved } = deps;
  const { extractions } = store;
  return {
    'extractions.live': ({ extractionId, newest }) => {
      const extraction = extractions.get(extractionId);
      return {
        extraction: { ...extraction, teacher: keys.describe(extraction.teacher) },
        latency: extractions.latency(extractionId, latencyAnswers),
        failures: extractions.failures(extractionId),
        newest: extractions.newest(extractionId, newest),
      };
    },
    'extractions.report': ({ extractionId }) =>
      teacherReport(store, extractions.get(extractionId).id),
    'extractions.tryParse': ({ extractionId, rules, offset, limit }) =>
      tryParse(store, extractions.get(extractionId).id, rules, { offset, limit }),
    'extractions.parse': async ({ extractionId, rules }) => {
      const { projectId } = extractions.get(extractionId);
      refuseWhileAsked(deps, projectId, extractionId);
      refuseWhileParsed(deps, extractionId);
      deps.parsing.add(extractionId);
      await pauseCheck(deps.jobs, extractionId);
      try {
        return await parseExtraction(store, extractionId, rules);
      } finally {
        deps.parsing.delete(extractionId);
        saved(projectId, 'rationales');
        if (deps.info.mode !== 'cli') checkByItself(deps, extractionId);
      }
    },
    'extractions.rules': ({ extractionId }) => rulesOf(store, extractions.get(extractionId)),
    'extractions.summary': ({ extractionId, datasetId }) =>
      extractions.summary(extractions.get(extractionId).id, datasetId),
    'rationales.samples': ({ extractionId, exampleId }) => {
      const { projectId } = extractions.get(extractionId);
      const { datasetId } = store.data.example(exampleId);
      requireSameProject(store.data.get(datasetId), projectId, 'This example');
      return extractions.samples(extractionId, exampleId);
    },
  };
}

/** @throws StudioError job-conflict */
function refuseWhileAsked({ jobs }: HandlerDeps, projectId: string, extractionId: string): void {
  const busy = jobs
    .active(projectId)
    .find(({ kind, subjectId }) => kind === 'extract' && subjectId === extractionId);
  if (busy === undefined) return;
  throw new StudioError(
    'job-conflict',
    `“${busy.title}” is still ${busy.state}: it parses what it saves.`,
    'Wait until it ends, or pause it first.',
  );
}
