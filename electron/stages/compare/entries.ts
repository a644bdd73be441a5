import type { System, SystemKey } from '../../contract/entities.ts';
import type { AnswerSheet, SystemColumns } from '../../core/comparison/sheet.ts';

/** A system and its answers. */
export interface Contender {
  readonly system: System;
  readonly columns: SystemColumns;
}

/** A line of the scoreboard: a teacher, a student, or students that differ by their seed alone. */
export interface Line {
  /** Of its only system, else `group:` and the group. */
  readonly key: string;
  readonly name: string;
  readonly members: readonly [Contender, ...Contender[]];
}

/**
 * Systems as lines of a scoreboard, in the order in which their first one was asked for; the members
 * of a line by their seeds. Runs of one group stand in one line.
 *
 * @param systems in the order of the sheet's
 * @param studyName of a study's id, to tell lines apart that have the same method and label
 */
export function linesOf(
  systems: readonly System[],
  sheet: Pick<AnswerSheet, 'systems'>,
  studyName: (studyId: string) => string,
): Line[] {
  const grouped = new Map<string, Contender[]>();
  sheet.systems.forEach((columns, index) => {
    const system = systems[index];
    if (system?.key !== columns.key) throw new Error('the sheet is of other systems');
    const group = groupIn(grouped, system);
    const members = grouped.get(group) ?? [];
    grouped.set(group, members);
    members.push({ system, columns });
  });
  const lines = [...grouped].flatMap(([group, members]) => {
    const [first, ...others] = members.sort(bySeed);
    if (first === undefined) return [];
    return [
      {
        key: others.length === 0 ? first.system.key : `group:${group}`,
        members: [first, ...others] as const,
      },
    ];
  });
  const names = namesOf(lines, studyName);
  return lines.map((line, index) => ({ ...line, name: names[index] ?? line.key }));
}

/**
 * Where a system stands. Of imported students a seed stands once in a line: the same one again, as of
 * another checkpoint, is no second draw.
 */
function groupIn(grouped: ReadonlyMap<string, readonly Contender[]>, system: System): string {
  const group = system.group ?? system.key;
  const isThere = grouped.get(group)?.some((each) => each.system.seed === system.seed) ?? false;
  return system.imported !== null && isThere ? system.key : group;
}

/** The same lines without answers: who they are, and nothing of what they said. */
export const unreadLines = (
  systems: readonly System[],
  studyName: (studyId: string) => string,
): Line[] => linesOf(systems, { systems: systems.map(({ key }) => unread(key)) }, studyName);

const unread = (key: SystemKey): SystemColumns => ({
  key,
  ...{ asked: new Uint8Array(), label: new Int32Array(), correct: new Int8Array() },
  confidence: new Float32Array(),
});

/**
 * Positions of the rows that count for all these lines: with a gold label, and asked of every system.
 */
export function sharedRows(sheet: AnswerSheet, lines: readonly Line[]): Int32Array {
  const columns = lines.flatMap(({ members }) => members.map((member) => member.columns));
  const shared: number[] = [];
  for (let row = 0; row < sheet.gold.length; row++) {
    if ((sheet.gold[row] ?? -1) < 0) continue;
    if (columns.every(({ asked }) => asked[row] === 1)) shared.push(row);
  }
  return Int32Array.from(shared);
}

/** Which of the rows a system was right on: 1 or 0. */
export const rightOn = ({ correct }: SystemColumns, rows: Int32Array): Uint8Array =>
  Uint8Array.from(rows, (row) => (correct[row] === 1 ? 1 : 0));

/** The same for each system of a line. */
export const answersOn = ({ members }: Line, rows: Int32Array): Uint8Array[] =>
  members.map(({ columns }) => rightOn(columns, rows));

const bySeed = (a: Contender, b: Contender): number => (a.system.seed ?? 0) - (b.system.seed ?? 0);

type Members = Pick<Line, 'members'>;

/** Names of single systems as they are; of several seeds the method, and what else tells them apart. */
function namesOf(lines: readonly Members[], studyName: (studyId: string) => string): string[] {
  const several = lines.filter(({ members }) => members.length > 1).map(({ members }) => members);
  const words = several.map(([{ system }]) => [
    methodOf(system),
    ...(system.studyId === null ? [] : [studyName(system.studyId)]),
    ...(system.trainRows === null ? [] : [`${system.trainRows} rows`]),
  ]);
  const named = (count: number): string[] => words.map((each) => each.slice(0, count).join(', '));
  const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  const names = [1, 2, 3].map(named).find(isUnique) ?? numbered(named(3));
  return lines.map(({ members }) =>
    members.length === 1 ? members[0].system.name : (names[several.indexOf(members)] ?? ''),
  );
}

/** `step-by-step, gold label`; for `finetune` and `distill` the label goes without saying. */
function methodOf({ method, labelSource, name }: System): string {
  if (method === null || labelSource === null) return name;
  if (method === 'finetune' || method === 'distill') return method;
  return `${method}, ${labelSource === 'gold' ? 'gold label' : 'teacher’s label'}`;
}

/** With a number where a name was there before. */
const numbered = (names: readonly string[]): string[] =>
  names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
