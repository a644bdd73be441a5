import type {
  CompareFilter,
  Comparing,
  RowCounts,
} from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';
import { Resource } from '../../../lib/resource.svelte.ts';

/** Filters whose rows are counted at a time; contract `compare.countRows`. */
const mostCounted = 40;

/** A filter that can be turned on, by a key of its own. */
export interface Candidate {
  readonly key: string;
  readonly filter: CompareFilter;
}

interface Counted {
  readonly counts: RowCounts;
  readonly rows: readonly { readonly key: string; readonly rows: number }[];
}

/** How many rows each filter that is offered would leave. */
export class FilterCounts {
  readonly resource: Resource<Counted | null>;
  #comparing: Comparing | null = null;
  #candidates: readonly Candidate[] = [];

  constructor(client: Client) {
    this.resource = new Resource(async () => {
      const comparing = this.#comparing;
      const candidates = this.#candidates.slice(0, mostCounted);
      if (comparing === null) return null;
      const filters = candidates.map(({ filter }) => filter);
      const counts = await client.call('compare.countRows', { ...comparing, filters });
      const rows = candidates.map(({ key }, at) => ({ key, rows: counts.counts[at] ?? 0 }));
      return { counts, rows };
    });
  }

  /** Of the part, as far as it is known. */
  get choices(): RowCounts | null {
    return this.resource.value?.counts ?? null;
  }

  /** Null while it is not known. */
  of(key: string): number | null {
    return this.resource.value?.rows.find((each) => each.key === key)?.rows ?? null;
  }

  ask(comparing: Comparing, candidates: readonly Candidate[]): Promise<void> {
    this.#comparing = comparing;
    this.#candidates = candidates;
    return this.resource.load();
  }
}
