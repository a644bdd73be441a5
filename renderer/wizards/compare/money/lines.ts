import type { CostReport, SystemCost } from '../../../../electron/contract/entities.ts';
import type { Dash, Series, Tone } from '../../../ui/chart-options.ts';

/** Students that a picture can hold apart. */
const mostStudents = 5;
/** Places of a line in each tenfold. */
const perTenfold = 8;

const looks: readonly { tone: Tone; dash: Dash }[] = [
  { tone: 'accent', dash: 'solid' },
  { tone: 'warn', dash: 'mixed' },
  { tone: 'good', dash: 'dotted' },
  { tone: 'bad', dash: 'mixed' },
  { tone: 'soft', dash: 'dotted' },
];

/** Costs over volume; places are powers of ten, since the axis is logarithmic. */
export interface CostLines {
  readonly x: readonly number[];
  readonly series: readonly Series[];
  /** Students with a known price that are not drawn. */
  readonly left: number;
}

/**
 * Lines of the teacher and of the students that pay off first. Null where fewer than two prices are
 * known: nothing would cross.
 */
export function costLines(report: CostReport): CostLines | null {
  const teacher = report.systems.find(({ key }) => key === report.teacher);
  const students = report.systems
    .filter(({ kind, perThousand }) => kind === 'student' && perThousand !== null)
    .toSorted((a, b) => (a.breakEven ?? Infinity) - (b.breakEven ?? Infinity));
  if (teacher === undefined || teacher.perThousand === null || students.length === 0) return null;
  const drawn = students.slice(0, mostStudents);
  const x = placesOf(report, drawn);
  return {
    x,
    series: [
      { label: teacher.name, values: x.map(costOf(teacher)), tone: 'ink', dash: 'dashed' },
      ...drawn.map((student, at): Series => ({
        label: student.name,
        values: x.map(costOf(student)),
        ...(looks[at] ?? { tone: 'soft', dash: 'solid' }),
      })),
    ],
    left: students.length - drawn.length,
  };
}

/** From one answer to a year's, and past every crossing. */
function placesOf({ settings }: CostReport, drawn: readonly SystemCost[]): number[] {
  const crossings = drawn.flatMap(({ breakEven }) => breakEven ?? []);
  const most = Math.min(
    12,
    Math.ceil(Math.log10(Math.max(12 * settings.volume, ...crossings)) + 0.5),
  );
  return Array.from({ length: most * perTenfold + 1 }, (_, at) => at / perTenfold);
}

const costOf =
  ({ perThousand, build }: SystemCost) =>
  (place: number): number | null =>
    perThousand === null ? null : (build?.total ?? 0) + (10 ** place * perThousand) / 1_000;
