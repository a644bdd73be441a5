import { z } from 'zod';
import { Id } from './basics.ts';
import { InProject, Name, call } from './call.ts';
import {
  CheckpointChoice,
  ExportAnswer,
  ExportCheck,
  ExportFormat,
  ExportOptions,
  ExportRecord,
  ExportSnippet,
  ImportReport,
  ImportedAsking,
  ImportedFrom,
  usualProofRows,
} from './entities.ts';
import { JobRecord } from './jobs.ts';

const OfExport = z.strictObject({ exportId: Id });

/** A folder that was chosen in the system's dialog, or typed where there is none. */
const FolderSource = z.union([
  z.strictObject({ fileId: Id }),
  z.strictObject({ path: z.string().trim().min(1).max(4_096) }),
]);

/** Students written out, tried and asked there, and taken back in. */
export const exportCalls = {
  'exports.options': call(z.strictObject({ runId: Id }), ExportOptions),
  /**
   * Writes each format into a folder of its own, tries it, and keeps it only if it answers as the run's
   * student does. Formats come one after another; those that are done stay when the job is stopped.
   */
  'exports.start': call(
    z.strictObject({
      runId: Id,
      /** What the folders' names begin with; null for project and run. */
      name: Name.nullable(),
      checkpoint: CheckpointChoice.default({ which: 'best' }),
      formats: z
        .array(ExportFormat)
        .min(1)
        .refine((formats) => new Set(formats).size === formats.length)
        .default(['huggingface']),
      /** Where the folders are made; null for the workspace's own folder for exports. */
      into: FolderSource.nullable().default(null),
      proofRows: z.number().int().min(1).max(10_000).default(usualProofRows),
    }),
    JobRecord,
  ),
  'exports.list': call(InProject, z.array(ExportRecord)),
  /** Reads every file of the folder again and compares it with the certificate. */
  'exports.check': call(OfExport, ExportCheck),
  /** Programs that ask this export, ready to be copied. */
  'exports.snippets': call(OfExport, z.array(ExportSnippet)),
  /**
   * Asks the exported folder itself, with no store and no teacher. A student that was trained to read
   * the teacher's rationale is given one with the question.
   */
  'exports.predict': call(
    z.strictObject({
      exportId: Id,
      text: z.string().min(1).max(20_000),
      teacherRationale: z.string().max(20_000).nullable().default(null),
    }),
    ExportAnswer,
  ),

  /** Looks at a folder that is to become a student of a split, and keeps nothing. */
  'runs.lookAtImport': call(z.strictObject({ splitId: Id, source: FolderSource }), ImportReport),
  /**
   * Copies the folder's student into the workspace, where it stands among the runs of the split. One
   * that reads the teacher's rationale needs the extraction whose rationales it is to be given.
   */
  'runs.import': call(
    z.strictObject({
      splitId: Id,
      extractionId: Id.nullable(),
      source: FolderSource,
      name: Name.nullable(),
      /** Where the folder does not say it itself. */
      asking: ImportedAsking.nullable(),
    }),
    JobRecord,
  ),
  /** Where an imported run comes from. @throws not-found for one that was trained here */
  'runs.importedFrom': call(z.strictObject({ runId: Id }), ImportedFrom),
} as const;
