import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TinyRow {
  readonly id: string;
  readonly input: string;
  readonly label: string;
  readonly completion: string;
}

const names = ['Ada', 'Bo', 'Cem', 'Dora', 'Eli', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jun'];
const things = ['pens', 'shells', 'stamps', 'coins', 'cards', 'beads', 'nuts', 'keys'];

/**
 * Small sums, no two about the same person and thing, with a recorded completion each; every seventh
 * completion has no answer in it. At most 80 of them.
 */
export function tinyRows(count: number): TinyRow[] {
  return Array.from({ length: count }, (_, index) => {
    const [a, b] = [index + 2, (index * 3) % 7];
    const label = `${a} + ${b}`;
    const name = names[index % names.length] ?? '';
    const thing = things[Math.floor(index / names.length)] ?? '';
    const thought = `There are ${a} ${thing} and then ${b} more.`;
    return {
      id: `r${index}`,
      input: `${name} has ${a} ${thing} and gets ${b} more. How many ${thing} does ${name} have?`,
      label,
      completion: index % 7 === 6 ? thought : `${thought} The answer is (${label}).`,
    };
  });
}

/** Writes rows as JSONL. @returns the file's path */
export function writeRows(folder: string, name: string, rows: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}
