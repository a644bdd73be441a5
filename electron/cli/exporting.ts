import { resolve } from 'node:path';
import { ExportFormat, usualProofRows } from '../contract/entities.ts';
import type { CheckpointChoice, ExportRecord, Project, Run } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { exportDefinition } from '../ipc/handlers/export.ts';
import { readNames } from './arguments.ts';
import type { Session } from './session.ts';

/** What is written of a run, and where. */
export interface ExportRequest {
  readonly checkpoint: CheckpointChoice;
  /** `all`: every format that this student can be written in. */
  readonly formats: readonly ExportFormat[] | 'all';
  /** What the folders' names begin with; null for project and run. */
  readonly name: string | null;
  /** Where the folders are made; null for the workspace's own `exports/`. */
  readonly into: string | null;
  /** Where the folder of a single format itself is to be; null for `into`. */
  readonly folder: string | null;
  readonly proofRows: number;
}

export const usualExport: ExportRequest = {
  ...{ checkpoint: { which: 'best' }, formats: ['huggingface'], name: null, into: null },
  ...{ folder: null, proofRows: usualProofRows },
};

/**
 * Writes a run's student in one format after another, each proven to answer as the run does.
 * @returns what was written, in the order of the formats
 */
export async function exportRun(
  session: Session,
  project: Project,
  run: Run,
  request: ExportRequest,
): Promise<[ExportRecord, ...ExportRecord[]]> {
  const formats = await formatsOf(session, run, request.formats);
  if (request.folder !== null && formats.length > 1) {
    throw new StudioError(
      'invalid-input',
      '--out names the folder of one format, and several are asked for.',
      'Use --into for the folder in which they are made, and --name for how they begin.',
    );
  }
  const records = () => session.ask('exports.list', { projectId: project.id });
  const before = new Set((await records()).map(({ id }) => id));
  const job = await start(session, run, { ...request, formats });
  await session.wait(
    job,
    'Formats that are done are kept, nothing half-written is. Run it again for those that are missing.',
    formatLine,
  );
  const made = (await records()).filter(({ id, runId }) => runId === run.id && !before.has(id));
  const [first, ...others] = made;
  if (first !== undefined && made.length === formats.length) return [first, ...others];
  throw new StudioError('internal', 'The exports can not be found.', 'Export the run again.');
}

async function start(
  session: Session,
  run: Run,
  request: ExportRequest & { readonly formats: readonly ExportFormat[] },
): Promise<JobRecord> {
  const { checkpoint, name, into, folder, proofRows } = request;
  const formats = [...request.formats];
  const about = { runId: run.id, checkpoint, formats, proofRows };
  if (folder === null) {
    const place = into === null ? null : { path: resolve(into) };
    return session.ask('exports.start', { ...about, name, into: place });
  }
  return session.studio.jobs.start(exportDefinition, {
    ...{ projectId: run.projectId, subjectId: run.id, title: `Export ${run.name}` },
    input: { ...about, name: null, into: null, folder: resolve(folder) },
  });
}

/** What can be written of this student; formats that are named are left as they are. */
async function formatsOf(
  session: Session,
  { id: runId }: Run,
  wanted: ExportRequest['formats'],
): Promise<readonly ExportFormat[]> {
  if (wanted !== 'all') return wanted;
  const { formats } = await session.ask('exports.options', { runId });
  for (const { format, refused } of formats) {
    if (refused !== null) session.terminal.note(`Left out: ${format}. ${refused}`);
  }
  return formats.flatMap(({ format, refused }) => (refused === null ? [format] : []));
}

/** `onnx (2 of 3)`, beside the bar. */
function formatLine({ progress: { exporting } }: JobRecord): string {
  const format = exporting?.formats[exporting.done];
  if (exporting === undefined || format === undefined) return '';
  return `${format} (${exporting.done + 1} of ${exporting.formats.length})`;
}

/** Reads `--format huggingface,onnx-int8` or `--format all`. @throws StudioError invalid-input */
export function readFormats(text: string): readonly ExportFormat[] | 'all' {
  if (text.trim() === 'all') return 'all';
  const formats = readNames(text).map((name) => {
    const parsed = ExportFormat.safeParse(name);
    if (parsed.success) return parsed.data;
    throw new StudioError(
      'invalid-input',
      `--format takes ${ExportFormat.options.join(', ')} or all; “${name}” is none of them.`,
      'For example: --format huggingface,onnx-int8',
    );
  });
  if (formats.length > 0) return [...new Set(formats)];
  throw new StudioError(
    'invalid-input',
    '--format names no format.',
    'For example: --format huggingface,onnx-int8',
  );
}

/** Reads `--checkpoint best`, `last` or a step. @throws StudioError invalid-input */
export function readCheckpoint(text: string): CheckpointChoice {
  const word = text.trim();
  if (word === 'best' || word === 'last') return { which: word };
  const step = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isSafeInteger(step)) return { which: 'step', step };
  throw new StudioError(
    'invalid-input',
    `--checkpoint takes best, last or a step; “${text}” is none of them.`,
    'For example: --checkpoint best',
  );
}
