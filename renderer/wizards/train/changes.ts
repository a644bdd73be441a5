import { RunSettings } from '../../../electron/contract/entities.ts';
import type { Method, Run } from '../../../electron/contract/entities.ts';

/** Settings that a person adjusts; method and student are chosen, each in a step of its own. */
const Adjustable = RunSettings.omit({ method: true, preset: true, student: true });

export const settingKeys = Adjustable.keyof().options;
export type SettingKey = (typeof settingKeys)[number];
export type Settings = Pick<RunSettings, SettingKey>;
export type Changes = Partial<Settings>;

/** Whether two settings say the same; they are numbers, words, lists and small records. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The changes but for some. */
export function without(changes: Changes, keys: readonly SettingKey[]): Changes {
  const kept: Changes = {};
  const keep = <K extends SettingKey>(key: K): void => {
    const value = changes[key];
    if (value !== undefined) kept[key] = value;
  };
  for (const key of settingKeys) if (!keys.includes(key)) keep(key);
  return kept;
}

/** The settings in `given` that are not as they are in `usual`, but for those left out. */
export function changesFrom(
  given: Settings,
  usual: Settings,
  left: readonly SettingKey[] = [],
): Changes {
  const changes: Changes = {};
  const take = <K extends SettingKey>(key: K): void => {
    changes[key] = given[key];
  };
  for (const key of settingKeys) {
    if (!left.includes(key) && !same(given[key], usual[key])) take(key);
  }
  return changes;
}

/** Something in which new runs differ from the one that they were made from. */
export type Difference =
  | { readonly kind: 'methods'; readonly before: Method; readonly after: readonly Method[] }
  | { readonly kind: 'split' | 'extraction'; readonly before: string; readonly after: string }
  | { readonly kind: 'student'; readonly before: StudentOf; readonly after: StudentOf }
  | {
      readonly kind: 'setting';
      readonly key: SettingKey;
      readonly before: Json;
      readonly after: Json;
    };

export type StudentOf = Pick<RunSettings, 'preset' | 'student'>;
type Json = RunSettings[SettingKey];

interface Request {
  readonly splitId: string;
  readonly extractionId: string | null;
  readonly settings: RunSettings;
}

/**
 * What the first of the new runs has otherwise than the earlier one, and their methods. Where several
 * are started, they have the same changes.
 */
export function differences(before: Run, after: readonly Request[]): Difference[] {
  const [first] = after;
  if (first === undefined) return [];
  const found: Difference[] = [];
  const methods = after.map(({ settings }) => settings.method);
  if (!same(methods, [before.settings.method])) {
    found.push({ kind: 'methods', before: before.settings.method, after: methods });
  }
  if (first.splitId !== before.splitId) {
    found.push({ kind: 'split', before: before.splitId, after: first.splitId });
  }
  const { extractionId } = before;
  if (extractionId !== null && first.extractionId !== null && first.extractionId !== extractionId) {
    found.push({ kind: 'extraction', before: extractionId, after: first.extractionId });
  }
  const student = ({ preset, student }: StudentOf): unknown => [preset, student?.sha256];
  if (!same(student(before.settings), student(first.settings))) {
    found.push({ kind: 'student', before: before.settings, after: first.settings });
  }
  for (const key of settingKeys) {
    if (same(before.settings[key], first.settings[key])) continue;
    found.push({
      ...{ kind: 'setting', key },
      ...{ before: before.settings[key], after: first.settings[key] },
    });
  }
  return found;
}

/** Settings that are one of several words. */
export type ListKey =
  | 'schedule'
  | 'optimizer'
  | 'accumulation'
  | 'tokenizer'
  | 'lossForm'
  | 'labelSource'
  | 'withoutRationale'
  | 'rationalesPerRow';
