import {
  cascadeComparing,
  cascadeCurve,
  confirmCascade,
  refuseCascade,
} from '../../stages/compare/cascade.ts';
import { cascadePrices, costReport } from '../../stages/compare/costs.ts';
import { countLook } from '../../stages/compare/looks.ts';
import { describeSystemsTask, rowsCountedHere } from '../../stages/compare/systems-task.ts';
import { describeSystems, renamed } from '../../stages/compare/systems.ts';
import { KeptResults } from '../kept-results.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';
import { requireSameProject } from './deps.ts';

type Names =
  | 'costs.report'
  | 'costs.save'
  | 'cascade.curve'
  | 'cascade.save'
  | 'cascade.list'
  | 'cascade.remove';

/** What things cost, and students that pass on what they are not sure of. */
export function costHandlers({ store, sheets, threads, saved }: HandlerDeps): HandlersOf<Names> {
  const described = new KeptResults(
    ({ splitId, part, systems }) => store.answers.stamp(splitId, part, systems),
    async (comparing) =>
      store.splits.counts(comparing.splitId)[comparing.part] <= rowsCountedHere
        ? describeSystems(store, comparing)
        : await threads.run(describeSystemsTask, { database: store.path, comparing }),
  );
  return {
    'costs.report': async (comparing) =>
      costReport(store, comparing, renamed(store, await described.of(comparing))),
    'costs.save': ({ projectId, settings }) => {
      for (const extractionId of Object.keys(settings.teacherPerThousand)) {
        requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
      }
      const kept = store.costs.saveSettings(projectId, settings);
      saved(projectId, 'compare');
      return kept;
    },
    'cascade.curve': async ({ target, ...of }) => {
      refuseCascade(store, of);
      const sheet = await sheets.get(cascadeComparing(of, 'validation'));
      return cascadeCurve(sheet, of, target, cascadePrices(store, of));
    },
    'cascade.save': async ({ target, ...of }) => {
      refuseCascade(store, of);
      const comparing = cascadeComparing(of, 'test');
      const read = {
        validation: await sheets.get(cascadeComparing(of, 'validation')),
        test: await sheets.get(comparing),
      };
      const found = confirmCascade(read, of, target, cascadePrices(store, of));
      countLook(store, comparing);
      const cascade = store.costs.saveCascade(found);
      saved(of.projectId, 'compare');
      return cascade;
    },
    'cascade.list': ({ projectId }) => store.costs.cascades(store.projects.get(projectId).id),
    'cascade.remove': ({ cascadeId }) => {
      const { projectId } = store.costs.cascade(cascadeId);
      store.costs.removeCascade(cascadeId);
      saved(projectId, 'compare');
      return {};
    },
  };
}
