import { describe, expect, it } from 'vitest';
import { maskedText, maskNames, NameFinder } from '../../../electron/core/mask.ts';
import { Random } from '../../../electron/core/random.ts';

function namesOf(...texts: string[]) {
  const finder = new NameFinder();
  for (const text of texts) finder.add(text);
  return finder.statistics();
}

const masked = (text: string, ...corpus: string[]): string =>
  maskNames(text, namesOf(text, ...corpus));

describe('names', () => {
  it('are capitalised words inside a sentence', () => {
    expect(masked('Yesterday the old man saw Paige and went home with her.')).toBe(
      'Yesterday the old man saw @ and went home with her.',
    );
  });

  it.each([
    [
      "Then everybody went to see O'Brien, as they had said.",
      'Then everybody went to see @, as they had said.',
    ],
    ["The boys then sat down in Mary Ann Smith's garden.", "The boys then sat down in @'s garden."],
    [
      'They went to the USA because I was there with them.',
      'They went to the USA because I was there with them.',
    ],
    ['Mr. Smith sat. Then Dr. Jones and the others came.', '@ sat. Then @ and the others came.'],
  ])('are found in “%s”', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it('begin a sentence where the corpus has them inside one', () => {
    const corpus = 'Later on, all of the others saw Paige in the garden.';
    expect(masked('Paige has 3 apples.', corpus)).toBe('@ has 3 apples.');
    const both = ['It may be that they saw May in the garden.', 'Then she may come, or not.'];
    expect(masked('May has 3 apples.', ...both)).toBe('May has 3 apples.');
  });

  it.each([
    ['Zoë has 20 pens.', '@ has 20 pens.'],
    ['Mary Ann Lee reads pages on her way.', '@ reads pages on her way.'],
    ["Paco's brother reads 20 pages.", "@'s brother reads 20 pages."],
    ['O’Brien and Jürgen saw it. Inés came.', '@ and @ saw it. Inés came.'],
    ['Paco had 3 pens. Paco, who paid, left.', '@ had 3 pens. @, who paid, left.'],
    ['Pierre a acheté 3 stylos.', '@ a acheté 3 stylos.'],
    ['Lucía tiene 3 lápices.', '@ tiene 3 lápices.'],
  ])('begin a sentence where they stand as names do, as in “%s”', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    'There were 20 pens.',
    'Last week he had 20 pens.',
    'Yesterday, nobody came here.',
    'Sadly, nobody came.',
    'Sketch the curve of this.',
    'Birds are animals that fly.',
    'Penguins in a zoo swim.',
    "It's the best there is.",
    "Didn't anybody come here?",
    'Est-ce que tu viens?',
    'Combien coûte un stylo?',
    '¿Cuántos lápices quedan ahora?',
    'Gestern kam niemand hierher.',
    'Birds sing.',
    'ZOË HAS 20 PENS.',
    'zoë has 20 pens.',
  ])('do not begin “%s”', (text) => {
    expect(masked(text)).toBe(text);
  });

  it('are not first words that the corpus has lower-case, or that seldom stand as names do', () => {
    const water = 'Everybody here drinks water every day.';
    expect(masked('Water boils at last.', water)).toBe('Water boils at last.');
    expect(masked('Water boils at last.')).toBe('@ boils at last.');
    const others = ['Outdoors, the sun shines.', 'Outdoors the sun shines.'];
    expect(masked('Outdoors people sit there.', ...others)).toBe('Outdoors people sit there.');
    // One slip in twenty is none.
    const paco = Array.from({ length: 20 }, (_, day) => `Paco had ${day} pens.`);
    expect(masked('Paco had 3 pens.', ...paco, 'How many pens had paco?')).toBe('@ had 3 pens.');
  });

  it('in a Korean text are not told by where they stand, but for those in Latin letters', () => {
    const text = '연필이 20자루 있어요. 그래서 연필을 샀어요.';
    expect(masked(text)).toBe(text);
    expect(masked('Zoë는 연필을 샀어요.')).toBe(masked('Mia는 연필을 샀어요.'));
  });

  it('leave texts apart that begin in the same way and go on otherwise', () => {
    const verbs = ['buys', 'sells', 'paints', 'draws', 'loses', 'finds'];
    const people = ['Zoë', 'Inés', 'Mia', 'Paco'];
    const corpus = people.flatMap((name, at) =>
      verbs.map((verb) => `${name} ${verb} ${at + 20} pens. How many pens are there?`),
    );
    const names = namesOf(...corpus);
    expect(new Set(corpus.map((text) => maskedText(text, names))).size).toBe(verbs.length);
  });

  it('begin a sentence where a large corpus never has them lower-case, and seldom at all', () => {
    const random = new Random(1);
    const filler = Array.from({ length: 250 }, (_, index) =>
      index % 2 === 0
        ? `Where does it go, and after how many steps, said number ${random.integer(1, 99)}?`
        : 'They go after it, and where it ends they stop.',
    );
    const corpus = [...filler, 'Faye has 3 apples. How many has faye?', 'After it they go.'];
    expect(masked('Faye has 3 apples.', ...corpus)).toBe('@ has 3 apples.');
    expect(masked('After it they go.', ...corpus)).toBe('After it they go.');
    expect(masked('They go.', ...corpus)).toBe('They go.');
  });

  it('are not told by capitals in headings, or where nouns are capitalised', () => {
    expect(masked('How To Win At Chess')).toBe('How To Win At Chess');
    const german = 'Der Mann kaufte im Laden drei Birnen und vier Bananen für seine Frau.';
    const corpus = Array.from({ length: 20 }, () => german);
    expect(masked(german, ...corpus)).toBe(german);
    expect(masked('Der Mann sah Dr. Meier im Laden.', ...corpus)).toBe('Der Mann sah @ im Laden.');
  });

  it('are Korean given names, with surname and particle, and what is addressed as a name', () => {
    expect(masked('민수는 사과를 샀고 김영희가 먹었다.')).toBe('@는 사과를 샀고 @가 먹었다.');
    expect(masked('지훈이는 책을 읽었다.')).toBe(masked('민수는 책을 읽었다.'));
    expect(masked('지훈은 지훈을 보았다.')).toBe(masked('민지는 영희를 보았다.'));
    expect(masked('박가람 씨가 왔다.')).toBe('@ 씨가 왔다.');
    const words = '이야기는 길고 정수는 짝수이며 하늘이 파랗고 지원을 받았다.';
    expect(masked(words)).toBe(words);
  });

  it('and numbers make one key of two stories', () => {
    const names = namesOf('So then it was Ann.', 'So then it was Bob.');
    const story = (a: string, x: string, b: string) =>
      maskedText(`${a} had ${x} pears. So  ${b} had 3.5.`, names);
    expect(story('Ann', '1,200', 'Bob')).toBe(story('Bob', '7', 'Ann'));
    expect(story('Ann', '1', 'Bob')).toBe('@ had # pears. so @ had #.');
    expect(maskedText('Ann had 3.', null)).toBe('ann had #.');
  });

  it('are the same in whatever order the corpus came', () => {
    const random = new Random(2);
    const corpus = Array.from({ length: 300 }, (_, index) =>
      index % 3 === 0
        ? `Then ${random.pick(['Ann', 'Bob', 'Will'])} saw it.`
        : 'He will see it, then.',
    );
    const sorted = (names: ReturnType<typeof namesOf>) => [...names.names].sort();
    expect(sorted(namesOf(...random.shuffle(corpus)))).toEqual(sorted(namesOf(...corpus)));
  });
});
