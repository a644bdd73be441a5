import type { ProjectOverview } from '../../../../electron/contract/calls.ts';
import type { Arm } from '../../../../electron/contract/entities.ts';
import type { Dictionary } from '../../../lib/i18n/index.svelte.ts';
import { boundLabel, learnsRationales, methodOrder } from '../methods.ts';

export const labelSources = ['gold', 'teacher'] as const;

/** Every way to train: each method with each label that it can learn. */
export const allArms: readonly Arm[] = methodOrder.flatMap((method) =>
  labelSources
    .filter((labelSource) => (boundLabel[method] ?? labelSource) === labelSource)
    .map((labelSource) => ({ method, labelSource })),
);

export const armKey = ({ method, labelSource }: Arm): string => `${method} ${labelSource}`;
export const sameArm = (a: Arm, b: Arm): boolean => armKey(a) === armKey(b);

/** Whether an arm learns anything that a teacher wrote. */
export const usesTeacher = ({ method, labelSource }: Arm): boolean =>
  labelSource === 'teacher' || learnsRationales(method);

/** A method's name; with its label where it can learn either. */
export function armName(t: Dictionary, arm: Arm): string {
  const method = t.methods[arm.method];
  return boundLabel[arm.method] !== null
    ? method
    : t.studies.armOf(method, t.studies.sources[arm.labelSource]);
}

/** What a project lacks for an arm; null where it can be trained. */
export function lacks(
  arm: Arm,
  { withGold, parsed }: Pick<ProjectOverview, 'withGold' | 'parsed'>,
): 'gold' | 'teacher' | null {
  if (arm.labelSource === 'gold' && withGold === 0) return 'gold';
  return usesTeacher(arm) && parsed === 0 ? 'teacher' : null;
}
