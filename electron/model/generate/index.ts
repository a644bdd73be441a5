export type { BeamOptions } from './beam.ts';
export type { DecoderOptions } from './decoder.ts';
export { Generator, type StreamOptions } from './generator.ts';
export type { ScoredText } from './hypotheses.ts';
export type { LabelScores } from './labels.ts';
export type { SampleOptions } from './sample.ts';
export type { WrittenText } from './texts.ts';
