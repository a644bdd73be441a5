import type { SplitFacts } from './schema.ts';

/** Words of `stepwise split` that divide the same rows the same way. */
export function splitWords({ name, settings, leaks }: SplitFacts): string[] {
  const { kind, validation, test, seed, fold, timeColumn, groupColumn, move } = settings;
  const threshold = move?.near ?? leaks?.threshold ?? null;
  const moved = move === null ? [] : movedKinds(move);
  return [
    ...['split', '--kind', kind],
    ...['--validation', String(validation), '--test', String(test), '--seed', String(seed)],
    ...(settings.stratify ? [] : ['--no-stratify']),
    ...(settings.groupByMaskedText ? [] : ['--no-group']),
    ...(settings.maskNames ? ['--by-template'] : []),
    ...(groupColumn === null ? [] : ['--group-by', groupColumn]),
    ...(timeColumn === null ? [] : ['--time', timeColumn]),
    ...(fold === null ? [] : ['--folds', String(fold.of)]),
    ...(threshold === null ? [] : ['--threshold', String(threshold)]),
    ...(moved.length === 0 ? [] : ['--move', moved.join(',')]),
    ...(leaks === null ? ['--no-guard'] : []),
    ...(fold === null ? ['--name', name] : []),
  ];
}

const movedKinds = (move: NonNullable<SplitFacts['settings']['move']>): string[] => [
  ...(move.exact ? ['exact'] : []),
  ...(move.normalised ? ['normalised'] : []),
  ...(move.near === null ? [] : ['near']),
  ...(move.template ? ['template'] : []),
  ...(move.exemplars ? ['exemplars'] : []),
];
