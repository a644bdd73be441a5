import { koreanGivenNames, koreanSurnames } from './korean-names.ts';
import { neverAfterNames, sentenceOpeners } from './sentence-openers.ts';
import { foldWhitespace, maskNumbers } from './text.ts';

/**
 * Texts with their numbers and names masked, so that rows that tell the same story of other people
 * and other amounts have the same key. Names are found by rule, without a model, and the same texts
 * always give the same keys. A capitalised word (`Paige`, `O'Brien`, `Anne-Marie`; not `USA`, not
 * `I`) is a name
 *
 * - inside a sentence;
 * - at the start of one, where the corpus has it capitalised inside a sentence and at most once in
 *   twenty times lower-case;
 * - at the start of one, where it is no common word to begin a sentence with
 *   (`sentence-openers.ts`), and
 *   - in half or more of the texts that begin a sentence with it, it stands as names do: in a
 *     sentence of three words or more, before a lower-case word that names have behind them (`Paco had
 *     26 cookies`, `Ann Lee reads 3 pages`, `Zoë's brother is 9`; not `Sketch the curve`, `Birds are`,
 *     `Sadly, nobody`); and at most once in twenty times it is lower-case; or
 *   - a corpus of 200 or more texts never has it lower-case, and at most one text in twenty begins a
 *     sentence with it: an ordinary word would have been seen lower-case, or would begin more
 *     sentences. (A text that has the word capitalised as well does not count: people who write `Ann
 *     had 3. How many has ann?` mean a name.)
 * - after a form of address (`Mr.`, `Dr.`, ...), with the address.
 *
 * Names that follow each other (`Mary Ann Smith`) are one; a possessive `'s` stays. In headings, where
 * most words are capitalised, and in languages that capitalise their nouns, as told by the share of
 * capitalised words in the corpus, only forms of address count.
 *
 * A Korean word is a name where it is a common given name, alone or behind a surname, with or without
 * a particle; or where `씨`, `군` or `양` follows as a word of its own. Of particles that come in two
 * forms after a name, one is written.
 *
 * Masking too much only keeps more rows together; masking too little is what leaks.
 */
export interface NameStatistics {
  /** Words (lower-case) that are names also where they begin a sentence. */
  readonly names: ReadonlySet<string>;
  /** Whether capitals tell names from other words in this corpus. */
  readonly capitalsTell: boolean;
}

/** In how many texts a word (lower-case) stands so. */
interface WordCount {
  /** Capitalised inside a sentence. */
  inside: number;
  /** Capitalised at starts of sentences alone, at one of them as names stand there. */
  leading: number;
  /** Capitalised at starts of sentences alone, and never as names stand there. */
  start: number;
  /** Lower-case alone. */
  lower: number;
}

const nameMark = '@';
const address = /^(?:Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Sir|Madam|Miss|Uncle|Aunt|Auntie)$/u;
/** A word of letters, with apostrophes and hyphens inside; or a mark that ends a sentence. */
const tokens = /\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*|[.!?…。！？:;"“”「『(\n]/gu;
const capitalised = /^(?:\p{Lu}['’])?\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*$/u;
/** Most words are plain lower-case ones, which need no closer look. */
const isCapitalised = (word: string): boolean =>
  !(word.charCodeAt(0) >= 97 && word.charCodeAt(0) <= 122) && capitalised.test(word);
/** Behind an apostrophe or a hyphen, names have capitals: `Anne-Marie`; not `Est-ce`, `Didn't`. */
const nameLike = /^(?!.*['’-]\p{Ll})/u;
const possessive = /['’]s$/u;
const isLetter = /^\p{L}/u;
/** A sentence of at least this many words, most of them capitalised, is a heading. */
const headingWords = 4;
/** A sentence of fewer words is too short to tell what its first one is. */
const leadingWords = 3;
/** Nouns alone make about a fifth of the words of German text; names a few in a hundred of English. */
const mostCapitals = 0.18;
/** Words inside sentences from which on that share is trusted. */
const enoughWords = 100;
/** A name may stand lower-case so rarely that it is a slip. */
const mostLower = 0.05;
/** From so many texts on, a word that is never lower-case is none that could be. */
const enoughTexts = 200;
/** A word that begins a sentence in a larger share of the texts is a word of the language. */
const mostStarts = 0.05;

interface Token {
  readonly text: string;
  readonly start: number;
  /** Of a possessive: where the `'s` begins. */
  readonly end: number;
  readonly startsSentence: boolean;
}

/** What is known of a word, and how the newest text that has it has it. */
interface Word extends WordCount {
  text: number;
  how: keyof WordCount;
}

/** Of the ways in which one text has a word, the one that says most. */
const says: Record<keyof WordCount, number> = { lower: 0, start: 1, leading: 2, inside: 3 };

/** Finds out which words are names, from all texts of a corpus, one after another. */
export class NameFinder {
  readonly #words = new Map<string, Word>();
  #texts = 0;
  #inside = 0;
  #capitals = 0;

  add(text: string): void {
    this.#texts += 1;
    for (const sentence of sentencesOf(text)) {
      if (isHeading(sentence)) continue;
      const leads = beginsWithName(sentence, text);
      for (const token of sentence) {
        const how = this.#look(token, leads);
        if (how !== null) this.#count(how === 'lower' ? token.text : token.text.toLowerCase(), how);
      }
    }
  }

  /** What was found out up to now. */
  statistics(): NameStatistics {
    const names = new Set<string>();
    for (const [word, { inside, leading, start, lower }] of this.#words) {
      const seenInside = inside > 0 && lower <= mostLower * inside;
      const standsAsNames = leading > 0 && leading >= start && lower <= mostLower * leading;
      const isRare =
        this.#texts >= enoughTexts && lower === 0 && leading + start <= mostStarts * this.#texts;
      const seenAtStarts = (standsAsNames || isRare) && !sentenceOpeners.has(word);
      if (seenInside || seenAtStarts) names.add(word);
    }
    const capitalsTell =
      this.#inside < enoughWords || this.#capitals <= mostCapitals * this.#inside;
    return { names, capitalsTell };
  }

  #look({ text, startsSentence }: Token, leads: boolean): keyof WordCount | null {
    if (hangul.test(text)) return null;
    const isCapital = isCapitalised(text);
    if (!startsSentence) {
      this.#inside += 1;
      if (isCapital) this.#capitals += 1;
    }
    if (isCapital && startsSentence) return leads ? 'leading' : 'start';
    if (isCapital) return 'inside';
    return text === text.toLowerCase() ? 'lower' : null;
  }

  /** Counts a word once for each text. */
  #count(name: string, how: keyof WordCount): void {
    const word = this.#words.get(name);
    if (word === undefined) {
      const first = { inside: 0, leading: 0, start: 0, lower: 0, text: this.#texts, how };
      first[how] = 1;
      this.#words.set(name, first);
    } else if (word.text !== this.#texts) {
      word.text = this.#texts;
      word.how = how;
      word[how] += 1;
    } else if (says[how] > says[word.how]) {
      word[word.how] -= 1;
      word[how] += 1;
      word.how = how;
    }
  }
}

/** The key of a text whose numbers alone are masked, or its numbers and names. */
export function maskedText(text: string, statistics: NameStatistics | null): string {
  return maskNumbers(statistics === null ? text : maskNames(text, statistics));
}

/** `text`, white space folded, with `@` for every name. */
export function maskNames(text: string, statistics: NameStatistics): string {
  const folded = text.normalize('NFC');
  const masks: Mask[] = [];
  for (const sentence of sentencesOf(folded)) {
    const plain = statistics.capitalsTell && !isHeading(sentence);
    let addressed = false;
    sentence.forEach((token, index) => {
      const isAddress = address.test(token.text);
      const isName = isAddress || isCapitalName(token, statistics, { addressed, plain });
      const mask = isName ? { ...token, mark: nameMark } : koreanMask(token, sentence[index + 1]);
      if (mask !== null) masks.push(mask);
      addressed = isAddress;
    });
  }
  return foldWhitespace(replaced(folded, masks));
}

/** A part of a text and what stands there instead. */
interface Mask {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

function isCapitalName(
  { text, startsSentence }: Token,
  { names }: NameStatistics,
  { addressed, plain }: { addressed: boolean; plain: boolean },
): boolean {
  if (!isCapitalised(text)) return false;
  if (addressed) return true;
  return plain && (!startsSentence || names.has(text.toLowerCase()));
}

/** Parts replaced by their marks; names with white space or the dot of an address between them are one. */
function replaced(text: string, masks: readonly Mask[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end, mark } of masks) {
    const between = text.slice(at, start);
    const goesOn = masked.endsWith(nameMark) && /^\.?\s+$/u.test(between);
    masked += goesOn ? mark.slice(nameMark.length) : between + mark;
    at = end;
  }
  return masked + text.slice(at);
}

/** Words by sentence; a dot after a form of address ends none. */
function sentencesOf(text: string): Token[][] {
  const sentences: Token[][] = [];
  let sentence: Token[] = [];
  for (const match of text.matchAll(tokens)) {
    const [word] = match;
    if (word.length > 1 || isLetter.test(word)) {
      const bare = word.endsWith('s') ? word.replace(possessive, '') : word;
      const startsSentence = sentence.length === 0;
      sentence.push({
        text: bare,
        start: match.index,
        end: match.index + bare.length,
        startsSentence,
      });
      continue;
    }
    const last = sentence.at(-1);
    if (word === '.' && last && address.test(last.text) && last.end === match.index) continue;
    if (sentence.length > 0) sentences.push(sentence);
    sentence = [];
  }
  if (sentence.length > 0) sentences.push(sentence);
  return sentences;
}

/** Whether a sentence goes on from its first word as it would from a name, whatever word that is. */
function beginsWithName(sentence: readonly Token[], text: string): boolean {
  const [first] = sentence;
  if (sentence.length < leadingWords || !first || !isCapitalised(first.text)) return false;
  if (!nameLike.test(first.text)) return false;
  let last = first;
  for (const next of sentence.slice(1)) {
    if (isPossessive(last, text)) return true;
    if (text.slice(last.end, next.start).trim() !== '') return false;
    if (!isCapitalised(next.text)) {
      return next.text === next.text.toLowerCase() && !neverAfterNames.has(next.text);
    }
    last = next;
  }
  return false;
}

const isPossessive = ({ end }: Token, text: string): boolean =>
  possessive.test(text.slice(end, end + 2));

function isHeading(sentence: readonly Token[]): boolean {
  if (sentence.length < headingWords) return false;
  const capitals = sentence.filter(({ text }) => isCapitalised(text)).length;
  return capitals * 2 > sentence.length;
}

const hangul = /^[가-힣]+$/u;
const koreanAddress = /^(?:씨|군|양)(?:[은는이가을를의와과도]|에게|한테|께)?$/u;
const particle =
  '은|는|이|가|을|를|의|와|과|도|만|야|아|랑|네|에게|에게서|한테|한테서|께|께서|보다|처럼|부터|까지';
const surname = `(?:${koreanSurnames.join('|')})?`;
const knownName = new RegExp(`^${surname}(?:${koreanGivenNames.join('|')})이?(${particle})?$`, 'u');
/** Particles whose form depends on how the name before them ends, in the form after a vowel. */
const afterVowel: Readonly<Record<string, string>> = {
  ...{ 은: '는', 이: '가', 을: '를', 과: '와', 아: '야' },
};

/** A Korean word that is a name for sure, but for its particle. */
function koreanMask({ text, start, end }: Token, next: Token | undefined): Mask | null {
  if (!hangul.test(text)) return null;
  const known = knownName.exec(text);
  if (known) {
    const said = known[1] ?? (text.endsWith('이') ? '이' : '');
    return { start, end, mark: nameMark + (afterVowel[said] ?? said) };
  }
  const addressed = next !== undefined && koreanAddress.test(next.text);
  return addressed && /^[가-힣]{2,4}$/u.test(text) ? { start, end, mark: nameMark } : null;
}
