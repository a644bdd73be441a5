import { countLook } from '../../stages/compare/looks.ts';
import { scoreboardTask } from '../../stages/compare/scoreboard.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

/** Scores of teacher and students, worked out in a thread; to show them on the test part is a look. */
export function scoreboardHandlers({
  store,
  threads,
}: HandlerDeps): HandlersOf<'compare.scoreboard'> {
  return {
    'compare.scoreboard': async (question) => {
      requireSameProject(store.splits.get(question.splitId), question.projectId, 'This split');
      const board = await threads.run(scoreboardTask, { database: store.path, question });
      return { ...board, looks: countLook(store, question) };
    },
  };
}
