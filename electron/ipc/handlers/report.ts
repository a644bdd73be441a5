import type { CallArguments } from '../../contract/calls.ts';
import type { JobRecord } from '../../contract/jobs.ts';
import { reportTask } from '../../jobs/report-task.ts';
import { reportJob } from '../../stages/compare/report/index.ts';
import { describeSystems } from '../../stages/compare/systems.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** The job of a report. */
export const reportDefinition = reportJob(reportTask);

/** Reports: written and listed. To write one of the test part is a look, which its job counts. */
export function reportHandlers(deps: HandlerDeps): HandlersOf<'report.start' | 'report.list'> {
  const { store } = deps;
  return {
    'report.start': (input) => startReport(deps, input, null),
    'report.list': ({ projectId }) => store.resultFiles.reports(store.projects.get(projectId).id),
  };
}

/**
 * Queues a report.
 *
 * @param folder where its files are to be; null for the workspace's `reports/`
 * @throws StudioError not-found for systems that are not of this project and split, or without
 *   complete predictions
 */
export function startReport(
  { store, jobs }: Pick<HandlerDeps, 'store' | 'jobs'>,
  { title, language, examples, ...comparing }: CallArguments<'report.start'>,
  folder: string | null,
): JobRecord {
  requireSameProject(store.splits.get(comparing.splitId), comparing.projectId, 'This split');
  describeSystems(store, comparing);
  return jobs.start(reportDefinition, {
    projectId: comparing.projectId,
    subjectId: comparing.splitId,
    title: `Report ${title}`,
    input: { comparing, title, language, examples, folder },
  });
}
