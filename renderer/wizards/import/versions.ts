import type { ColumnMapping, Dataset } from '../../../electron/contract/entities.ts';
import { stem } from './guess.ts';

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

const plainName = (name: string): string => {
  const bare = stem(name).toLowerCase();
  return bare.replace(/(?:[\s_.-]*(?:\(\d+\)|v?\d+|copy|new|final))+$/, '') || bare;
};
