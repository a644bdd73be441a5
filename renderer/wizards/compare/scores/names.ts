import type { Entry, ImportedStudent, SystemKey } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { armName } from '../../train/study/arms.ts';

/** The name of an entry by its key. */
export type Named = (key: string) => string;

/**
 * Names of a scoreboard's entries: of a single system its own, of several seeds the method with its
 * label in the page's language. Where two would be alike, the rows that they learned tell them apart,
 * and where these do not either, the longer name that the scoreboard gave.
 */
export function entryNames(entries: readonly Entry[], nameOf: (key: SystemKey) => string): Named {
  const short = entries.map((entry) => shortName(entry, nameOf));
  const longer = entries.map((entry, index) => withRows(entry, short[index] ?? entry.name));
  const names = new Map(
    entries.map((entry, index) => {
      const own = [short, longer].find((all) => isUnique(all, index))?.[index];
      return [entry.key, own ?? (entry.systems.length > 1 ? entry.name : (short[index] ?? ''))];
    }),
  );
  return (key) => names.get(key) ?? key;
}

const isUnique = (names: readonly string[], index: number): boolean =>
  names.every((name, at) => at === index || name !== names[index]);

/** With the rows that its students learned; a single system is told apart by its own name. */
function withRows({ systems }: Entry, name: string): string {
  const rows = systems[0]?.trainRows ?? null;
  if (systems.length === 1 || rows === null) return name;
  return i18n.t.compareScores.withRows(name, i18n.format.number(rows));
}

function shortName({ name, systems }: Entry, nameOf: (key: SystemKey) => string): string {
  const [first] = systems;
  if (first === undefined) return name;
  if (systems.length === 1) return nameOf(first.key);
  const { method, labelSource } = first;
  return method === null || labelSource === null ? name : armName(i18n.t, { method, labelSource });
}

export const isTeacher = ({ systems }: Entry): boolean => systems[0]?.kind === 'teacher';
export const isPractice = ({ systems }: Entry): boolean => systems[0]?.teacherKind === 'practice';
/** What is to be said of imported students of an entry: of several seeds the most rows that one has seen. */
export function importedOf({ systems }: Entry): ImportedStudent | null {
  const all = systems.flatMap(({ imported }) => imported ?? []);
  if (all.length === 0) return null;
  const seen = all.flatMap(({ seenTestRows }) => seenTestRows ?? []);
  return {
    trainingKnown: all.every(({ trainingKnown }) => trainingKnown),
    seenTestRows: seen.length === 0 ? null : Math.max(...seen),
  };
}

export const needsTeacher = ({ systems }: Entry): boolean =>
  systems.some((system) => system.needsTeacher);
