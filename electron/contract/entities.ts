import { z } from 'zod';
import { Id, Task, Time } from './basics.ts';
import { EngineId } from './training.ts';

export { Accuracy, ExampleId, Id, Part, Percentiles, Task } from './basics.ts';
export * from './teacher.ts';
export * from './extraction.ts';
export * from './data.ts';
export * from './review.ts';
export * from './split.ts';
export * from './training.ts';
export * from './study.ts';
export * from './comparison.ts';
export * from './comparison-rows.ts';
export * from './comparison-use.ts';
export * from './cascade.ts';
export * from './export.ts';

export const Project = z.strictObject({
  id: Id,
  name: z.string(),
  task: Task,
  /** The label set of a classification project; empty for other tasks. */
  labels: z.array(z.string()),
  /** True for the sample project: its rows are generated, and every screen says so. */
  synthetic: z.boolean(),
  createdAt: Time,
});
export type Project = z.infer<typeof Project>;

export const StudentAnswer = z.strictObject({
  label: z.string(),
  rationale: z.string().nullable(),
  milliseconds: z.number().nonnegative(),
});
export type StudentAnswer = z.infer<typeof StudentAnswer>;

/** An exported student's answer, and whether it is to be used where a threshold was saved. */
export const ExportAnswer = z.strictObject({
  ...StudentAnswer.shape,
  /** Probability that the student gave to the label it wrote; null where it wrote none. */
  confidence: z.number().nullable().default(null),
  /** Below this confidence the teacher is to be asked; null without a saved cascade. */
  threshold: z.number().nullable().default(null),
});
export type ExportAnswer = z.infer<typeof ExportAnswer>;

export const EngineReport = z.strictObject({
  id: EngineId,
  available: z.boolean(),
  /** Plain words: what it is and what is notable, or why it can't be used here and what helps. */
  detail: z.string(),
  /** Name of the processor or the graphics adapter; null where the system does not tell. */
  device: z.string().nullable(),
  /** 10^9 operations a second in a float32 matrix product; null when not measured. */
  gflops: z.number().positive().nullable(),
  /** One training step of the `micro` student at its usual batch; null when not measured. */
  stepMilliseconds: z.number().positive().nullable(),
  /** Operations of a student that run on the processor although the engine is a GPU's. */
  fallbacks: z.array(z.string()),
  /** The fastest measured training step; never set without a measurement. */
  recommended: z.boolean(),
});
export type EngineReport = z.infer<typeof EngineReport>;

export const Preferences = z.strictObject({
  language: z.enum(['system', 'en', 'ko']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Name that a person's reviews carry when they are exported; empty until they say it. */
  reviewer: z.string().max(80).default(''),
  /** Whether single letters are commands of the review; off for who presses them without meaning to. */
  shortcuts: z.boolean().default(true),
  /** Whether trainings that waited when the studio was closed go on by themselves when it is opened. */
  resumeQueue: z.boolean().default(false),
});
export type Preferences = z.infer<typeof Preferences>;
