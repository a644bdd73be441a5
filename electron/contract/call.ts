import { z } from 'zod';
import { Count, Id } from './basics.ts';

/** What the tables of calls are written with. */

export const Nothing = z.strictObject({});
export const InProject = z.strictObject({ projectId: Id });
export const InExtraction = z.strictObject({ extractionId: Id });
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.strictObject({ rows: z.array(row), total: Count });
export const Window = { offset: Count, limit: z.number().int().min(1).max(500) };
export const Name = z.string().trim().min(1).max(120);

export interface CallDefinition {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}
/** One call: what is asked, and what is answered. */
export const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ input, output }) as const;
