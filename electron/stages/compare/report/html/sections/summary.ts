import { isShownAlone } from '../../../../../contract/entities.ts';
import type { Entry, PairVerdict } from '../../../../../contract/entities.ts';
import { list, note, tiles } from '../blocks.ts';
import type { Section } from '../blocks.ts';
import type { Html, Part } from '../markup.ts';
import { isTeacher, nameOf } from '../page-context.ts';
import type { Page } from '../page-context.ts';

/**
 * The whole in plain sentences. A highest score is never told without what may be concluded from it,
 * so that no sentence names a bare winner.
 */
export function summary(page: Page): Section {
  const { words } = page;
  return {
    id: 'summary',
    title: words.summary.title,
    body: [
      warnings(page),
      list(
        [compared(page), ...scores(page), ...money(page), ...trust(page)].filter(
          (sentence) => typeof sentence === 'string',
        ),
      ),
      figures(page),
    ],
  };
}

/** What nobody may overlook. */
function warnings({ facts, words, format }: Page): Part[] {
  const { entries } = facts.scoreboard;
  const practice = facts.teachers.filter(({ kind }) => kind === 'practice');
  const reading = entries.filter(({ systems }) => systems[0]?.needsTeacher === true);
  const seen = entries.filter(({ systems }) =>
    systems.some(({ imported }) => (imported?.seenTestRows ?? 0) > 0),
  );
  const namesOf = (named: readonly { readonly name: string }[]): string =>
    format.list(named.map(({ name }) => name));
  return [
    facts.project.synthetic && note('warning', words.warnings.synthetic),
    practice.length > 0 && note('warning', words.warnings.practice(namesOf(practice))),
    reading.length > 0 && note('warning', words.warnings.needsTeacher(namesOf(reading))),
    facts.part === 'test' &&
      seen.length > 0 &&
      note('warning', words.warnings.seenTestRows(namesOf(seen))),
    facts.part !== 'test' && note('warning', words.warnings.partOther),
  ];
}

function compared({ facts, words, format }: Page): string {
  const { entries, rows, withGold } = facts.scoreboard;
  const systems = entries.flatMap((entry) => entry.systems);
  const teachers = systems.filter(({ kind }) => kind === 'teacher').length;
  const students = systems.length - teachers;
  return words.summary.compared(
    teachers === 0 ? null : words.summary.teachers(teachers, format.count(teachers)),
    words.summary.students(students, format.count(students)),
    { rows: format.count(rows), gold: format.count(withGold), part: words.parts[facts.part] },
  );
}

function scores(page: Page): Part[] {
  const { facts, words, format } = page;
  const { entries, withGold, verdicts } = facts.scoreboard;
  if (withGold === 0) return [words.summary.noScores];
  const scored = entries.filter(({ accuracy }) => accuracy !== null);
  const teachers = scored.filter(isTeacher);
  const students = scored.filter((entry) => !isTeacher(entry));
  const [highest] = students;
  const alone = students.find(({ systems }) => systems[0]?.needsTeacher === false);
  return [
    ...teachers.map(({ name, accuracy }) =>
      accuracy === null ? null : words.summary.teacherScore(name, format.interval(accuracy)),
    ),
    ...(highest === undefined ? [] : [highestOf(page, highest, students.length - 1)]),
    alone === undefined || alone === highest || alone.accuracy === null
      ? null
      : words.summary.highestAlone(alone.name, format.interval(alone.accuracy)),
    ...(highest === undefined
      ? []
      : teachers.flatMap((teacher) => againstTeacher(page, highest, teacher))),
    words.summary.margin(format.count(rowsShared(page)), format.share(verdicts.marginOfError)),
    verdicts.pairs.length > 1 && words.summary.corrected(format.count(verdicts.pairs.length)),
  ];
}

/** Rows that the margin of error is about, worked back from it (`marginOfError`). */
const rowsShared = ({ facts }: Page): number =>
  Math.round((0.98 / facts.scoreboard.verdicts.marginOfError) ** 2);

function highestOf({ facts, words, format }: Page, entry: Entry, others: number): string {
  const interval = entry.accuracy === null ? words.unknown : format.interval(entry.accuracy);
  if (others === 0) return words.summary.oneStudent(entry.name, interval);
  const students = new Set(
    facts.scoreboard.entries.filter((one) => !isTeacher(one)).map(({ key }) => key),
  );
  const better = facts.scoreboard.verdicts.pairs.filter(
    ({ a, b, verdict }) => a === entry.key && verdict === 'better' && students.has(b),
  ).length;
  const first = words.summary.highest(entry.name, interval);
  const then =
    better === 0
      ? words.summary.betterThanNone(others, format.count(others))
      : words.summary.betterThan(better === others, format.count(better), format.count(others));
  return `${first} ${then}`;
}

function againstTeacher(page: Page, student: Entry, teacher: Entry): string[] {
  const { facts, words, format } = page;
  const { pairs, margin } = facts.scoreboard.verdicts;
  const pair = pairs.find(
    ({ a, b }) =>
      (a === student.key && b === teacher.key) || (a === teacher.key && b === student.key),
  );
  if (pair === undefined) return [];
  const gap = format.gap(towards(pair, student.key));
  const { againstTeacher: say } = words.summary;
  const sentence = {
    better: () =>
      (pair.a === student.key ? say.better : say.worse)(student.name, teacher.name, gap),
    alike: () => say.alike(student.name, teacher.name, gap, format.share(margin)),
    'not-shown': () => say['not-shown'](student.name, teacher.name, gap),
  }[pair.verdict]();
  const needed =
    pair.verdict === 'not-shown' && pair.rowsNeeded !== null && pair.rowsNeeded > pair.rows
      ? ` ${words.summary.rowsNeeded(format.count(pair.rowsNeeded))}`
      : isShownAlone(pair)
        ? ` ${say.shownAlone}`
        : '';
  return [sentence + needed];
}

/** The difference as that of one entry to the other. */
function towards({ a, difference }: PairVerdict, key: string): PairVerdict['difference'] {
  if (a === key) return difference;
  const { value, low, high } = difference;
  return { value: -value, low: -high, high: -low };
}

function money(page: Page): string[] {
  const { facts, words, format } = page;
  const { systems, teacher } = facts.costs;
  const theirs = systems.find(({ key }) => key === teacher);
  const students = facts.scoreboard.entries.filter((entry) => !isTeacher(entry));
  // One that asks the teacher with every question has nothing to earn back.
  const student = students.find(({ systems }) => !systems[0]?.needsTeacher) ?? students[0];
  const own = systems.find(({ key }) => key === student?.key);
  if (theirs === undefined || own === undefined) return [];
  if (theirs.perThousand === null || own.perThousand === null) return [];
  const first = words.summary.cost(
    nameOf(page, own.key),
    format.money(own.perThousand),
    nameOf(page, theirs.key),
    format.money(theirs.perThousand),
  );
  const then =
    own.breakEven === null
      ? words.summary.noBreakEven
      : words.summary.breakEven(format.count(own.breakEven));
  return [`${first} ${then}`];
}

function trust({ facts, words, format }: Page): string[] {
  const { leaks } = facts.split;
  const { looks } = facts.scoreboard;
  return [
    leaks === null
      ? words.summary.notGuarded
      : leaks.heldOut === 0
        ? words.summary.noLeaks
        : words.summary.leaks(format.count(leaks.heldOut)),
    ...(facts.part === 'test'
      ? [`${words.summary.looks(looks, format.count(looks))} ${words.warnings.partTest}`]
      : []),
  ];
}

function figures({ facts, words, format }: Page): Html | null {
  const { withGold, verdicts, looks } = facts.scoreboard;
  if (withGold === 0) return null;
  const { tiles: named } = words.summary;
  const shown = verdicts.pairs.filter(({ verdict }) => verdict === 'better').length;
  return tiles([
    { name: named.rows, value: format.count(withGold) },
    { name: named.margin, value: named.points(format.share(verdicts.marginOfError)) },
    {
      name: named.pairs,
      value: named.pairsOf(format.count(shown), format.count(verdicts.pairs.length)),
    },
    ...(facts.part === 'test' ? [{ name: named.looks, value: format.count(looks) }] : []),
  ]);
}
