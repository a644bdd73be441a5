import { z } from 'zod';
import type {
  FileHandle,
  FileInspection,
  MappedRow,
  MappingPreview,
  Project,
} from '../../contract/entities.ts';
import { ColumnMapping, Part } from '../../contract/entities.ts';
import { canonicalJson, seedFrom } from '../../core/hash.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { Breather, Stopped } from './breather.ts';
import { fewValues, previewRows } from './columns.ts';
import { RowMapper } from './mapping.ts';
import { readTableFile } from './read.ts';
import { suggest } from './suggest.ts';

/** Rows shown of a file, and of what would become of it. */
const SHOWN = 20;
/** A column with more distinct values than this holds no labels to choose from. */
const MOST_LABELS = 100;

/** A chosen file as main knows it; the renderer holds the handle only. */
export interface ChosenFile extends FileHandle {
  readonly path: string;
}

/**
 * What a file holds: format, encoding, columns, first rows, and a guess of what each column is for.
 *
 * @throws StudioError file-unreadable, file-too-large, file-empty, file-binary, file-encoding, file-syntax
 */
export async function inspectFile(file: ChosenFile): Promise<FileInspection> {
  const read = await readTableFile(file.path, file.name, new Breather());
  const { mapping, task } = suggest(read.table);
  return {
    file: { fileId: file.fileId, name: file.name, bytes: file.bytes },
    format: read.format,
    encoding: read.encoding,
    delimiter: read.delimiter,
    columns: [...read.table.columns],
    rows: previewRows(read.table, SHOWN),
    values: fewValues(read.table, MOST_LABELS),
    suggested: mapping,
    suggestedTask: task,
  };
}

/**
 * The first rows as a mapping would import them, and the first problems of the whole file: what would
 * stop the import is told before it starts.
 *
 * @throws StudioError as {@link inspectFile}; also column-missing and invalid-input
 */
export async function previewMapping(
  file: ChosenFile,
  mapping: ColumnMapping,
  project: Project,
): Promise<MappingPreview> {
  const breather = new Breather();
  const { table } = await readTableFile(file.path, file.name, breather);
  const mapper = new RowMapper(table, mapping, project);
  const rows: MappedRow[] = [];
  for (const record of table.records) {
    await breather.row();
    const row = mapper.map(record);
    if (rows.length < SHOWN) rows.push(row);
  }
  mapper.finish();
  const problems = mapper.problems
    .list()
    .slice(0, SHOWN)
    .map(({ line, message }) => ({ line, message }));
  return { rows, problems };
}

export const ImportInput = z.strictObject({
  path: z.string().min(1),
  /** The file's name as the person knows it; uploads lie under another one. */
  sourceName: z.string().min(1),
  /** Name of the data set; null for the file's name without its extension. */
  name: z.string().min(1).nullable(),
  mapping: ColumnMapping,
  /** Set when the whole file is one part of a given split. */
  givenPart: Part.nullable(),
});
export type ImportInput = z.infer<typeof ImportInput>;

/**
 * Imports a file into the job's project: reads it, checks every row, and only then saves all of them
 * in one transaction. A failure or a stop before that leaves the project as it was.
 *
 * @throws StudioError as {@link previewMapping}; also rows-invalid and id-duplicate
 */
export const importJob: JobDefinition<ImportInput> = {
  kind: 'import',
  input: ImportInput,
  unit: 'rows',
  lane: 'disk',
  async run(context, input) {
    try {
      await importFile(context, input);
    } catch (caught) {
      if (!(caught instanceof Stopped)) throw caught;
      context.log.info({ file: input.sourceName }, 'import stopped before anything was saved');
    }
  },
};

async function importFile(context: JobContext, input: ImportInput): Promise<void> {
  const { store, job } = context;
  const project = store.projects.get(job.projectId);
  const reading = new Breather(context.signal, (done) => {
    context.progress({ done, total: null, phase: 'preparing' });
  });
  const { table, sha256 } = await readTableFile(input.path, input.sourceName, reading);
  if (isImported(context, input, sha256)) return;

  const total = table.records.length;
  const checking = new Breather(context.signal, (done) => {
    context.progress({ done, total, phase: 'working' });
  });
  const mapper = new RowMapper(table, input.mapping, project);
  const rows: MappedRow[] = [];
  for (const record of table.records) {
    await checking.row();
    rows.push(mapper.map(record));
  }
  mapper.finish();
  if (!mapper.problems.none) throw mapper.problems.toError(input.sourceName);

  context.progress({ done: total, total, phase: 'saving' });
  await checking.breathe(); // the last moment to stop
  const dataset = store.data.create(
    {
      projectId: project.id,
      name: input.name ?? input.sourceName.replace(/\.[^.]+$/, ''),
      sourceName: input.sourceName,
      sourceSha256: sha256,
      mapping: input.mapping,
      givenPart: input.givenPart,
      seed: seedFrom(sha256),
    },
    rows,
  );
  context.progress({ done: total, total, phase: 'saving' });
  context.saved('data');
  context.log.info({ dataset: dataset.id, rows: total }, 'file imported');
}

/**
 * Whether this very job has saved its rows already: it was interrupted after its one transaction and
 * before the end was written down, and must not import the file twice.
 */
function isImported({ store, job }: JobContext, input: ImportInput, sha256: string): boolean {
  return store.data
    .list(job.projectId)
    .some(
      (dataset) =>
        dataset.createdAt >= job.createdAt &&
        dataset.sourceSha256 === sha256 &&
        dataset.sourceName === input.sourceName &&
        dataset.givenPart === input.givenPart &&
        canonicalJson(dataset.mapping) === canonicalJson(input.mapping),
    );
}
