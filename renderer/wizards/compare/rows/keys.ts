import { commands, commandOf } from '../../rationales/review/keys.ts';
import type { Press } from '../../rationales/review/keys.ts';

/** What keys do among compared rows: the same as in the review of rationales, as far as there is the like. */
export const rowCommands = ['next', 'previous', 'first', 'last', 'note', 'search', 'keys'] as const;
export type RowCommand = (typeof rowCommands)[number];

export const keysOf = (command: RowCommand): readonly string[] => commands[command];

/** The command of a key press; null where it has none here. */
export function rowCommandOf(press: Press, letters: boolean): RowCommand | null {
  const command = commandOf(press, letters);
  return rowCommands.find((each) => each === command) ?? null;
}
