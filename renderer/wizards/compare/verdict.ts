import type { Accuracy } from '../../../electron/contract/entities.ts';
import { overlap } from '../../ui/interval.ts';

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
