import type { JudgeChoice } from '../../../../electron/contract/entities.ts';
import type { Press } from '../../rationales/review/keys.ts';

/** The choices in the order of their keys, 1 to 4. */
export const judgeChoices: readonly JudgeChoice[] = ['left', 'right', 'both', 'neither'];

/** What a key press says while judging; null where it says nothing. */
export function judgeCommandOf(
  press: Pick<Press, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): JudgeChoice | 'undo' | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  // By its place too: on a keyboard that is set to Hangul, U types another letter.
  if (press.key.toLowerCase() === 'u' || press.code === 'KeyU') return 'undo';
  return judgeChoices[Number(press.key) - 1] ?? null;
}
