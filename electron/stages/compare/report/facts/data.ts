import { z } from 'zod';
import { ImportOptions } from '../../../../contract/entities.ts';
import type { Dataset, LeakReport, Split } from '../../../../contract/entities.ts';
import { StudioError } from '../../../../contract/errors.ts';
import type { Store } from '../../../../store/store.ts';
import type { DataFacts, SplitFacts } from './schema.ts';

/** Data sets of the project with what was counted when they were imported. */
export const dataFacts = (store: Store, projectId: string): DataFacts[] =>
  store.data.list(projectId).map(({ projectId: _projectId, ...dataset }) => ({
    ...dataset,
    options: optionsOf(store, dataset),
  }));

/** Of an import's own arguments, those that say how the file was read. */
const Imported = z.object({ options: ImportOptions.prefault({}) });

/** A data set has the id of the job that imported it; the sample's rows had none. */
function optionsOf(store: Store, { id }: Pick<Dataset, 'id'>): ImportOptions | null {
  try {
    const job = store.jobs.get(id);
    return job.kind === 'import' ? (Imported.safeParse(job.input).data?.options ?? null) : null;
  } catch (caught) {
    if (caught instanceof StudioError && caught.code === 'not-found') return null;
    throw caught;
  }
}

/** A split without the texts that its leak guard found alike. */
export function splitFacts({ id: _id, projectId: _projectId, leaks, ...split }: Split): SplitFacts {
  return { ...split, leaks: leaks && withoutTexts(leaks) };
}

const withoutTexts = ({ key: _key, shown: _shown, ...counted }: LeakReport): SplitFacts['leaks'] =>
  counted;
