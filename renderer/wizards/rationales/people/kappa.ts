/** Words for a kappa, after Landis and Koch (1977), The Measurement of Observer Agreement. */
export type Strength = 'poor' | 'slight' | 'fair' | 'moderate' | 'substantial' | 'perfect';

const upTo: readonly (readonly [number, Strength])[] = [
  [0.2, 'slight'],
  [0.4, 'fair'],
  [0.6, 'moderate'],
  [0.8, 'substantial'],
];

export function strengthOf(kappa: number): Strength {
  if (kappa < 0) return 'poor';
  return upTo.find(([most]) => kappa <= most)?.[1] ?? 'perfect';
}

/** The words for both ends of an interval. */
export const strengthsOf = ([low, high]: readonly [number, number]): [Strength, Strength] => [
  strengthOf(low),
  strengthOf(high),
];
