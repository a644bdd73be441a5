import { confirmationOf, fewCascadeRows } from '../../../../electron/contract/entities.ts';
import type {
  Cascade,
  CascadePoint,
  CostReport,
  Price,
  SystemCost,
} from '../../../../electron/contract/entities.ts';
import type { Formats } from '../../../lib/format.ts';
import type { Dictionary } from '../../../lib/i18n/en.ts';

export type Words = Dictionary['money'];

/** How many times, as a person says it: `8.1`, from a hundred on whole. */
export const timesShown = (f: Formats, times: number): string =>
  times >= 100 ? f.number(Math.round(times)) : f.number(Math.round(times * 10) / 10);

/** US dollars for 1,000 answers of a model, at so many tokens each. */
export const perThousandOf = (
  price: Pick<Price, 'input' | 'output'>,
  promptTokens: number,
  completionTokens: number,
): number => (promptTokens * price.input + completionTokens * price.output) / 1_000;

/** Whether a student's answers are known to cost no less than the teacher's. */
export function neverPays(system: SystemCost, report: CostReport): boolean {
  const teacher = report.systems.find(({ key }) => key === report.teacher)?.perThousand ?? null;
  return (
    teacher !== null &&
    system.perThousand !== null &&
    system.breakEven === null &&
    system.perThousand >= teacher
  );
}

/** After how many answers a student is cheaper, in the few words of a table. */
export function breakEvenCell(
  t: Words,
  f: Formats,
  system: SystemCost,
  report: CostReport,
): string {
  if (system.kind === 'teacher') {
    return system.key === report.teacher ? t.isTeacher : t.otherTeacher;
  }
  if (system.breakEven === null) {
    return neverPays(system, report) ? t.never : t.breakEvenUnknown;
  }
  const isWhole = system.build?.unknown.length === 0;
  return (isWhole ? t.after : t.afterAtLeast)(system.breakEven, f.number(system.breakEven));
}

/** The same as sentences, of each student of which something is known. */
export function breakEvenSentences(t: Words, f: Formats, report: CostReport): string[] {
  const teacher = report.systems.find(({ key }) => key === report.teacher);
  if (teacher === undefined) return [];
  return report.systems.flatMap((system) => {
    if (system.kind === 'teacher') return [];
    if (system.breakEven === null) {
      return neverPays(system, report) ? [t.sentenceNever(system.name, teacher.name)] : [];
    }
    const say = system.build?.unknown.length === 0 ? t.sentence : t.sentenceAtLeast;
    return [say(system.name, teacher.name, system.breakEven, f.number(system.breakEven))];
  });
}

/** What a cascade does on some rows: “the student answers 87% at 94% accuracy, …”. */
export function cascadeSentence(t: Words, f: Formats, point: CascadePoint): string {
  const right = f.percent(point.student.accuracy);
  const said =
    point.coverage === 1 ? t.resultAll(right) : t.result(f.percent(point.coverage), right);
  switch (savingOf(point.cheaper)) {
    case 'unknown':
      return t.resultPlain(said);
    case 'less':
      return t.resultCheaper(said, timesShown(f, point.cheaper ?? 1));
    case 'alike':
      return t.resultAsDear(said);
    case 'more':
      return t.resultDearer(said);
  }
}

/** What a cascade saves against the teacher alone, in a sentence. */
export function savingSentence(t: Words, f: Formats, { cheaper }: CascadePoint): string {
  switch (savingOf(cheaper)) {
    case 'unknown':
      return t.priceUnknown;
    case 'less':
      return t.cheaper(timesShown(f, cheaper ?? 1));
    case 'alike':
      return t.asDear;
    case 'more':
      return t.dearer;
  }
}

/** What would be shown as “1 times cheaper” is no saving. */
function savingOf(cheaper: number | null): 'unknown' | 'less' | 'alike' | 'more' {
  if (cheaper === null) return 'unknown';
  if (cheaper >= 1.05) return 'less';
  return cheaper >= 0.95 ? 'alike' : 'more';
}

/** Whether the test rows bear out what validation promised, and what makes that doubtful. */
export function confirmationSentences(
  t: Words,
  f: Formats,
  cascade: Cascade,
): { readonly tone: 'good' | 'warn'; readonly sentences: string[] } {
  const { outcome, measured, target, few } = confirmationOf(cascade);
  const [found, wanted] = [f.percent(measured.accuracy), f.percent(target)];
  const outcomes = {
    met: t.met(found, wanted, f.percent(measured.low), f.percent(measured.high)),
    short: t.short(found, wanted),
    missed: t.missed(found, wanted, f.percent(measured.low), f.percent(measured.high)),
  };
  return {
    tone: outcome === 'met' && few.length === 0 ? 'good' : 'warn',
    sentences: [
      measured.rows === 0 ? t.answersNone : outcomes[outcome],
      ...few.map((part) => fewSentence(t, f, part, cascade[part])),
    ],
  };
}

export const fewSentence = (
  t: Words,
  f: Formats,
  part: 'validation' | 'test',
  { student }: CascadePoint,
): string =>
  t.fewRows(
    t.missingParts[part],
    ...([student.rows, f.number(student.rows), f.number(fewCascadeRows)] as const),
  );

/** What was asked for, in words. */
export function targetSentence(t: Words, f: Formats, { target }: Pick<Cascade, 'target'>): string {
  switch (target.kind) {
    case 'student':
      return t.targetWords.student(f.percent(target.accuracy));
    case 'together':
      return t.targetWords.together(100 * target.loss, f.number(100 * target.loss));
    case 'threshold':
      return t.targetWords.threshold(f.percent(target.threshold));
  }
}
