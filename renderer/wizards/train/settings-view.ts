import type { RunSettings } from '../../../electron/contract/training.ts';

export type AnySetting = keyof RunSettings;

/** Every setting of a run, in the order in which a person thinks of them. */
export const settingGroups: readonly {
  readonly name: 'learns' | 'student' | 'course' | 'lengths' | 'watch';
  readonly keys: readonly AnySetting[];
}[] = [
  {
    name: 'learns',
    keys: [
      ...(['method', 'labelSource', 'rationales', 'suspicionLimit', 'withoutRationale'] as const),
      ...(['rationalesPerRow', 'rationaleDropout', 'trainShare', 'lambda', 'lossForm'] as const),
      ...(['mutualInformation', 'labelPrefix', 'rationalePrefix'] as const),
      ...(['answerMark', 'rationaleMark'] as const),
    ],
  },
  {
    name: 'student',
    keys: ['preset', 'student', 'lora', 'freeze', 'tokenizer', 'vocabularySize', 'engine'],
  },
  {
    name: 'course',
    keys: [
      ...(['steps', 'batchSize', 'accumulate', 'accumulation', 'learningRate'] as const),
      ...(['schedule', 'warmupShare', 'optimizer', 'weightDecay', 'clipNorm', 'dropout'] as const),
      ...(['labelSmoothing', 'seed'] as const),
    ],
  },
  {
    name: 'lengths',
    keys: ['maxInputTokens', 'maxLabelTokens', 'maxRationaleTokens', 'rationaleCap'],
  },
  { name: 'watch', keys: ['evaluateEvery', 'validationRows', 'earlyStopping', 'keepEvery'] },
];

export interface SettingChange {
  readonly key: AnySetting;
  readonly before: RunSettings[AnySetting];
  readonly after: RunSettings[AnySetting];
}

/** The settings in which two runs differ, in the order of `settingGroups`. */
export function settingChanges(before: RunSettings, after: RunSettings): SettingChange[] {
  return settingGroups
    .flatMap(({ keys }) => keys)
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ key, before: before[key], after: after[key] }));
}
