import { scoreboardFrom, scoreboardTask } from '../../stages/compare/scoreboard.ts';
import { KeptResults } from '../kept-results.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/**
 * Scores of teacher and students, measured in a thread and kept until answers change; another margin
 * measures nothing again. To show them on the test part is a look.
 */
export function scoreboardHandlers({
  store,
  threads,
}: HandlerDeps): HandlersOf<'compare.scoreboard'> {
  const measured = new KeptResults(
    ({ splitId, part, systems }) => store.answers.stamp(splitId, part, systems),
    (comparing) => threads.run(scoreboardTask, { database: store.path, comparing }),
  );
  return {
    'compare.scoreboard': async (question) => {
      const { splitId, part, projectId } = question;
      requireSameProject(store.splits.get(splitId), projectId, 'This split');
      const board = await measured.of(question);
      const shown = scoreboardFrom(store, question, board);
      if (part !== 'test') return shown;
      const looks = store.splits.look(
        splitId,
        board.sources.map(({ id }) => id),
      );
      return { ...shown, looks };
    },
  };
}
