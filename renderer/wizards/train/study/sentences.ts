import type {
  StudyCell,
  StudyComparison,
  StudyGrowth,
} from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { armName, sameArm, usesTeacher } from './arms.ts';
import { adviceOf, claimOf, gainOf, headline, matchesOf, seedsBehind, stepOf } from './claims.ts';
import type { Comparison, Headline, Match, Sweep } from './claims.ts';
import { marginPoints, percentWithin, points, pointsWithin, shareOf } from './numbers.ts';

/** What a comparison rests on: `200 test rows and 3 seeds`. */
export function evidence(result: Pick<Comparison, 'part' | 'rows' | 'cells'>): string {
  const t = i18n.t.studyResults;
  const f = i18n.format;
  const { least, most } = seedsBehind(result.cells);
  const rows = t.rowsOfPart(t.partNames[result.part], result.rows, f.number(result.rows));
  const seeds =
    least === most ? t.seeds(most, f.number(most)) : t.seedRange(f.number(least), f.number(most));
  return t.evidence(rows, seeds);
}

/** One pair in a few words, beside its difference. */
export function claimWords(comparison: StudyComparison, result: Comparison): string {
  const t = i18n.t.studyResults.claims;
  const { difference, verdict } = comparison;
  const { value, low, high } = difference;
  switch (claimOf(verdict, difference, result.margin)) {
    case 'better':
      return t.better(points(value), points(low), points(high));
    case 'worse':
      return t.worse(points(-value), points(-high), points(-low));
    case 'no-worse':
      return t.noWorse(marginPoints(result.margin));
    case 'not-shown':
      return t.notShown(evidence(result));
  }
}

/** The verdict over all arms, a sentence each; empty while there are no two to compare. */
export function verdictSentences(result: Comparison): string[] {
  const { t, format: f } = i18n;
  const w = t.studyResults;
  const found = headline(result);
  if (found === null) return [];
  const { best, alone } = found;
  // Nothing to compare: a person wants to know why, and not who shares the last place.
  if (best.mean.value === 0) return [w.nobodyRight];
  const needs = alone?.mean && w.aloneBest(armName(t, alone.arm), percentWithin(alone.mean));
  const rest = needs ? [needs] : [];
  if (found.open.length === 0) return [wonSentence(found), ...rest];
  const names = (cells: readonly StudyCell[]): string =>
    f.list(cells.map(({ arm }) => armName(t, arm)));
  const beaten = found.beats.map(({ cell }) => cell);
  const rests = evidence(result);
  return [
    found.tied.length === 0
      ? w.leads(armName(t, best.arm), percentWithin(best.mean))
      : w.ties(names([best, ...found.tied]), f.percent(best.mean.value)),
    beaten.length === 0
      ? w.noneProven(rests)
      : `${w.beats(names(beaten))} ${w.notOver(names(found.open), rests)}`,
    ...rest,
  ];
}

/** The best is shown to be better than every other. */
function wonSentence({ best, beats }: Headline): string {
  const { t } = i18n;
  const w = t.studyResults;
  const [only] = beats;
  const name = armName(t, best.arm);
  return only && beats.length === 1
    ? w.beatsOne(name, armName(t, only.cell.arm), pointsWithin(only.lead))
    : w.beatsAll(name, percentWithin(best.mean));
}

/** The sentences of a data-size curve: which smaller share is shown to be enough. */
export const matchSentences = (result: Comparison): { shown: boolean; text: string }[] =>
  matchesOf(result).map((match) => ({
    shown: match.shown !== null,
    text: matchSentence(match, result),
  }));

function matchSentence({ shown, largest }: Match, result: Comparison): string {
  const { t } = i18n;
  const w = t.studyResults;
  const { margin } = result;
  if (shown === null) {
    const whole = cellName(largest.b, result);
    return w.matchNotShown(armName(t, largest.a.arm), whole, evidence(result));
  }
  const [a, b] = [cellName(shown.a, result), cellName(shown.b, result)];
  return claimOf(shown.verdict, shown.difference, margin) === 'better'
    ? w.matchBetter(a, b, pointsWithin(shown.difference))
    : w.matchNoWorse(a, b, marginPoints(margin), pointsWithin(shown.difference, [-margin]));
}

/** `Step-by-step, gold label at 50% (840 rows)`; without the rows where they are not known yet. */
export function cellName(key: StudyComparison['a'], { cells }: Pick<Comparison, 'cells'>): string {
  const { t, format } = i18n;
  const arm = armName(t, key.arm);
  const rows = cells.find((cell) => sameArm(cell.arm, key.arm) && cell.share === key.share)?.rows;
  return rows === null || rows === undefined
    ? t.studyResults.at(arm, shareOf(key.share))
    : t.studyResults.atRows(arm, shareOf(key.share), format.number(rows));
}

/** What more rows have brought one arm, would cost, and are worth. */
export function growthSentences(growth: StudyGrowth, margin: number, scored: number): string[] {
  const w = i18n.t.studyResults;
  const f = i18n.format;
  const { last, perDoubling } = growth;
  const said: string[] = [];
  if (last) {
    const way = { rose: w.lastRose, fell: w.lastFell, open: w.lastOpen }[stepOf(last.gain, scored)];
    said.push(way(f.number(last.fromRows), f.number(last.toRows), pointsWithin(last.gain)));
  }
  if (perDoubling) {
    const ways = { rose: w.doublingRose, fell: w.doublingFell, open: w.doublingOpen };
    said.push(ways[gainOf(perDoubling)](pointsWithin(perDoubling)));
  }
  const cost = costSentence(growth);
  const advice = adviceOf(growth, margin);
  const advised = advice === 'enough' ? w.advice.enough(marginPoints(margin)) : w.advice[advice];
  return [...said, ...(cost === null ? [] : [cost]), advised];
}

/** What as many rows again would cost; null for arms that need nothing of a teacher. */
function costSentence({ arm, last, costPerRationale }: StudyGrowth): string | null {
  const w = i18n.t.studyResults;
  const f = i18n.format;
  if (!usesTeacher(arm) || last === null) return null;
  if (costPerRationale === null) return w.noCost;
  if (costPerRationale === 0) return w.free;
  const rows = last.toRows;
  const priced = arm.labelSource === 'teacher' ? w.costTeacher : w.cost;
  return priced(rows, f.number(rows), f.money(rows * costPerRationale), f.money(costPerRationale));
}

/** What a sweep found; empty before the first evaluation. */
export function sweepSentences({ trials, bestRunId, lead, rows }: Sweep): string[] {
  const w = i18n.t.studyResults;
  const f = i18n.format;
  const score = trials.find(({ runId }) => runId !== null && runId === bestRunId)?.validation;
  if (!score) return [];
  const said = [
    w.sweepBest(f.percent(score.accuracy), f.number(score.correct), f.number(score.rows)),
  ];
  if (lead) {
    const proven = claimOf(lead.verdict, lead.difference, 0) === 'better';
    const gap = pointsWithin(lead.difference);
    said.push(proven ? w.sweepLead(gap) : w.sweepNoLead(gap, f.number(rows)));
  }
  return trials.length > 1 ? [...said, w.sweepLuck] : said;
}
