import type {
  ColumnMapping,
  FileInspection,
  MappedRow,
  MappingPreview,
  ReadOptions,
} from '../../contract/entities.ts';
import type { ThreadTask } from '../threads.ts';
import { FewValues, previewRows } from './columns.ts';
import { Duplicates } from './duplicates.ts';
import type { Target } from './gold.ts';
import { baseOf } from './gold.ts';
import { RowMapper } from './mapping.ts';
import type { SourceFile, SourceRecord } from './read/index.ts';
import { columnsOf, lookThrough, withTable } from './reading.ts';
import { suggest, SUGGEST_ROWS } from './suggest.ts';

/** Rows shown of a file, and of what would become of it. */
const SHOWN = 20;
/** A column with more distinct values than this holds no labels to choose from. */
const MOST_LABELS = 100;

/** How long a file is looked at, milliseconds: somebody waits for it. */
export const lookMilliseconds = 1_000;

interface Looked {
  readonly file: SourceFile;
  readonly read: ReadOptions;
  /** How long the file may be looked at, milliseconds. */
  readonly milliseconds: number;
}

/**
 * What a file holds: format, encoding, columns, first rows, and a guess of what each column is for.
 *
 * @throws StudioError file-unreadable, file-too-large, file-empty, file-binary, file-encoding, file-syntax
 */
export const inspectTask: ThreadTask<Looked, never, Omit<FileInspection, 'file'>> = {
  name: 'import.inspect',
  run: ({ file, read, milliseconds }) =>
    withTable(file, read, async (table) => {
      const few = new FewValues(MOST_LABELS);
      const first: SourceRecord[] = [];
      let rowsSeen = 0;
      const whole = await lookThrough(table, milliseconds, (records) => {
        rowsSeen += records.length;
        if (first.length < SUGGEST_ROWS) first.push(...records);
        for (const record of records) few.add(record);
      });
      const columns = [...table.columns];
      const values = few.list(columns);
      const { mapping, task } = suggest({ columns, records: first, values });
      return {
        format: table.format,
        container: table.container,
        entries: [...table.entries],
        entry: table.entry,
        encoding: table.encoding,
        delimiter: table.delimiter,
        header: table.header,
        skipped: table.skipped,
        columns,
        rows: previewRows(columns, first.slice(0, SHOWN)),
        values,
        rowsSeen,
        whole,
        suggested: mapping,
        suggestedTask: task,
      };
    }),
};

/**
 * The first rows as a mapping would import them, and the first problems: what would stop the import
 * is told before it starts, as far as a second of looking shows it.
 *
 * @throws StudioError as {@link inspectTask}; also column-missing and invalid-input
 */
export const previewTask: ThreadTask<
  Looked & { readonly mapping: ColumnMapping; readonly target: Target },
  never,
  MappingPreview
> = {
  name: 'import.preview',
  run: ({ file, read, milliseconds, mapping, target }) =>
    withTable(file, read, async (table) => {
      const mapper = new RowMapper(columnsOf(file, table), mapping, target);
      const duplicates = new Duplicates('keep');
      const rows: MappedRow[] = [];
      let rowsSeen = 0;
      const whole = await lookThrough(table, milliseconds, (records) => {
        rowsSeen += records.length;
        for (const record of records) {
          const { row, valid } = mapper.map(record);
          if (rows.length < SHOWN) rows.push(row);
          if (valid) duplicates.keeps(row);
        }
      });
      // Of a part of the file nothing may have shown yet how it counts choices.
      if (whole || baseOf(mapper.evidence) !== null) mapper.settle(mapper.evidence);
      mapper.finish();
      const { exact, normalised } = duplicates.counts;
      return {
        rows,
        problems: mapper.problems.shown(SHOWN),
        problemRows: mapper.problems.rows,
        duplicates: { exact, normalised },
        rowsSeen,
        whole,
      };
    }),
};
