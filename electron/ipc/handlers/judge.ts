import type { JudgeResult } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import {
  judgeResult,
  nextPair,
  pairOf,
  progressOf,
  saveJudgement,
  undoJudgement,
} from '../../stages/compare/judging.ts';
import type { Judged } from '../../stages/compare/judging.ts';
import { JudgeReader } from '../judge-reader.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names =
  'judge.next' | 'judge.progress' | 'judge.save' | 'judge.undo' | 'judge.result' | 'judge.results';

/** Blind judging of rationales. No answer tells whose they are before the result is asked for. */
export function judgeHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, threads, saved } = deps;
  const reader = new JudgeReader(store, threads);
  const rowsOf = async (judged: Judged) => {
    requireSameProject(store.splits.get(judged.splitId), judged.projectId, 'This split');
    return reader.get(judged);
  };
  return {
    'judge.next': async (judged) => nextPair(store, judged, await rowsOf(judged)),
    'judge.progress': async (judged) => progressOf(store, judged, await rowsOf(judged)),
    'judge.save': async ({ exampleId, choice, ...judged }) => {
      const rows = await rowsOf(judged);
      const progress = saveJudgement(store, judged, rows, { exampleId, choice });
      saved(judged.projectId, 'compare');
      return progress;
    },
    'judge.undo': async (judged) => {
      const pair = undoJudgement(store, judged, await rowsOf(judged));
      saved(judged.projectId, 'compare');
      return pair;
    },
    'judge.result': async (judged) => {
      const rows = await rowsOf(judged);
      const result = judgeResult(store, judged, rows);
      store.judgements.reveal(judged.projectId, pairOf(judged), result.judged);
      return { ...result, ...progressOf(store, judged, rows) };
    },
    'judge.results': async ({ projectId }) => {
      const results: JudgeResult[] = [];
      for (const pair of store.judgements.pairs(store.projects.get(projectId).id)) {
        if (store.judgements.revealedAfter(pair) === null) continue;
        const judged = { projectId, ...pair };
        const rows = await rowsOf(judged).catch(goneIsNone);
        if (rows !== null) results.push(judgeResult(store, judged, rows));
      }
      return results;
    },
  };
}

/** A student whose answers are being decoded again has no result meanwhile. */
function goneIsNone(caught: unknown): null {
  if (caught instanceof StudioError && caught.code === 'not-found') return null;
  throw caught;
}
