import type { SystemCost, TeacherKind } from '../../contract/entities.ts';

/** What 1,000 answers cost, US dollars, and where the figure comes from; null where it is not known. */
export interface Price {
  readonly perThousand: number | null;
  readonly basis: SystemCost['basis'];
}

/** What is saved of a teacher's answers. */
export interface TeacherFacts {
  readonly kind: TeacherKind;
  /** US dollars for 1,000 answers, as a person said; null where nobody did. */
  readonly entered: number | null;
  /** US dollars that the extraction has cost; null without a price. */
  readonly cost: number | null;
  /** Answers there are, and those of them that an earlier extraction had paid for. */
  readonly answers: number;
  readonly reused: number;
  /** Answers that are asked for each row. */
  readonly samples: number;
}

/**
 * What a teacher takes for 1,000 rows: what a person entered, else what its saved answers have cost
 * each, times the answers that it gives to a row. Failed and repeated requests were paid for and are
 * in it; reused answers were not and are left out. A recorded teacher has no price of its own.
 */
export function teacherPrice(facts: TeacherFacts): Price {
  const { kind, entered, cost, answers, reused, samples } = facts;
  if (entered !== null) return { perThousand: entered, basis: 'entered' };
  if (kind === 'practice') return { perThousand: 0, basis: 'free' };
  const paid = answers - reused;
  if (kind === 'recorded' || cost === null || paid <= 0) return unknownPrice;
  if (cost === 0) return { perThousand: 0, basis: 'free' };
  return { perThousand: (1_000 * samples * cost) / paid, basis: 'saved' };
}

/**
 * What a student takes for 1,000 rows: the machine's time, and the teacher's price where it reads the
 * teacher's rationale with every row.
 *
 * @param secondsPerRow null where it was not measured
 * @param machineHour US dollars; null: the machine's time is not counted
 * @param teacher the price of the teacher that it needs; null of a student that needs none
 */
export function studentPrice(
  secondsPerRow: number | null,
  machineHour: number | null,
  teacher: Price | null,
): Price {
  const own =
    machineHour === null ? 0 : secondsPerRow === null ? null : (secondsPerRow * machineHour) / 3.6;
  const teachers = teacher === null ? 0 : teacher.perThousand;
  if (own === null || teachers === null) return unknownPrice;
  return {
    perThousand: own + teachers,
    basis: machineHour === null && teachers === 0 ? 'free' : 'measured',
  };
}

/** What is known of how a student was made. */
export interface BuildFacts {
  /** Whether it learned anything from the teacher: labels, rationales, or both. */
  readonly taught: boolean;
  /** The price of that teacher's answers, and for how many rows there are some. */
  readonly teacher: Price;
  readonly teacherRows: number;
  /** Null where it is not known how long it trained. */
  readonly trainingHours: number | null;
  /** US dollars; null: the machine's time is not counted. */
  readonly machineHour: number | null;
}

/**
 * What making a student has cost, once: all answers of the extraction that it learned from, those for
 * validation and test rows too, and the machine's hours of its training. One that was trained on a
 * share of the rows is charged that share of the answers.
 */
export function buildCost(facts: BuildFacts): NonNullable<SystemCost['build']> {
  const { taught, teacher, teacherRows, trainingHours, machineHour } = facts;
  const perRow = teacher.perThousand === null ? null : teacher.perThousand / 1_000;
  const rationales = taught ? perRow && perRow * teacherRows : 0;
  const training =
    machineHour === null ? 0 : trainingHours === null ? null : trainingHours * machineHour;
  return {
    rationales,
    training,
    trainingHours,
    total: (rationales ?? 0) + (training ?? 0),
    unknown: [
      ...(rationales === null ? (['rationales'] as const) : []),
      ...(training === null ? (['training'] as const) : []),
    ],
  };
}

/**
 * The fewest answers after which building and asking the student has cost less than asking the
 * teacher: the smallest n with build + n * student < n * teacher.
 *
 * @param build US dollars; the prices are those of 1,000 answers
 * @returns null where the student is no cheaper, or a price is not known
 */
export function breakEven(
  build: number,
  student: number | null,
  teacher: number | null,
): number | null {
  if (student === null || teacher === null || student >= teacher) return null;
  const even = (1_000 * build) / (teacher - student);
  const answers = Math.floor(even * (1 + rounding)) + 1;
  return Number.isSafeInteger(answers) ? answers : null;
}

/** What a quotient of sums of money may be off by: equal costs are no saving. */
const rounding = 1e-12;

/** What so many answers cost, US dollars: building once, and each answer. */
export const costAt = (volume: number, build: number, perThousand: number): number =>
  build + (volume * perThousand) / 1_000;

const unknownPrice: Price = { perThousand: null, basis: 'unknown' };
