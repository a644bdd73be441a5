import type { Entry, SystemKey } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { armName } from '../../train/study/arms.ts';

/** The name of an entry by its key. */
export type Named = (key: string) => string;

/**
 * Names of a scoreboard's entries: of a single system its own, of several seeds the method with its
 * label in the page's language, or the longer name that the scoreboard gave where two would be alike.
 */
export function entryNames(entries: readonly Entry[], nameOf: (key: SystemKey) => string): Named {
  const short = entries.map((entry) => shortName(entry, nameOf));
  const names = new Map(
    entries.map((entry, index) => {
      const own = short[index] ?? entry.name;
      const isShared = short.some((other, at) => at !== index && other === own);
      return [entry.key, isShared && entry.systems.length > 1 ? entry.name : own];
    }),
  );
  return (key) => names.get(key) ?? key;
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
export const needsTeacher = ({ systems }: Entry): boolean =>
  systems.some((system) => system.needsTeacher);
