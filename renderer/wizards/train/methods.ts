import type { ProjectOverview } from '../../../electron/contract/calls.ts';
import type { Method, RunSettings } from '../../../electron/contract/entities.ts';

/** The paper's own method first, then its two baselines, then what it argues against or ablates. */
export const methodOrder: readonly Method[] = [
  'step-by-step',
  'finetune',
  'distill',
  'rationale-input',
  'single-task',
];

/** Chosen before anybody chose: the first method that the project has rows for. */
export const firstMethod = (
  overview: Pick<ProjectOverview, 'withGold' | 'parsed'>,
): readonly Method[] =>
  methodOrder.filter((method) => missingFor(method, overview) === null).slice(0, 1);

/** The label that a method is bound to; null where it is free. */
export const boundLabel: Readonly<Record<Method, RunSettings['labelSource'] | null>> = {
  finetune: 'gold',
  distill: 'teacher',
  'step-by-step': null,
  'rationale-input': null,
  'single-task': null,
};

/** Whether a method does anything with rationales: those for which the label is free. */
export const learnsRationales = (method: Method): boolean => boundLabel[method] === null;

/** Whether rationales are a task of their own, with a loss that has a weight. */
export const hasTwoLosses = (method: Method): boolean => method === 'step-by-step';

/** Whether students write reasons of their own. */
export const explains = (method: Method): boolean =>
  method === 'step-by-step' || method === 'single-task';

/** Whether a rationale is part of what the student reads, and so asked of the teacher for ever. */
export const keepsTeacher = (method: Method): boolean => method === 'rationale-input';

/** The published code's weight of the label loss that has the same direction as the paper's lambda. */
export const alphaOf = (lambda: number): number => 1 / (1 + lambda);

/** What a project lacks for a method, as the key of its words; null where it lacks nothing. */
export function missingFor(
  method: Method,
  { withGold, parsed }: Pick<ProjectOverview, 'withGold' | 'parsed'>,
): 'noGold' | 'noTeacher' | null {
  if (boundLabel[method] === 'gold') return withGold === 0 ? 'noGold' : null;
  return parsed === 0 ? 'noTeacher' : null;
}
