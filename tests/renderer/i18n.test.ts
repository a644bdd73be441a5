import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../electron/contract/errors.ts';
import { formatsFor } from '../../renderer/lib/format.ts';
import { dictionaries, systemLanguage } from '../../renderer/lib/i18n/index.svelte.ts';

/** Every message of a dictionary by its path; functions are called with a stand-in for each argument. */
function messages(tree: object, path = ''): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'function')
      found.set(here, String(value(...Array(value.length).fill('7'))));
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, text] of messages(value, here)) found.set(inner, text);
    } else found.set(here, value === null ? null : String(value));
  }
  return found;
}

const en = messages(dictionaries.en);
const ko = messages(dictionaries.ko);
// Names and units that are written the same in both languages.
const shared =
  /^(app\.name|common\.id|train\.engineNames\.(webgpu|cuda|tensorflow)|exporting\.(hash|formats\.[\w-]+|numberFormats\.[\w-]+)|dataExport\.formats\.\w+|compareReport\.(languages\.en|html|json)|compareScores\.(p|pIs|pBelow|f1))$/;

describe('the dictionaries', () => {
  it('hold the same keys', () => {
    expect([...ko.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('say something for every key', () => {
    const empty = [...en, ...ko].filter(([, text]) => text?.trim() === '');
    expect(empty).toEqual([]);
  });

  it('are Korean in Korean', () => {
    const foreign = [...ko].filter(
      ([key, text]) =>
        text !== null && !shared.test(key) && /[a-z]/i.test(text) && !/[가-힣]/.test(text),
    );
    expect(foreign).toEqual([]);
  });

  it('use every argument that English uses', () => {
    const lost = [...en].filter(
      ([key, text]) => text?.includes('7') && !ko.get(key)?.includes('7'),
    );
    expect(lost).toEqual([]);
  });

  it('name every kind of failure in Korean, since main speaks English', () => {
    for (const code of errorCodes) expect(dictionaries.ko.errors[code]).toMatch(/[가-힣]/);
  });

  it('have no Korean particle in brackets, and none that fits only some of the words before it', () => {
    const wrong = [...ko].filter(
      ([, text]) =>
        text !== null &&
        /\([은이을과으]\)|\((?:는|가|를|와|로)\)|”(?:라고|[은는이가을를과와로])/.test(text),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the language of the system', () => {
  it('is the first one there is a dictionary for, else English', () => {
    expect(systemLanguage(['fr-FR', 'ko-KR', 'en-US'])).toBe('ko');
    expect(systemLanguage(['en-GB', 'ko'])).toBe('en');
    expect(systemLanguage(['fr'])).toBe('en');
  });
});

describe('formats', () => {
  const english = formatsFor('en');
  const korean = formatsFor('ko');

  it('group digits and keep one decimal of a share', () => {
    expect(english.number(12345)).toBe('12,345');
    expect(english.percent(0.5)).toBe('50.0%');
    expect(korean.percent(0.12345)).toBe('12.3%');
  });

  it('tell durations in the two largest units that matter', () => {
    expect(english.duration(42)).toBe('42 sec');
    expect(english.duration(125)).toBe('2 min 5 sec');
    expect(english.duration(1_500)).toBe('25 min');
    expect(english.duration(7_260)).toBe('2 hr 1 min');
    expect(korean.duration(125)).toBe('2분 5초');
  });

  it('call a share whole only when it is', () => {
    expect(english.percent(9738 / 9741)).toBe('99.9%');
    expect(english.percent(1)).toBe('100.0%');
  });

  it('tell sizes in powers of a thousand', () => {
    expect(english.bytes(0)).toBe('0 bytes');
    expect(english.bytes(1_700)).toBe('1.7 kB');
    expect(english.bytes(5_000_000_000_000)).toBe('5,000 GB');
  });

  it('keep small numbers readable', () => {
    expect(english.short(0.0003)).toBe('3.0e−4');
    expect(english.short(1.23456)).toBe('1.23');
    expect(english.short(0)).toBe('0');
  });
});
