/**
 * A map of characters in SentencePiece's compiled form, by which llama.cpp brings text into the shape
 * that the tokenizer was trained on: a trie of byte sequences as a double array, and the texts that
 * replace them. Reference: normalizer.cc of github.com/google/sentencepiece and darts.h of
 * github.com/s-yata/darts-clone.
 */

/** What regular expressions call white space, and SentencePiece's mark of it. */
const SPACES = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x85, 0xa0, 0x1680],
  ...Array.from({ length: 11 }, (_unused, at) => 0x2000 + at),
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x2581, 0x3000],
];
const LARGEST_CODE_POINT = 0x10ffff;
const SURROGATES = [0xd800, 0xdfff] as const;

/** White space as plain spaces, and letters and marks that stand apart as one character (NFC). */
export function usualCharacters(): Map<string, string> {
  const map = new Map(SPACES.map((code) => [String.fromCodePoint(code), ' ']));
  for (let code = 0xa0; code <= LARGEST_CODE_POINT; code++) {
    if (code >= SURROGATES[0] && code <= SURROGATES[1]) continue;
    const character = String.fromCodePoint(code);
    const apart = character.normalize('NFD');
    const composed = apart.normalize('NFC');
    if (apart === character) continue;
    if (composed !== character) map.set(character, composed);
    for (const partly of partlyComposed(apart)) map.set(partly, composed);
  }
  return map;
}

/** A decomposed character, and its forms in which only the first marks are composed. */
function partlyComposed(apart: string): string[] {
  const parts = [...apart];
  return parts.slice(1).map((_unused, at) => {
    const head = parts.slice(0, at + 1).join('');
    return head.normalize('NFC') + parts.slice(at + 1).join('');
  });
}

interface Node {
  readonly children: Map<number, Node>;
  /** Where the replacement begins among the texts; null where no sequence ends here. */
  value: number | null;
}

/** The compiled form: length of the trie in bytes, the trie, the replacements, each ended by a zero. */
export function compileCharacters(map: ReadonlyMap<string, string>): Uint8Array {
  const texts: Buffer[] = [];
  const offsets = new Map<string, number>();
  let length = 0;
  const root: Node = { children: new Map(), value: null };
  for (const [from, to] of map) {
    let offset = offsets.get(to);
    if (offset === undefined) {
      offset = length;
      const text = Buffer.from(`${to}\0`);
      texts.push(text);
      offsets.set(to, offset);
      length += text.byteLength;
    }
    insert(root, Buffer.from(from), offset);
  }
  const trie = doubleArray(root);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(trie.byteLength);
  return Buffer.concat([head, trie, ...texts]);
}

function insert(root: Node, bytes: Uint8Array, value: number): void {
  let node = root;
  for (const byte of bytes) {
    let next = node.children.get(byte);
    if (!next) {
      next = { children: new Map(), value: null };
      node.children.set(byte, next);
    }
    node = next;
  }
  node.value = value;
}

/** Places that one block of children spreads over: a label is a byte. */
const BLOCK = 256;
/** Places at the end that are searched; gaps before them stay. */
const SEARCHED = 4 * BLOCK;
const LEAF = 1 << 8;
/** The offset is given in steps of 256 where it needs more than 21 bits; blocks make both the same. */
const WIDE = 1 << 9;

/**
 * Units of 32 bits: a child lies at its parent's place XOR the parent's offset XOR its label; the
 * value of a sequence lies where a child with the label 0 would.
 */
function doubleArray(root: Node): Buffer {
  const units: number[] = [];
  const taken = new Set<number>([0]);
  // Children say by their label alone whose they are: no two parents may share an offset.
  const bases = new Set<number>();
  const free = { from: 1 };
  const grow = (place: number): void => {
    while (units.length <= place) units.push(0);
  };
  grow(BLOCK - 1);
  const waiting: { node: Node; place: number; label: number }[] = [
    { node: root, place: 0, label: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, place, label } = next;
    const labels = [...node.children.keys(), ...(node.value === null ? [] : [0])];
    const base = findBase(labels, { taken, bases, free, end: units.length });
    bases.add(base);
    for (const child of labels) taken.add(base ^ child);
    grow(base | (BLOCK - 1));
    units[place] = unit(place ^ base, label, node.value !== null);
    if (node.value !== null) units[base] = node.value | (1 << 31);
    for (const [byte, child] of node.children) {
      waiting.push({ node: child, place: base ^ byte, label: byte });
    }
  }
  const bytes = Buffer.alloc(units.length * 4);
  units.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4));
  return bytes;
}

/** The first offset of its own by which every label's place is free. */
function findBase(
  labels: readonly number[],
  about: {
    readonly taken: ReadonlySet<number>;
    readonly bases: ReadonlySet<number>;
    readonly free: { from: number };
    /** Places that there are so far. */
    readonly end: number;
  },
): number {
  const { taken, bases, free } = about;
  free.from = Math.max(free.from, about.end - SEARCHED);
  while (taken.has(free.from)) free.from++;
  const [first = 0] = labels;
  for (let place = free.from; ; place++) {
    const base = place ^ first;
    // Zero would make the root its own parent.
    if (base === 0 || bases.has(base)) continue;
    if (labels.every((label) => !taken.has(base ^ label))) return base;
  }
}

function unit(offset: number, label: number, hasValue: boolean): number {
  const narrow = offset < 1 << 21;
  if (!narrow && offset % BLOCK !== 0) throw new RangeError('the map of characters is too large');
  const coded = narrow ? offset << 10 : ((offset >>> 8) << 10) | WIDE;
  return coded | label | (hasValue ? LEAF : 0);
}
