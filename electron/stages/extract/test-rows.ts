import { sha256 } from '../../core/hash.ts';
import { normaliseText } from '../../core/text.ts';
import type { Store } from '../../store/store.ts';
import { Breath } from './breath.ts';

/** Test rows of one split: external ids by the hash of the normalised input. */
type TestRows = ReadonlyMap<string, string>;

/** Splits whose test rows are remembered, since a preview is made at every change of a template. */
const remembered = 4;
const known = new WeakMap<Store, Map<string, TestRows>>();

/**
 * Looks inputs up among the test parts of all splits of a project: an exemplar that is a test row
 * would flatter the teacher's score. Splits never change, so each is read once.
 *
 * @returns the external id of the test row with this normalised input, or null
 */
export async function testRowLookup(
  store: Store,
  projectId: string,
): Promise<(normalisedInput: string) => string | null> {
  const splits = known.get(store) ?? new Map<string, TestRows>();
  known.set(store, splits);
  const parts: TestRows[] = [];
  for (const { id } of store.splits.list(projectId)) {
    const rows = splits.get(id) ?? (await readTestRows(store, id));
    splits.delete(id);
    splits.set(id, rows);
    parts.push(rows);
  }
  for (const id of [...splits.keys()].slice(0, -remembered)) splits.delete(id);
  return (input) => {
    const name = sha256(input);
    for (const rows of parts) {
      const externalId = rows.get(name);
      if (externalId !== undefined) return externalId;
    }
    return null;
  };
}

/** Examples that are in the test part of any split of the project. */
export function testIds(store: Store, projectId: string): Set<number> {
  const ids = new Set<number>();
  for (const split of store.splits.list(projectId)) {
    for (const { id } of store.splits.members(split.id, 'test')) ids.add(id);
  }
  return ids;
}

async function readTestRows(store: Store, splitId: string): Promise<TestRows> {
  const breath = new Breath();
  const rows = new Map<string, string>();
  for (const { input, externalId } of store.splits.members(splitId, 'test')) {
    rows.set(sha256(normaliseText(input)), externalId);
    await breath.take();
  }
  return rows;
}
