import type { Migration } from '../migrate.ts';
import { initial } from './001-initial.ts';
import { teachers } from './002-teachers.ts';
import { rowTotals } from './003-row-totals.ts';
import { review } from './004-review.ts';
import { training } from './005-training.ts';
import { answersOfRuns } from './006-answers-of-runs.ts';
import { comparison } from './007-comparison.ts';
import { exporting } from './008-exporting.ts';

/** Every migration, oldest first. One that was released is never edited: changes are a new one. */
export const migrations: readonly Migration[] = [
  initial,
  teachers,
  rowTotals,
  review,
  training,
  answersOfRuns,
  comparison,
  exporting,
];
