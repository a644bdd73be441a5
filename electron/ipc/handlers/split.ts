import type { CallArguments } from '../../contract/calls.ts';
import type { SplitSettings } from '../../contract/entities.ts';
import {
  checkLeaksJob,
  columnsTask,
  freezeFolds,
  freezeSplit,
  leakKey,
  leaksTitle,
  previewTask,
  refuseImpossible,
  timeOf,
} from '../../stages/split/index.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  | 'splits.list'
  | 'splits.preview'
  | 'splits.columns'
  | 'splits.checkLeaks'
  | 'splits.leaks'
  | 'splits.create'
  | 'splits.createFolds';

/** Splits: looked at and searched for leaks before they are frozen. Rows are divided in threads. */
export function splitHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, threads, jobs, saved } = deps;
  const preview = newestOnly((input: CallArguments<'splits.preview'>, signal) =>
    threads.run(previewTask, { database: store.path, ...input }, { signal }),
  );
  /** What needs no thread to be refused. */
  const refuse = (input: { projectId: string; settings: SplitSettings }): void => {
    store.projects.get(input.projectId);
    refuseImpossible(input.settings);
  };
  return {
    'splits.list': ({ projectId }) => store.splits.list(store.projects.get(projectId).id),
    'splits.preview': (input) => {
      refuse(input);
      return preview(input.projectId, input);
    },
    'splits.columns': async ({ projectId }) => {
      const kept = store.data
        .list(store.projects.get(projectId).id)
        .some(({ mapping }) => mapping.keep.length > 0);
      if (!kept) return [];
      const columns = await threads.run(columnsTask, { database: store.path, projectId });
      return columns.map(({ examples, ...column }) => ({
        ...column,
        time: examples.length > 0 && examples.every((value) => timeOf(value) !== null),
      }));
    },
    'splits.checkLeaks': ({ projectId, settings, threshold }) => {
      refuse({ projectId, settings });
      return jobs.start(checkLeaksJob, {
        projectId,
        subjectId: null,
        title: leaksTitle,
        input: { settings, threshold },
      });
    },
    'splits.leaks': ({ projectId, settings, threshold }) => {
      store.projects.get(projectId);
      const report = store.splits.leaks(projectId, leakKey(store, projectId, settings));
      return report?.threshold === threshold ? report : null;
    },
    'splits.create': async (input) => {
      refuse(input);
      const split = await freezeSplit(deps, input);
      saved(split.projectId, 'splits');
      return split;
    },
    'splits.createFolds': async (input) => {
      refuse(input);
      const splits = await freezeFolds(deps, input);
      saved(input.projectId, 'splits');
      return splits;
    },
  };
}

/**
 * Of several pieces of work with one key, only the newest is finished: while a person turns a knob,
 * earlier previews are of no use.
 */
function newestOnly<Input, Output>(
  work: (input: Input, signal: AbortSignal) => Promise<Output>,
): (key: string, input: Input) => Promise<Output> {
  const running = new Map<string, AbortController>();
  return async (key, input) => {
    running.get(key)?.abort();
    const mine = new AbortController();
    running.set(key, mine);
    try {
      return await work(input, mine.signal);
    } finally {
      if (running.get(key) === mine) running.delete(key);
    }
  };
}
