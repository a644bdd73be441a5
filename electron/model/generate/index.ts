export type { BeamOptions } from './beam.ts';
export type { DecoderOptions } from './decoder.ts';
export { Generator } from './generator.ts';
export type { ScoredText } from './hypotheses.ts';
