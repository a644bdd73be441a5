import { z } from 'zod';

/** Ids of entities are UUIDs; examples are numbered, since there may be a million of them. */
export const Id = z.string().min(1).max(64);
export const ExampleId = z.number().int().positive();
export const Count = z.number().int().nonnegative();
/** ISO 8601, UTC. */
export const Time = z.string();

export const Task = z.enum(['text', 'classification', 'multiple-choice', 'arithmetic']);
export type Task = z.infer<typeof Task>;

export const Part = z.enum(['train', 'validation', 'test']);
export type Part = z.infer<typeof Part>;

/** A proportion with its Wilson 95% interval. */
export const Accuracy = z.strictObject({
  correct: Count,
  rows: Count,
  accuracy: z.number(),
  low: z.number(),
  high: z.number(),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** 5th, 50th and 95th percentile. */
export const Percentiles = z.strictObject({ p5: z.number(), p50: z.number(), p95: z.number() });
export type Percentiles = z.infer<typeof Percentiles>;
