/** The syllables of Unicode, 가 to 힣. */
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** Where KS X 1001 has its 2,350 common syllables: lead bytes B0 to C8, trail bytes from A1. */
const KS_TRAIL = 0xa1;
/** Lead bytes of the syllables that Windows adds, in whole rows up to A0 and in half ones after. */
const FIRST_LEAD = 0x81;
const LAST_WHOLE_LEAD = 0xa0;
const LAST_LEAD = 0xc6;
const LAST_BYTE = 0xfe;
const REPLACEMENT = '\ufffd';

/**
 * Decodes EUC-KR with the syllables that Windows adds to it (CP949): 똠, 됬, 뷁. The decoder of Node
 * takes those for control characters and says nothing. What is not in the encoding becomes U+FFFD.
 */
export function decodeKorean(bytes: Uint8Array): string {
  const common = new TextDecoder('euc-kr');
  let text = '';
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const trail = bytes[at + 1] ?? 0;
    const plain = lead < 0x80;
    if (
      plain ||
      (lead >= KS_TRAIL && lead <= LAST_BYTE && trail >= KS_TRAIL && trail <= LAST_BYTE)
    ) {
      at += plain ? 1 : 2;
      continue;
    }
    const added = addedSyllables().get((lead << 8) | trail);
    text += common.decode(bytes.subarray(start, at)) + (added ?? REPLACEMENT);
    // A broken character never swallows a plain one after it.
    at += added === undefined && trail < 0x80 ? 1 : 2;
    start = at;
  }
  return text + common.decode(bytes.subarray(start));
}

/** 1 where bytes end inside a character, else 0. */
export function koreanTail(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) at += (bytes[at] ?? 0) < 0x80 ? 1 : 2;
  return at - bytes.length;
}

let added: ReadonlyMap<number, string> | null = null;

/**
 * By their two bytes, the 8,822 syllables that KS X 1001 lacks. They stand in the order of Unicode in
 * the places that KS X 1001 leaves free.
 */
function addedSyllables(): ReadonlyMap<number, string> {
  if (added !== null) return added;
  const decoder = new TextDecoder('euc-kr');
  const common = new Set<string>();
  for (let lead = 0xb0; lead <= 0xc8; lead++) {
    for (let trail = KS_TRAIL; trail <= LAST_BYTE; trail++) {
      common.add(decoder.decode(Uint8Array.of(lead, trail)));
    }
  }
  const places = freePlaces();
  const syllables = new Map<number, string>();
  for (let code = FIRST_SYLLABLE; code <= LAST_SYLLABLE; code++) {
    const syllable = String.fromCharCode(code);
    if (common.has(syllable)) continue;
    const place = places.next();
    if (place.done !== true) syllables.set(place.value, syllable);
  }
  added = syllables;
  return syllables;
}

/** Letters and bytes above ASCII are trail bytes: up to FE in whole rows, up to A0 in half ones. */
function* freePlaces(): Generator<number> {
  for (let lead = FIRST_LEAD; lead <= LAST_LEAD; lead++) {
    const last = lead <= LAST_WHOLE_LEAD ? LAST_BYTE : KS_TRAIL - 1;
    for (let trail = 0x41; trail <= last; trail++) {
      const letter = trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a);
      if (letter || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
}
