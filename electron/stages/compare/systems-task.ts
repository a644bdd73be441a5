import type { Comparing, Part, System, Systems } from '../../contract/entities.ts';
import { openReader } from '../../store/open.ts';
import type { ThreadTask } from '../threads.ts';
import { describeSystems, listSystems } from './systems.ts';

/** Rows of a part whose answers are counted where they are asked for. */
export const rowsCountedHere = 5_000;

interface OfPart {
  readonly projectId: string;
  readonly splitId: string;
  readonly part: Part;
}

/** Who can be compared: counts the answers of everybody. */
export const listSystemsTask: ThreadTask<
  { readonly database: string; readonly of: OfPart },
  never,
  Systems
> = {
  name: 'compare.systems',
  run({ database, of }) {
    const store = openReader(database);
    try {
      return Promise.resolve(listSystems(store, of));
    } finally {
      store.close();
    }
  },
};

/** Who is compared: counts their answers. */
export const describeSystemsTask: ThreadTask<
  { readonly database: string; readonly comparing: Comparing },
  never,
  System[]
> = {
  name: 'compare.described',
  run({ database, comparing }) {
    const store = openReader(database);
    try {
      return Promise.resolve(describeSystems(store, comparing));
    } finally {
      store.close();
    }
  },
};
