import type { CallArguments } from '../../contract/calls.ts';
import { StudioError } from '../../contract/errors.ts';
import { evaluateJob } from '../../stages/compare/index.ts';
import { listSystemsTask, rowsCountedHere } from '../../stages/compare/systems-task.ts';
import { listSystems } from '../../stages/compare/systems.ts';
import type { Store } from '../../store/store.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Who can be compared, and what it takes: every row answered, with a confidence. */
export function compareHandlers({
  store,
  jobs,
  threads,
}: HandlerDeps): HandlersOf<'compare.systems' | 'compare.start'> {
  return {
    'compare.systems': (input) =>
      store.splits.counts(input.splitId)[input.part] <= rowsCountedHere
        ? listSystems(store, input)
        : threads.run(listSystemsTask, { database: store.path, of: input }),
    'compare.start': (input) => {
      const { projectId, splitId, part, speed } = input;
      const runIds = [...new Set(input.runIds)];
      refuseUnready(store, { ...input, runIds });
      return jobs.start(evaluateJob, {
        projectId,
        subjectId: splitId,
        title: `Evaluate ${runIds.length === 1 ? '1 student' : `${runIds.length} students`} on ${part}`,
        input: { splitId, part, runIds, speed },
      });
    },
  };
}

/** @throws StudioError not-found, rows-missing */
function refuseUnready(store: Store, input: CallArguments<'compare.start'>): void {
  const split = store.splits.get(input.splitId);
  requireSameProject(split, input.projectId, 'This split');
  if (split.counts[input.part] === 0) {
    throw new StudioError(
      'rows-missing',
      `The ${input.part} part of “${split.name}” has no rows.`,
      'Choose another part, or make a split that has rows there.',
    );
  }
  for (const runId of input.runIds) {
    const run = store.runs.get(runId);
    requireSameProject(run, input.projectId, 'This run');
    if (store.runs.checkpoint(runId, 'best') === null) {
      throw new StudioError(
        'not-found',
        `“${run.name}” has no checkpoint yet.`,
        'Let it train until its first validation, then compare.',
      );
    }
  }
}
