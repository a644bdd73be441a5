import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Percentiles, Project, TeacherReport } from '../../contract/entities.ts';
import { wilson } from '../../core/statistics.ts';
import { foldWhitespace } from '../../core/text.ts';
import type { ReportCounts, Store } from '../../store/store.ts';
import { Breath } from './breath.ts';

type LabelCounts = ReportCounts['labels'];

const labelsShown = 50;
const classesShown = 20;
/** Answers whose times are looked at, the newest. */
const answersTimed = 100_000;
/** Bars of the histogram below the 95th percentile; one more takes the longest. */
const bars = 10;

/**
 * What the teacher did, counted from saved rows. The answer that stands for a row counts for it. The
 * counting is SQL's; rationales are read by pages beside other work.
 *
 * @throws StudioError not-found
 */
export async function teacherReport(store: Store, extractionId: string): Promise<TeacherReport> {
  const extraction = store.extractions.get(extractionId);
  const project = store.projects.get(extraction.projectId);
  const summary = store.extractions.summary(extractionId);
  await nextTurn();
  const counts = store.extractions.reportCounts(extractionId);
  await nextTurn();
  const lengths = await countWords(counts.rationales());
  const withGold = sum(counts.labels.filter(({ gold }) => gold !== null));
  const { rows, parsed, unparsed, correct } = summary;
  return {
    ...{ extractionId, rows, parsed, unparsed, failed: counts.failed },
    score: correct === null ? null : wilson(correct, withGold),
    ...labelsOf(counts.labels),
    confusion: confusionOf(counts.labels, project),
    agreement: agreementOf(counts.agreement),
    rationaleWords: percentilesOf(lengths),
    rationaleLengths: histogramOf(lengths),
    latency: store.extractions.latency(extractionId, answersTimed),
    finishReasons: counts.finishReasons,
    failures: store.extractions.failures(extractionId),
    spend: extraction.spend,
  };
}

/** Labels by how often the teacher gave them, and how often they are gold. */
export function labelsOf(counts: LabelCounts): Pick<TeacherReport, 'labels' | 'moreLabels'> {
  const teacher = new Map<string, number>();
  const golds = new Map<string, number>();
  for (const { gold, label, rows } of counts) {
    if (label !== null) add(teacher, foldWhitespace(label), rows);
    if (gold !== null) add(golds, foldWhitespace(gold), rows);
  }
  const labels = [...teacher]
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .slice(0, labelsShown)
    .map(([label, rows]) => ({ label, teacher: rows, gold: golds.get(label) ?? 0 }));
  return { labels, moreLabels: teacher.size - labels.length };
}

/** Gold by teacher's label of a classification: of the label set, else of the commonest gold labels. */
export function confusionOf(
  counts: LabelCounts,
  { task, labels }: Pick<Project, 'task' | 'labels'>,
): TeacherReport['confusion'] {
  const golds = new Map<string, number>();
  for (const { gold, rows } of counts) if (gold !== null) add(golds, foldWhitespace(gold), rows);
  if (task !== 'classification' || golds.size === 0) return null;
  const byRows = [...golds].sort(([, left], [, right]) => right - left).map(([gold]) => gold);
  const known = labels.map(foldWhitespace);
  const classes = known.length > 0 && known.length <= classesShown ? known : byRows;
  const shown = classes.slice(0, classesShown);
  const places = new Map(shown.map((label, place) => [label, place]));
  const table = shown.map(() => shown.map(() => 0));
  const other = shown.map(() => 0);
  const unparsed = shown.map(() => 0);
  for (const { gold, label, rows } of counts) {
    const row = gold === null ? undefined : places.get(foldWhitespace(gold));
    if (row === undefined) continue;
    const column = label === null ? undefined : places.get(foldWhitespace(label));
    const cells = label === null ? unparsed : column === undefined ? other : table[row];
    const cell = column ?? row;
    if (cells !== undefined) cells[cell] = (cells[cell] ?? 0) + rows;
  }
  return { labels: shown, counts: table, other, unparsed };
}

/** How far the answers of a row agree, and how right rows are at each degree; null with one answer each. */
export function agreementOf(counts: ReportCounts['agreement']): TeacherReport['agreement'] {
  if (counts.every(({ answers }) => answers <= 1)) return null;
  const rows = sum(counts);
  const shares = counts.reduce((total, one) => total + (one.rows * one.votes) / one.answers, 0);
  return {
    mean: shares / rows,
    rows: counts.map(({ votes, answers, rows: here, withGold, correct }) => ({
      ...{ votes, answers, rows: here },
      score: withGold === 0 ? null : wilson(correct, withGold),
    })),
  };
}

/** Rationales by their number of words. */
async function countWords(rationales: Iterable<string>): Promise<Map<number, number>> {
  const lengths = new Map<number, number>();
  const breath = new Breath();
  for (const rationale of rationales) {
    add(lengths, rationale.match(/\S+/gu)?.length ?? 0, 1);
    await breath.take();
  }
  return new Map([...lengths].sort(([a], [b]) => a - b));
}

/** Nearest rank. @param lengths rows by length, rising */
export function percentilesOf(lengths: ReadonlyMap<number, number>): Percentiles | null {
  const total = [...lengths.values()].reduce((before, rows) => before + rows, 0);
  if (total === 0) return null;
  const at = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * total));
    let passed = 0;
    for (const [length, rows] of lengths) if ((passed += rows) >= rank) return length;
    return 0;
  };
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}

/**
 * Bars of equal width up to the 95th percentile, and one for what is longer, from the first to the last
 * that has rows; `to` belongs to the bar.
 * @param lengths rows by length, rising
 */
export function histogramOf(
  lengths: ReadonlyMap<number, number>,
): TeacherReport['rationaleLengths'] {
  const percentiles = percentilesOf(lengths);
  if (percentiles === null) return [];
  const longest = Math.max(...lengths.keys());
  const width = Math.max(1, Math.ceil(percentiles.p95 / bars));
  const found = Array.from({ length: bars + 1 }, (_, bar) => ({
    from: bar * width + 1,
    to: bar < bars ? (bar + 1) * width : longest,
    rows: 0,
  }));
  for (const [length, rows] of lengths) {
    const bar = found[Math.min(bars, Math.ceil(Math.max(1, length) / width) - 1)];
    if (bar !== undefined) bar.rows += rows;
  }
  const filled = ({ rows }: { rows: number }): boolean => rows > 0;
  return found.slice(found.findIndex(filled), found.findLastIndex(filled) + 1);
}

function add<Key>(counts: Map<Key, number>, key: Key, rows: number): void {
  counts.set(key, (counts.get(key) ?? 0) + rows);
}

const sum = (counts: readonly { rows: number }[]): number =>
  counts.reduce((before, { rows }) => before + rows, 0);
