import { catchUp } from './search-index.ts';
import type { Indexed } from './search-index.ts';
import { searchPath } from './search-reader.ts';

export interface SearchTaskInput {
  /** The store's file. */
  readonly path: string;
  /** Whether the index is made anew, because it was found to be damaged. */
  readonly anew: boolean;
}

/** Catches the full-text index up with the store, in a thread. Only one may run at a time. */
export const searchTask = {
  name: 'search.index',
  async run(
    { path, anew }: SearchTaskInput,
    emit: (batch: Indexed) => Promise<void>,
  ): Promise<null> {
    await catchUp({ store: path, index: searchPath(path), anew }, emit);
    return null;
  },
};
