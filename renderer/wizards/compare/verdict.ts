import type { Accuracy, Method } from '../../../electron/contract/entities.ts';
import { overlap } from '../../ui/interval.ts';
import { keepsTeacher } from '../train/methods.ts';

export interface Scored {
  readonly name: string;
  readonly score: Accuracy;
}

/** Pairs whose intervals share no point, the higher score first: all that these rows can tell apart. */
export function apart(scored: readonly Scored[]): [string, string][] {
  return scored.flatMap((a, index) =>
    scored
      .slice(index + 1)
      .filter((b) => !overlap(a.score, b.score))
      .map((b): [string, string] =>
        a.score.accuracy >= b.score.accuracy ? [a.name, b.name] : [b.name, a.name],
      ),
  );
}

/** More pairs than these are counted instead of named. */
export const mostNamed = 4;

export interface Summary {
  /** Pairs that are told apart, the higher score first. */
  readonly pairs: readonly [string, string][];
  /** Pairs that there are. */
  readonly all: number;
  /** The highest score, and how many others lie wholly below its interval; null without students. */
  readonly highest: { readonly name: string; readonly above: number } | null;
}

/** What the intervals of several students show, in figures that stay few however many there are. */
export function summaryOf(scored: readonly Scored[]): Summary {
  const pairs = apart(scored);
  const [highest] = scored.toSorted((a, b) => b.score.accuracy - a.score.accuracy);
  return {
    pairs,
    all: Math.max(0, (scored.length * (scored.length - 1)) / 2),
    highest: highest
      ? { name: highest.name, above: pairs.filter(([name]) => name === highest.name).length }
      : null,
  };
}

/** Students whose score is not their own alone: they read what the teacher writes for each question. */
export const helped = <S extends { readonly method: Method }>(students: readonly S[]): S[] =>
  students.filter(({ method }) => keepsTeacher(method));
