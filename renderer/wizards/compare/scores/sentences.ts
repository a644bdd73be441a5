import { isShownAlone } from '../../../../electron/contract/entities.ts';
import type { Entry, PairVerdict, Scoreboard } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { marginPoints, percentWithin, points, pointsWithin } from '../../train/study/numbers.ts';
import { isTeacher, needsTeacher } from './names.ts';
import type { Named } from './names.ts';

/** What is said, and of what kind it is: shown by a mark beside it. */
export interface Sentence {
  readonly kind: PairVerdict['verdict'] | 'lead';
  readonly text: string;
}

/** More pairs than these are not told one by one, but by the best student. */
const mostTold = 6;

const order: readonly PairVerdict['verdict'][] = ['better', 'alike', 'not-shown'];

/**
 * What may be said of the entries of a scoreboard. Of few pairs each has a sentence; of many, the best
 * student is set against the teachers, and against all other students together. Where it needs the
 * teacher, so is the best of those that answer alone.
 */
export function verdictSentences(board: Scoreboard, name: Named): Sentence[] {
  const { pairs } = board.verdicts;
  const students = studentsOf(board);
  const focus = focusOf(students);
  const lead = students.length > 1 ? leadOf(focus, name) : [];
  if (pairs.length <= mostTold || focus.length === 0) {
    return [...lead, ...byKind(pairs).map((pair) => pairSentence(pair, board, name))];
  }
  const isTold = new Set<PairVerdict>();
  const told = focus.flatMap(({ key }) => {
    const own = pairs.filter((pair) => !isTold.has(pair) && isOf(pair, key));
    for (const pair of own) isTold.add(pair);
    return [
      ...byKind(own.filter((pair) => isWithTeacher(pair, board))).map((pair) =>
        pairSentence(pair, board, name),
      ),
      ...ofMany(
        own.filter((pair) => !isWithTeacher(pair, board)),
        key,
        board,
        name,
      ),
    ];
  });
  return [...lead, ...told];
}

/** How many pairs {@link verdictSentences} leaves to the table. */
export function pairsUntold(board: Scoreboard): number {
  const { pairs } = board.verdicts;
  const focus = focusOf(studentsOf(board));
  if (pairs.length <= mostTold || focus.length === 0) return 0;
  return pairs.filter((pair) => !focus.some(({ key }) => isOf(pair, key))).length;
}

/** With a score, the best first. */
const studentsOf = ({ entries }: Scoreboard): Entry[] =>
  entries.filter((entry) => !isTeacher(entry) && entry.accuracy !== null);

/** The best student, and where it needs the teacher the best that does not. */
function focusOf(students: readonly Entry[]): Entry[] {
  const [best] = students;
  if (best === undefined) return [];
  const alone = needsTeacher(best) ? students.find((entry) => !needsTeacher(entry)) : undefined;
  return alone ? [best, alone] : [best];
}

const isOf = ({ a, b }: PairVerdict, key: string): boolean => a === key || b === key;

const isWithTeacher = (pair: PairVerdict, { entries }: Scoreboard): boolean =>
  entries.some((entry) => isTeacher(entry) && isOf(pair, entry.key));

/** `p = 0.012`, `p < 0.001`. */
export function pWords(p: number): string {
  const w = i18n.t.compareScores;
  return p < 0.001 ? w.pBelow : w.pIs(pFigure(p));
}

/** The figure alone. */
export const pFigure = (p: number): string =>
  p < 0.001
    ? i18n.t.compareScores.below
    : new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 }).format(p);

/** A number of rows that is an estimate: two digits, rounded up. */
export function aboutRows(rows: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rows))) - 1);
  return i18n.format.number(Math.ceil(rows / step) * step);
}

function leadOf([best, alone]: readonly Entry[], name: Named): Sentence[] {
  const w = i18n.t.compareScores;
  const score = ({ accuracy }: Entry): string => (accuracy ? percentWithin(accuracy) : '');
  const lead = (text: string): Sentence => ({ kind: 'lead', text });
  return [
    ...(best ? [lead(w.leads(name(best.key), score(best)))] : []),
    ...(alone ? [lead(w.aloneBest(name(alone.key), score(alone)))] : []),
  ];
}

function pairSentence(pair: PairVerdict, board: Scoreboard, name: Named): Sentence {
  const w = i18n.t.compareScores;
  const { margin } = board.verdicts;
  const [a, b] = [name(pair.a), name(pair.b)];
  const gap = pointsWithin(pair.difference, [margin, -margin]);
  switch (pair.verdict) {
    case 'better':
      return { kind: 'better', text: w.better(a, b, pointsWithin(pair.difference)) };
    case 'alike':
      return { kind: 'alike', text: w.alike(a, b, marginPoints(margin), gap) };
    case 'not-shown':
      if (isShownAlone(pair)) return { kind: 'not-shown', text: shownAlone(pair, board, [a, b]) };
      return {
        kind: 'not-shown',
        text: [w.notShown(a, b, pointsWithin(pair.difference)), neededFor(pair, board)]
          .filter((part) => part !== null)
          .join(' '),
      };
  }
}

/** A gap that would be shown by itself: to say that there is none would mislead as much as to call it real. */
function shownAlone(pair: PairVerdict, board: Scoreboard, [a, b]: [string, string]): string {
  const { length } = board.verdicts.pairs;
  const shown = i18n.format.number(length);
  return i18n.t.compareScores.shownAlone(a, b, pointsWithin(pair.difference), length, shown);
}

/** What it would take to show the gap of a pair; null where there is none to show. */
function neededFor(
  { difference, rowsNeeded, rows }: PairVerdict,
  board: Scoreboard,
): string | null {
  const { t, format } = i18n;
  const w = t.compareScores;
  if (difference.value === 0) return null;
  if (rowsNeeded === null) return w.seedsVary;
  if (rowsNeeded > rows) {
    return w.needed(points(difference.value), aboutRows(rowsNeeded), format.number(rows));
  }
  const { length } = board.verdicts.pairs;
  return length > 1 ? w.uncorrected(length, format.number(length)) : null;
}

/** One student against all others: those that are better one by one, the rest in a sentence a kind. */
function ofMany(
  pairs: readonly PairVerdict[],
  key: string,
  board: Scoreboard,
  name: Named,
): Sentence[] {
  const { t, format } = i18n;
  const w = t.compareScores;
  const margin = marginPoints(board.verdicts.margin);
  const isAbove = ({ verdict, b }: PairVerdict): boolean => verdict === 'better' && b === key;
  const otherOf = ({ a, b }: PairVerdict): string => name(a === key ? b : a);
  const rest = order.flatMap((kind): Sentence[] => {
    const here = pairs.filter((pair) => pair.verdict === kind && !isAbove(pair));
    const [only] = here;
    if (only === undefined) return [];
    if (here.length === 1) return [pairSentence(only, board, name)];
    const others = format.list(here.map(otherOf));
    if (kind === 'alike') return [{ kind, text: w.alikeTo(name(key), others, margin) }];
    if (kind === 'better') {
      const gaps = here.map((pair) => w.by(otherOf(pair), pointsWithin(pair.difference)));
      return [{ kind, text: w.betterThan(name(key), gaps.join('; ')) }];
    }
    const largest = here.toSorted((x, y) => y.difference.value - x.difference.value)[0];
    const needed =
      largest?.rowsNeeded && largest.rowsNeeded > largest.rows
        ? ` ${w.neededMost(aboutRows(largest.rowsNeeded), format.number(largest.rows))}`
        : '';
    const varies = here.filter(({ rowsNeeded, difference }) => !rowsNeeded && difference.value > 0);
    const seeds = varies.length > 0 ? ` ${w.seedsVaryFor(format.list(varies.map(otherOf)))}` : '';
    return [{ kind, text: w.notShownTo(name(key), others) + needed + seeds }];
  });
  return [...pairs.filter(isAbove).map((pair) => pairSentence(pair, board, name)), ...rest];
}

const byKind = (pairs: readonly PairVerdict[]): PairVerdict[] =>
  pairs.toSorted((x, y) => order.indexOf(x.verdict) - order.indexOf(y.verdict));
