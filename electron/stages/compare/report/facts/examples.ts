import type { AnswerSheet } from '../../../../core/comparison/sheet.ts';
import { Random } from '../../../../core/random.ts';

/**
 * Rows to show, as places in the sheet: those on which the systems disagree first, then others; each
 * kind drawn by the seed, and shown in its order in the data.
 */
export function drawRows(
  sheet: AnswerSheet,
  { count, seed }: { readonly count: number; readonly seed: number },
): { readonly places: readonly number[]; readonly disagreements: number } {
  const places = Array.from(sheet.exampleIds, (_, place) => place);
  const split = places.filter((place) => disagreeAt(sheet, place));
  const random = new Random(seed);
  const drawn = inOrder(random.shuffle(split).slice(0, count));
  const agreeing = places.filter((place) => !disagreeAt(sheet, place));
  const rest = inOrder(random.shuffle(agreeing).slice(0, Math.max(0, count - drawn.length)));
  return { places: [...drawn, ...rest], disagreements: split.length };
}

/** Whether two systems that were asked gave answers that score differently. */
export function disagreeAt({ systems }: AnswerSheet, place: number): boolean {
  const said = systems.flatMap(({ asked, label }) =>
    asked[place] === 1 ? [label[place] ?? -1] : [],
  );
  return said.some((label) => label !== said[0]);
}

const inOrder = (places: readonly number[]): number[] => [...places].sort((a, b) => a - b);
