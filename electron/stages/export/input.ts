import { z } from 'zod';
import { CheckpointChoice, ExportFormat, usualProofRows } from '../../contract/entities.ts';

/** What an export job is started with. Earlier versions gave a run, a name and a folder alone. */
export const ExportInput = z.strictObject({
  runId: z.string(),
  /** What the folders' names begin with; null for project and run. */
  name: z.string().nullable(),
  /** Where the folder of a single format itself is to be, under this very name; null for `into`. */
  folder: z.string().nullable().default(null),
  /** Where the folders are made; null for the workspace's own. */
  into: z.string().nullable().default(null),
  checkpoint: CheckpointChoice.default({ which: 'best' }),
  formats: z.array(ExportFormat).min(1).default(['huggingface']),
  proofRows: z.number().int().min(1).default(usualProofRows),
});
export type ExportInput = z.input<typeof ExportInput>;
export type ParsedExportInput = z.output<typeof ExportInput>;
