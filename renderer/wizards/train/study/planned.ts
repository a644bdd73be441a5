import { i18n } from '../../../lib/i18n/index.svelte.ts';
import type { StudyDraft } from './draft.svelte.ts';

/** How the runs of a plan come about: `8 methods × 3 seeds = 24 runs`. */
export function plannedWords({ kind, arms, shares, seedCount }: StudyDraft): string {
  const s = i18n.t.studies;
  const f = i18n.format;
  const methods = s.methodsOf(arms.length, f.number(arms.length));
  const product =
    kind === 'data-size'
      ? s.plannedShares(
          methods,
          s.amountsOf(shares.length, f.number(shares.length)),
          seedCount,
          f.number(seedCount),
        )
      : s.plannedOf(methods, seedCount, f.number(seedCount));
  const runs = arms.length * seedCount * (kind === 'data-size' ? shares.length : 1);
  return `${product} = ${s.runsOf(runs, f.number(runs))}`;
}
