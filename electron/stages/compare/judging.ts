import type {
  Comparing,
  JudgeChoice,
  JudgePair,
  JudgeProgress,
  JudgeResult,
  SystemKey,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { LabelNumbers } from '../../core/comparison/labels.ts';
import { signTest } from '../../core/comparison/paired-tests.ts';
import { seedFrom } from '../../core/hash.ts';
import { mix } from '../../core/minhash.ts';
import { wilson } from '../../core/statistics.ts';
import { foldWhitespace } from '../../core/text.ts';
import type { AnswerSource, JudgedPair, Judgement, Store } from '../../store/store.ts';
import { sourcesOf } from './sheet.ts';

/** Two systems whose rationales are judged on the rows of a part, named in either order. */
export interface Judged extends Omit<Comparing, 'systems'> {
  readonly a: SystemKey;
  readonly b: SystemKey;
}

/** What there is to judge: rows in the order in which they are shown. */
export interface JudgedRows {
  readonly order: readonly number[];
  /** Where the answers of `a` and of `b` are saved. */
  readonly a: AnswerSource;
  readonly b: AnswerSource;
}

/**
 * The pair as it is saved, the smaller key first.
 * @throws StudioError invalid-input for a system beside itself
 */
export function pairOf({ splitId, part, a, b }: Judged): JudgedPair {
  if (a === b) {
    throw new StudioError(
      'invalid-input',
      'A system can’t be judged against itself.',
      'Choose two different ones.',
    );
  }
  return a < b ? { splitId, part, a, b } : { splitId, part, a: b, b: a };
}

/**
 * The rows on which both have a rationale, and not the same one, in an order that is drawn from the
 * pair and the row alone: it stays when rows are added, and says nothing of who is right.
 * @throws StudioError not-found as `sourcesOf`
 */
export function judgedRows(store: Store, judged: Judged): JudgedRows {
  const pair = pairOf(judged);
  const [a, b] = sourcesOf(store, { ...judged, systems: [pair.a, pair.b] });
  if (a === undefined || b === undefined) throw new RangeError('two systems have two sources');
  const { splitId, part } = pair;
  const ofA = new Map(
    store.judgements
      .rationales(a, splitId, part)
      .map(({ exampleId, rationale }) => [exampleId, blindText(rationale)]),
  );
  const order = store.judgements
    .rationales(b, splitId, part)
    .filter(({ exampleId, rationale }) => {
      const other = ofA.get(exampleId) ?? '';
      const own = blindText(rationale);
      return other !== '' && own !== '' && other !== own;
    })
    .map(({ exampleId }) => ({ exampleId, at: drawn(pair, exampleId, 'order') }))
    .sort((one, other) => one.at - other.at || one.exampleId - other.exampleId)
    .map(({ exampleId }) => exampleId);
  return { order, a, b };
}

/** The next row that was not judged, as a blind question; null when all were. */
export function nextPair(store: Store, judged: Judged, rows: JudgedRows): JudgePair | null {
  const done = new Set(store.judgements.list(pairOf(judged)).map(({ exampleId }) => exampleId));
  const next = rows.order.find((exampleId) => !done.has(exampleId));
  return next === undefined ? null : blindPair(store, judged, rows, next);
}

/**
 * One row as a blind question. Which system is left is drawn from pair and row, so that it is the same
 * whenever the row is shown. What could tell who wrote a text is taken off: see {@link blindText};
 * labels that score as the same answer are written the same.
 */
export function blindPair(
  store: Store,
  judged: Judged,
  rows: JudgedRows,
  exampleId: number,
): JudgePair {
  const pair = pairOf(judged);
  const { externalId, input, choices, gold } = store.data.example(exampleId);
  const labels = new LabelNumbers(store.projects.get(judged.projectId).task);
  if (gold !== null) labels.of(gold, choices);
  const side = (source: AnswerSource): JudgePair['left'] => {
    const answer = store.answers.answer(source, exampleId);
    const label = answer?.label ?? null;
    return {
      label: label === null ? null : blindLabel(labels.texts[labels.of(label, choices)] ?? label),
      rationale: blindText(answer?.rationale ?? ''),
    };
  };
  const [a, b] = [side(rows.a), side(rows.b)];
  const sides = isSwapped(pair, exampleId) ? { left: b, right: a } : { left: a, right: b };
  return { exampleId, externalId, input, choices, gold, ...sides };
}

/**
 * Keeps what was said of a row.
 * @throws StudioError not-found for a row on which there is nothing to judge
 */
export function saveJudgement(
  store: Store,
  judged: Judged,
  rows: JudgedRows,
  said: { readonly exampleId: number; readonly choice: JudgeChoice },
): JudgeProgress {
  const pair = pairOf(judged);
  if (!rows.order.includes(said.exampleId)) {
    throw new StudioError(
      'not-found',
      'There are no two rationales to judge on this row any more.',
      'Go on with the next row.',
    );
  }
  const choice = chosen(said.choice, isSwapped(pair, said.exampleId));
  store.judgements.save(judged.projectId, pair, { exampleId: said.exampleId, choice });
  return progressOf(store, judged, rows);
}

/** Takes the newest judgement back and asks again; null where there is none. */
export function undoJudgement(store: Store, judged: Judged, rows: JudgedRows): JudgePair | null {
  const exampleId = store.judgements.undo(pairOf(judged));
  return exampleId === null || !rows.order.includes(exampleId)
    ? null
    : blindPair(store, judged, rows, exampleId);
}

export function progressOf(store: Store, judged: Judged, rows: JudgedRows): JudgeProgress {
  const pair = pairOf(judged);
  return {
    judged: countable(store, pair, rows).length,
    pairs: rows.order.length,
    revealedAfter: store.judgements.revealedAfter(pair),
  };
}

/** Level of the sign test. */
const alpha = 0.05;

/**
 * Who was preferred, of the judgements with a preference: their share with Wilson's interval, and the
 * exact two-sided sign test against a fair coin.
 */
export function judgeResult(store: Store, judged: Judged, rows: JudgedRows): JudgeResult {
  const pair = pairOf(judged);
  const judgements = countable(store, pair, rows);
  const count = (choice: Judgement['choice']): number =>
    judgements.filter((judgement) => judgement.choice === choice).length;
  const [preferA, preferB] = [count('a'), count('b')];
  const preferences = preferA + preferB;
  const p = preferences === 0 ? null : signTest(preferA, preferB);
  const preferred = preferA > preferB ? 'a' : 'b';
  return {
    ...pair,
    ...progressOf(store, judged, rows),
    ...{ preferA, preferB, both: count('both'), neither: count('neither') },
    share: preferences === 0 ? null : wilson(preferA, preferences),
    p,
    verdict: p === null ? null : p < alpha ? preferred : 'not-shown',
  };
}

/**
 * Results that a person has looked at, of the pairs of systems that are compared, the newest judged
 * first. Others stay blind.
 */
export function revealedResults(store: Store, comparing: Comparing): JudgeResult[] {
  const { projectId, splitId, part, systems } = comparing;
  return store.judgements.pairs(projectId).flatMap((pair) => {
    const isCompared = [pair.a, pair.b].every((key) => systems.includes(key));
    if (pair.splitId !== splitId || pair.part !== part || !isCompared) return [];
    if (store.judgements.revealedAfter(pair) === null) return [];
    const judged = { projectId, ...pair };
    return [judgeResult(store, judged, judgedRows(store, judged))];
  });
}

/** Judgements of rows that still have two rationales. */
function countable(store: Store, pair: JudgedPair, rows: JudgedRows): Judgement[] {
  const there = new Set(rows.order);
  return store.judgements.list(pair).filter(({ exampleId }) => there.has(exampleId));
}

function chosen(choice: JudgeChoice, swapped: boolean): Judgement['choice'] {
  if (choice === 'both' || choice === 'neither') return choice;
  return (choice === 'left') === swapped ? 'b' : 'a';
}

/** Whether `b` stands left: on every row a coin of its own. */
export const isSwapped = (pair: JudgedPair, exampleId: number): boolean =>
  drawn(pair, exampleId, 'side') % 2 === 1;

/** 32 bits that depend on the two systems and the row alone. */
const drawn = ({ a, b }: JudgedPair, exampleId: number, what: 'order' | 'side'): number =>
  mix(mix(seedFrom(`${what} ${a} ${b}`)) ^ Math.imul(exampleId, 0x9e3779b1)) >>> 0;

/** A label without the spaces in parentheses and the zeros behind a point that teachers and students write differently. */
const blindLabel = (label: string): string =>
  foldWhitespace(label)
    .replace(/\( /gu, '(')
    .replace(/ \)/gu, ')')
    .replace(/(?<=\d)\.0+(?!\d)/gu, '');

/**
 * A rationale without what tells its writer apart but says nothing: white space and line breaks,
 * Markdown, list marks and quotes around it, a heading such as `Rationale:` before it, a full stop at
 * its end, and the kind of quotation marks and dashes.
 */
export function blindText(text: string): string {
  const plain = foldWhitespace(text)
    .replace(/\*\*|__|`/gu, '')
    .replace(/[“”„«»]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(/[‐-–]/gu, '-')
    .replace(/ +([.,;:!?])/gu, '$1');
  const bare = plain
    .replace(/^(?:[-*•#>"' ]+|(?:rationale|reasoning|explanation|풀이|근거|설명) ?: ?)+/iu, '')
    .replace(/[\s."'。]+$/u, '');
  return bare === '' ? '' : bare.slice(0, 1).toLocaleUpperCase('en') + bare.slice(1);
}
