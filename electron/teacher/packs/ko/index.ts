import type { Pack } from '../pack.ts';
import { arithmetic } from './arithmetic.ts';
import { classification } from './classification.ts';
import { commonsense } from './commonsense.ts';
import { entailment } from './entailment.ts';
import { intent } from './intent.ts';
import { reading } from './reading.ts';
import { sentiment } from './sentiment.ts';
import { text } from './text.ts';
import { topic } from './topic.ts';

/** The packs in Korean, in the order in which they are offered. */
export const korean: readonly Pack[] = [
  entailment,
  commonsense,
  arithmetic,
  sentiment,
  intent,
  topic,
  reading,
  text,
  classification,
];
