import type { Region, RegionShapes, Slot } from './arena.ts';

/** Regions that an optimizer carries from step to step; checkpoints save them. */
export const stateRegions = ['first', 'second', 'row', 'column'] as const satisfies Region[];
export type StateRegion = (typeof stateRegions)[number];

/** One update of all parameters. */
export interface UpdateSettings {
  readonly learningRate: number;
  /** Decoupled, on every parameter, norms included. */
  readonly weightDecay: number;
  /** Gradients are scaled down to this global L2 norm; null leaves them as they are. */
  readonly clipNorm: number | null;
  /** 1 for the first update. */
  readonly step: number;
}

/** The same, seen from one parameter: clipping has become a factor. */
export interface ParameterUpdate {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly step: number;
  /** Gradients are multiplied by this first. */
  readonly gradientScale: number;
}

/** A rule that moves one parameter after another; all it remembers lies in the arena. */
export interface Optimizer {
  readonly kind: 'adamw' | 'adafactor';
  /** The regions it needs for a parameter of this shape, beside the parameter and its gradient. */
  regions(shape: readonly number[]): RegionShapes;
  /** Moves one parameter and its state; the gradient stays as it is. */
  update(slot: Slot, now: ParameterUpdate): void;
}
