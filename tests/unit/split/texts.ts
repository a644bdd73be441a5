import type { Random } from '../../../electron/core/random.ts';
import { maskedText, NameFinder } from '../../../electron/core/mask.ts';
import { AlikeBuilder } from '../../../electron/stages/split/guard/alike.ts';
import type { AlikeRows } from '../../../electron/stages/split/guard/alike.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A sentence of made-up words. */
export function sentence(random: Random, words = 20): string {
  const word = () =>
    Array.from({ length: random.integer(3, 9) }, () => random.pick([...letters])).join('');
  return Array.from({ length: words }, word).join(' ');
}

/** The text with so many of its words replaced by others. */
export function changed(text: string, words: number, random: Random): string {
  const all = text.split(' ');
  for (const index of random.shuffle([...all.keys()]).slice(0, words)) {
    all[index] = sentence(random, 1);
  }
  return all.join(' ');
}

/** Rows with these texts, and ids from 1. */
export function alikeOf(texts: readonly string[], exemplars: readonly string[] = []): AlikeRows {
  const finder = new NameFinder();
  for (const text of texts) finder.add(text);
  const names = finder.statistics();
  const builder = new AlikeBuilder(exemplars, (text) => maskedText(text, names));
  texts.forEach((text, index) => {
    builder.add({ id: index + 1, text, masked: maskedText(text, names) });
  });
  return builder.finish();
}

/** The value at the end of some work. */
export function finished<T>(work: Generator<number, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
