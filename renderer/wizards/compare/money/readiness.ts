import type { System, SystemKey, Systems } from '../../../../electron/contract/entities.ts';

export type CascadePart = 'validation' | 'test';

/** What is not there yet on a part of what a cascade needs. */
export type Lack =
  | { readonly kind: 'rows' }
  | { readonly kind: 'predictions' | 'confidence' }
  | { readonly kind: 'teacher' }
  | { readonly kind: 'some'; readonly asked: number; readonly rows: number };

export interface Readiness {
  readonly part: CascadePart;
  readonly lacks: readonly Lack[];
  /** Whether there is enough to go on; rows that the teacher was not asked are left out. */
  readonly isReady: boolean;
  /** Whether evaluating the student would help. */
  readonly canEvaluate: boolean;
}

/** Whether a student and a teacher have answered what a cascade needs on a part. */
export function readinessOf(
  part: CascadePart,
  systems: Systems,
  student: SystemKey,
  teacher: SystemKey,
): Readiness {
  const find = (key: SystemKey): System | null =>
    systems.systems.find((system) => system.key === key) ?? null;
  const lacks =
    systems.rows === 0
      ? [{ kind: 'rows' } as const]
      : [...studentLacks(find(student)), ...teacherLacks(find(teacher), systems.rows)];
  return {
    part,
    lacks,
    isReady: lacks.every(({ kind }) => kind === 'some'),
    canEvaluate: lacks.some(({ kind }) => kind === 'predictions' || kind === 'confidence'),
  };
}

function studentLacks(student: System | null): Lack[] {
  if (student === null || !student.complete) return [{ kind: 'predictions' }];
  return student.withConfidence < student.answered ? [{ kind: 'confidence' }] : [];
}

function teacherLacks(teacher: System | null, rows: number): Lack[] {
  const asked = teacher?.answered ?? 0;
  if (asked === 0) return [{ kind: 'teacher' }];
  return asked < rows ? [{ kind: 'some', asked, rows }] : [];
}
