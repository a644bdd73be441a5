import type {
  ColumnMapping,
  Dataset,
  FileInspection,
} from '../../../electron/contract/entities.ts';
import { stem } from './guess.ts';
import { templateColumns } from './template-check.ts';

/** What is known of the file that may be a newer version. */
interface Candidate {
  readonly source: { readonly file: { readonly name: string } | null };
  readonly mapping: ColumnMapping;
}

/**
 * Why a file may be a newer version of a data set: it bears the same name but for numbers, as
 * `remarks (2).csv` and `remarks-v3.csv` do, or uses the same columns for the same; null: nothing says so.
 */
export function likeness(
  { source, mapping }: Candidate,
  dataset: Pick<Dataset, 'sourceName' | 'mapping'>,
): 'name' | 'columns' | null {
  if (source.file !== null && plainName(source.file.name) === plainName(dataset.sourceName)) {
    return 'name';
  }
  const { id, input, template, label } = dataset.mapping;
  const same =
    mapping.id === id &&
    mapping.input === input &&
    mapping.template === template &&
    mapping.label === label;
  return same ? 'columns' : null;
}

/** The newest data set whose mapping a file could take over: the file has every column that it names. */
export function fittingDataset(
  datasets: readonly Dataset[],
  { columns }: Pick<FileInspection, 'columns'>,
): Dataset | null {
  const fitting = datasets.filter(({ mapping }) =>
    columnsOf(mapping).every((column) => columns.includes(column)),
  );
  return fitting.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0] ?? null;
}

/** Every column that a mapping names. */
function columnsOf(mapping: ColumnMapping): string[] {
  const { id, input, template, label, choices, rationale, completion, part, keep } = mapping;
  const single = [id, input, label, rationale, completion, part?.column ?? null];
  const named = single.filter((column) => column !== null);
  return [...named, ...choices, ...keep, ...(template === null ? [] : templateColumns(template))];
}

const plainName = (name: string): string => {
  const bare = stem(name).toLowerCase();
  return bare.replace(/(?:[\s_.-]*(?:\(\d+\)|v?\d+|copy|new|final))+$/, '') || bare;
};
