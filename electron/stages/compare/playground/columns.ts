import type { Run } from '../../../contract/entities.ts';

/** What a result file says of each student, in this order. */
export const answerFields = ['label', 'confidence', 'rationale'] as const;
export type AnswerField = (typeof answerFields)[number];

/** A student's columns in a result file. */
export type AnswerColumns = Readonly<Record<AnswerField, string>>;

/**
 * The columns that students' answers are written under: `<name> label` and so on. Students of one name
 * are told apart by their seeds, else by a number; no name is one that the file has already.
 *
 * @param taken columns of the file itself
 */
export function answerColumns(
  taken: readonly string[],
  students: readonly Pick<Run, 'name' | 'settings'>[],
): AnswerColumns[] {
  const used = new Set(taken);
  return students.map(({ name, settings }) => {
    const isShared = students.filter((each) => each.name === name).length > 1;
    const base = isShared ? `${name} (seed ${settings.seed})` : name;
    for (let n = 1; ; n++) {
      const columns = columnsOf(n === 1 ? base : `${base} (${n})`);
      const names = Object.values(columns);
      if (names.some((column) => used.has(column))) continue;
      for (const column of names) used.add(column);
      return columns;
    }
  });
}

const columnsOf = (name: string): AnswerColumns => ({
  label: `${name} label`,
  confidence: `${name} confidence`,
  rationale: `${name} rationale`,
});
