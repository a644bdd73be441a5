/** The language of a text: a code of ISO 639-1, or `und` where it can't be told. */
export type LanguageGuesser = (text: string) => string;

/** Characters that are looked at: more of a text says nothing new. */
const characters = 1_000;
/** Fewer letters than this are in no language in particular: names, units, single words. */
const fewestLetters = 16;
/** Share of a text's letters from which on its script decides; the rest may be quotations. */
const scriptShare = 0.3;

/**
 * Scripts that few languages use: the text's language is known as soon as they are seen, without any
 * statistics. Japanese goes before Chinese, whose characters it uses too.
 */
const scripts: readonly (readonly [code: string, letters: RegExp])[] = [
  ['ko', /\p{Script=Hangul}/gu],
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['hy', /\p{Script=Armenian}/gu],
  ['ka', /\p{Script=Georgian}/gu],
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['bn', /\p{Script=Bengali}/gu],
];
/** Scripts of several languages, and the one that is meant most often where statistics can't tell. */
const shared: readonly (readonly [code: string, letters: RegExp])[] = [
  ['ru', /\p{Script=Cyrillic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
];

/** The part of `eld` that is used here. */
interface Detector {
  detect(text: string): { readonly language: string; isReliable(): boolean };
}

let loading: Promise<LanguageGuesser> | null = null;

/** The guesser of this process, loaded at the first call: its table of letter groups takes 1 MB. */
export function languageGuesser(): Promise<LanguageGuesser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<LanguageGuesser> {
  const { eld } = await import('eld');
  if ('load' in eld) await eld.load('extrasmall');
  return guesserWith(eld);
}

function guesserWith(detector: Detector): LanguageGuesser {
  return (whole) => {
    const text = whole.slice(0, characters);
    const letters = count(text, /\p{L}/gu);
    if (letters === 0) return 'und';
    const written = scripts.find(([, script]) => count(text, script) >= scriptShare * letters);
    if (written !== undefined) return written[0];
    if (letters < fewestLetters) return 'und';
    const found = detector.detect(text);
    if (found.isReliable() && found.language !== '') return found.language;
    const likely = shared.find(([, script]) => count(text, script) >= scriptShare * letters);
    return likely?.[0] ?? 'und';
  };
}

const count = (text: string, letters: RegExp): number => text.match(letters)?.length ?? 0;
