import type { Entry } from '../../../../contract/entities.ts';
import type { ReportFacts } from '../facts/schema.ts';
import { formatOf } from './format.ts';
import type { Words } from './words/en/index.ts';

/**
 * The facts with names in the report's language: students that differ by their seed alone are called
 * by method and label, as screens do, with study and rows where two would be alike.
 */
export function inItsWords(facts: ReportFacts, words: Words): ReportFacts {
  const { entries } = facts.scoreboard;
  const short = entries.map((entry) => shortName(entry, words));
  const longer = entries.map((entry, place) => longName(facts, words, entry, short[place]));
  const isAlone = (names: readonly string[], name: string): boolean =>
    names.filter((other) => other === name).length === 1;
  const names = new Map(
    entries.map(({ key, name }, place) => {
      const candidates = [
        { all: short, own: short[place] ?? name },
        { all: longer, own: longer[place] ?? name },
      ];
      return [key, candidates.find(({ all, own }) => isAlone(all, own))?.own ?? name];
    }),
  );
  const renamed = <Named extends { readonly key: string; readonly name: string }>(
    named: Named,
  ): Named => ({ ...named, name: names.get(named.key) ?? named.name });
  return {
    ...facts,
    scoreboard: { ...facts.scoreboard, entries: entries.map(renamed) },
    costs: { ...facts.costs, systems: facts.costs.systems.map(renamed) },
  };
}

function shortName({ name, systems }: Entry, words: Words): string {
  const [first] = systems;
  if (first === undefined || systems.length === 1) return name;
  const { method, labelSource } = first;
  if (method === null || labelSource === null) return name;
  return words.arm(words.methods[method], words.sources[labelSource]);
}

function longName(
  facts: ReportFacts,
  words: Words,
  { name, systems }: Entry,
  short: string | undefined,
): string {
  const [first] = systems;
  const student = facts.students.find(({ key }) => key === first?.key);
  if (short === undefined || student === undefined || systems.length === 1) return name;
  const rows = formatOf(facts.language).count(student.trainRows);
  return words.armOf(short, student.study, rows);
}
