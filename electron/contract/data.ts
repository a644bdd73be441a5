import { z } from 'zod';
import { Count, ExampleId, Id, Part, Percentiles, Task, Time } from './basics.ts';

// ---------------------------------------------------------------- files

export const FileFormat = z.enum(['csv', 'tsv', 'json', 'jsonl', 'parquet', 'xlsx', 'text']);
export type FileFormat = z.infer<typeof FileFormat>;

/** A file or folder the person chose. Main keeps the path; the renderer holds only the handle. */
export const FileHandle = z.strictObject({ fileId: Id, name: z.string(), bytes: Count });
export type FileHandle = z.infer<typeof FileHandle>;

/** Encodings a person may choose: names that `TextDecoder` knows. */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'euc-kr',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'windows-1252',
  'windows-1251',
  'iso-8859-2',
] as const;
export const Encoding = z.enum(encodings);
export type Encoding = z.infer<typeof Encoding>;

/** Lines before a table that can be passed over. */
export const mostSkipped = 10_000;

/** How a file is to be read; null leaves it to be detected. */
export const ReadOptions = z.strictObject({
  encoding: Encoding.nullable().default(null),
  /** One character; for delimited text. */
  delimiter: z.string().length(1).nullable().default(null),
  /** Whether the first row of delimited text or of a sheet names the columns. */
  header: z.boolean().nullable().default(null),
  /** Lines of delimited text, or rows of a sheet, before the table: a title, notes. */
  skip: Count.max(mostSkipped).nullable().default(null),
  /** The file inside a zip, or the sheet of a workbook; both as `book.xlsx / Sheet2`. */
  entry: z.string().max(1_000).nullable().default(null),
});
export type ReadOptions = z.infer<typeof ReadOptions>;

/** What mappings of earlier versions did not say; each default is what they did. */
const LaterMapping = z.strictObject({
  /** Labels as the file writes them -> as the project names them: `{ "0": "entailment" }`. */
  labelMap: z.record(z.string(), z.string()).default({}),
  /** A column that says which part a row belongs to, and what its values mean; other values: none. */
  part: z
    .strictObject({ column: z.string(), values: z.record(z.string(), Part) })
    .nullable()
    .default(null),
  /** Further columns kept with each row: to group by, to divide by time, to look at. */
  keep: z.array(z.string()).max(50).default([]),
});
export const mappingDefaults = LaterMapping.parse({});

/** Which column fills which role. Exactly one of `input` and `template` is set. */
export const ColumnMapping = z.strictObject({
  id: z.string().nullable(),
  input: z.string().nullable(),
  /** Builds the input from several columns: `{question} Context: {context}`. `{{` is a literal brace. */
  template: z.string().nullable(),
  label: z.string().nullable(),
  /** One column that holds a list (JSON array, or text separated by `|`), or one column per choice. */
  choices: z.array(z.string()),
  rationale: z.string().nullable(),
  completion: z.string().nullable(),
  ...LaterMapping.shape,
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;

export const FileInspection = z.strictObject({
  file: FileHandle,
  format: FileFormat,
  /** What the table was packed in; null when it lies bare. */
  container: z.enum(['gzip', 'zip', 'folder', 'clipboard']).nullable(),
  /** Tables to choose from: files of a zip, sheets of a workbook; empty where there is just one. */
  entries: z.array(z.strictObject({ name: z.string(), bytes: Count.nullable() })),
  entry: z.string().nullable(),
  /** Of text: how it is written, and whether that was found out or chosen. Null for Parquet and XLSX. */
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  /** Whether the first row was taken for names; null where the format has names of its own. */
  header: z.boolean().nullable(),
  /** Lines, or rows of a sheet, before the table; null where the format has no place for any. */
  skipped: Count.nullable(),
  columns: z.array(z.string()),
  /** The first 20 rows, each value as the text a person would recognise. */
  rows: z.array(z.record(z.string(), z.string())),
  /** Every distinct value of the columns that hold few of them, over `rowsSeen`: possible labels. */
  values: z.record(z.string(), z.array(z.string())),
  rowsSeen: Count,
  /** Whether those are all rows of the file; a large file is looked at for about a second only. */
  whole: z.boolean(),
  suggested: ColumnMapping,
  suggestedTask: Task,
});
export type FileInspection = z.infer<typeof FileInspection>;

export const MappedRow = z.strictObject({
  externalId: z.string(),
  input: z.string(),
  gold: z.string().nullable(),
  choices: z.array(z.string()).nullable(),
  rationale: z.string().nullable(),
  completion: z.string().nullable(),
  /** The part that its own column gives it. */
  part: Part.nullable(),
  /** Values of the kept columns; null when none is kept. */
  meta: z.record(z.string(), z.string()).nullable(),
});
export type MappedRow = z.infer<typeof MappedRow>;

export const MappingPreview = z.strictObject({
  /** The first 20 rows as they would be imported. */
  rows: z.array(MappedRow),
  /** The first 20 problems of the rows looked at, with the line (row of a sheet or Parquet file) of each. */
  problems: z.array(z.strictObject({ line: Count, message: z.string() })),
  problemRows: Count,
  /** Rows whose input and choices stand in an earlier row. */
  duplicates: z.strictObject({ exact: Count, normalised: Count }),
  rowsSeen: Count,
  whole: z.boolean(),
});
export type MappingPreview = z.infer<typeof MappingPreview>;

// ---------------------------------------------------------------- data sets

/**
 * Rows whose input and choices equal those of an earlier row of the file or of the project: `keep`
 * all, or drop later ones that are equal to the letter (`exact`) or after case, Unicode form and
 * white space are folded (`normalised`).
 */
export const DedupePolicy = z.enum(['keep', 'exact', 'normalised']);
export type DedupePolicy = z.infer<typeof DedupePolicy>;

/** What an import does besides reading. */
export const ImportOptions = z.strictObject({
  read: ReadOptions.prefault({}),
  dedupe: DedupePolicy.default('keep'),
  /** A row that can't be imported stops the import, or is left out and counted. */
  invalidRows: z.enum(['stop', 'skip']).default('stop'),
  /** The data set that this file is a newer version of: rows keep their ids. */
  replaces: Id.nullable().default(null),
  /** Whether rows that the newer file lacks are removed. Rows that a split uses never are. */
  removeMissing: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** What a data set holds, counted when it was imported. */
export const DataCard = z.strictObject({
  /** Rows of the file. */
  read: Count,
  /** Left out because they could not be imported, and the first reasons. */
  skipped: Count,
  skippedReasons: z.array(z.strictObject({ line: Count, message: z.string() })),
  /** Left out by the dedupe policy. */
  dropped: Count,
  /** Among the rows that were kept: rows that equal an earlier one. */
  duplicates: z.strictObject({
    exact: Count,
    normalised: Count,
    /** Of those, with another gold label than the earlier one. */
    conflicting: Count,
  }),
  /** Rows without a gold label. */
  unlabelled: Count,
  /** Gold labels, the commonest first, at most 50. */
  labels: z.array(z.strictObject({ label: z.string(), rows: Count })),
  moreLabels: Count,
  /** Of inputs as a student reads them, in tokens; counted on `rows` rows spread evenly. */
  tokens: z
    .strictObject({
      rows: Count,
      percentiles: Percentiles,
      most: Count,
      /** Share of those rows with more tokens than each of some lengths. */
      above: z.array(z.strictObject({ tokens: Count, share: z.number() })),
    })
    .nullable(),
  /** Languages of the same rows as guessed, the commonest first; `und` where it can't be told. */
  languages: z.array(z.strictObject({ code: z.string(), rows: Count })),
  givenParts: z.strictObject({ train: Count, validation: Count, test: Count }),
});
export type DataCard = z.infer<typeof DataCard>;

export const Dataset = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string(),
  sourceName: z.string(),
  sourceSha256: z.string(),
  rows: Count,
  withGold: Count,
  withCompletion: Count,
  /** Set when the whole file is one part of a given split. */
  givenPart: Part.nullable(),
  mapping: ColumnMapping,
  /** Null for data sets of earlier versions. */
  card: DataCard.nullable(),
  createdAt: Time,
});
export type Dataset = z.infer<typeof Dataset>;

export const Example = z.strictObject({
  id: ExampleId,
  datasetId: Id,
  externalId: z.string(),
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  gold: z.string().nullable(),
  /** Its own, else its data set's. */
  givenPart: Part.nullable(),
});
export type Example = z.infer<typeof Example>;

/** How a newer version of a file differs from its data set. */
export const DatasetDifference = z.strictObject({
  same: Count,
  added: Count,
  /** Input or choices differ: what a teacher answered is about another text and is dropped. */
  inputChanged: Count,
  /** Only gold label, given part or kept columns differ. */
  labelChanged: Count,
  /** Rows that the file lacks; they go only where `removeMissing` says so. */
  removed: Count,
  /** Of the rows that would change or go: rows that a frozen split uses, which stay as they are. */
  frozen: Count,
  /** Answers of teachers that would be dropped. */
  answersDropped: Count,
  shown: z.array(
    z.strictObject({
      kind: z.enum(['added', 'input-changed', 'label-changed', 'removed']),
      externalId: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
      frozen: z.boolean(),
    }),
  ),
});
export type DatasetDifference = z.infer<typeof DatasetDifference>;

// ---------------------------------------------------------------- export of data

/**
 * `jsonl`, `parquet`, `csv`: one row each with `id`, `input`, `label`, `rationale` and more.
 * `chat`: OpenAI's fine-tuning format, one conversation a line.
 */
export const DataExportFormat = z.enum(['jsonl', 'parquet', 'chat', 'csv']);
export type DataExportFormat = z.infer<typeof DataExportFormat>;

export const DataExport = z.strictObject({
  id: Id,
  projectId: Id,
  format: DataExportFormat,
  path: z.string(),
  rows: Count,
  bytes: Count,
  createdAt: Time,
});
export type DataExport = z.infer<typeof DataExport>;
