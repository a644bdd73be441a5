import type { RunSettings } from '../../../electron/contract/entities.ts';
import type { Formats } from '../../lib/format.ts';
import type { Dictionary } from '../../lib/i18n/index.svelte.ts';
import type { SettingKey } from './changes.ts';

/** What the values of settings that are chosen from a list are called. */
function wordsOf(t: Dictionary, key: SettingKey): Readonly<Record<string, string>> {
  const { values } = t.trainSettings;
  switch (key) {
    case 'schedule':
    case 'optimizer':
    case 'accumulation':
    case 'tokenizer':
    case 'lossForm':
    case 'freeze':
      return values[key];
    case 'labelSource':
      return t.train.labelSources;
    case 'rationales':
      return t.trainRows.policies;
    case 'withoutRationale':
      return t.trainRows.withoutKinds;
    case 'rationalesPerRow':
      return t.trainRows.perRowKinds;
    default:
      return {};
  }
}

/** A setting's value as a person reads it. */
export function shownSetting<K extends SettingKey>(
  t: Dictionary,
  f: Formats,
  key: K,
  value: RunSettings[K],
): string {
  const words = wordsOf(t, key);
  const said = t.trainSettings;
  if (value === null) return said.none;
  if (typeof value === 'number') {
    return Number.isInteger(value) ? f.number(value) : f.short(value, 4);
  }
  if (typeof value === 'string') return words[value] ?? `“${value}”`;
  if (Array.isArray(value)) {
    return value.length === 0 ? said.none : f.list(value.map((each) => words[each] ?? each));
  }
  if ('patience' in value) return said.patienceValue(value.patience, f.number(value.patience));
  return said.loraValue(f.number(value.rank), f.short(value.alpha));
}
