import type { Entry, System, SystemKey } from '../../../../contract/entities.ts';
import type { ReportFacts } from '../facts/schema.ts';
import type { Section } from './blocks.ts';
import { badge } from './blocks.ts';
import type { Format } from './format.ts';
import { html, said } from './markup.ts';
import type { Html, Part } from './markup.ts';
import type { Words } from './words/en/index.ts';

/** What every section is written from. */
export interface Page {
  readonly facts: ReportFacts;
  readonly words: Words;
  readonly format: Format;
}

/** A section, or null where there is nothing to say. */
export type Writer = (page: Page) => Section | null;

/** Name of a line of the scoreboard or of one system, by its key. */
export function nameOf({ facts }: Page, key: string): string {
  const { entries } = facts.scoreboard;
  const entry = entries.find((candidate) => candidate.key === key);
  const system = entries.flatMap(({ systems }) => systems).find((one) => one.key === key);
  const teacher = facts.teachers.find((one) => one.key === key);
  return entry?.name ?? system?.name ?? teacher?.name ?? key;
}

/** The same as markup. */
export const named = (page: Page, key: SystemKey | string): Html => said(nameOf(page, key));

/** A system's name with whatever has to be known wherever its figures stand. */
export const entryCell = (page: Page, entry: Entry): Html =>
  html`${said(entry.name)}<br />${entryBadges(page, entry)}`;

export function entryBadges(page: Page, { systems }: Entry): Part {
  const { words } = page;
  const [first] = systems;
  if (first === undefined) return null;
  const seeds = systems.flatMap(({ seed }) => (seed === null ? [] : [String(seed)]));
  return [
    ...warningBadges(words, first),
    ...importedBadges(page, systems),
    first.method !== null && badge('', words.methods[first.method]),
    first.kind === 'teacher' && badge('', words.teacher),
    seeds.length > 1 && badge('', words.seeds(seeds.join(', '))),
  ];
}

/** Of students that were not trained here, and of their seeds the most test rows that one has seen. */
function importedBadges({ words, format, facts }: Page, systems: readonly System[]): Html[] {
  const imported = systems.flatMap((system) => system.imported ?? []);
  if (imported.length === 0) return [];
  const seen = Math.max(...imported.map(({ seenTestRows }) => seenTestRows ?? 0));
  return [
    badge('', words.imported),
    ...(seen > 0 && facts.part === 'test'
      ? [badge('warn', words.seenTestRows(seen, format.count(seen)))]
      : []),
  ];
}

const warningBadges = (words: Words, { teacherKind, needsTeacher }: System): Html[] => [
  ...(teacherKind === 'practice' ? [badge('warn', words.practice)] : []),
  ...(teacherKind === 'recorded' ? [badge('', words.recorded)] : []),
  ...(needsTeacher ? [badge('warn', words.needsTeacher)] : []),
];

export const isTeacher = ({ systems }: Entry): boolean => systems[0]?.kind === 'teacher';
