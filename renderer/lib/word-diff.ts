export interface Piece {
  readonly text: string;
  /** Whether the other version lacks it. */
  readonly changed: boolean;
}

export interface WordDiff {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** Words compared one by one; longer texts are marked as a whole between their common ends. */
const mostWords = 400;

/**
 * Which words of two versions of a text differ: those outside a longest common subsequence. White
 * space belongs to the word before it.
 */
export function wordDiff(before: string, after: string): WordDiff {
  const a = before.match(words) ?? [];
  const b = after.match(words) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && same(a[start], b[start])) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    same(a[a.length - 1 - end], b[b.length - 1 - end])
  ) {
    end += 1;
  }
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const [keptA, keptB] =
    middleA.length > mostWords || middleB.length > mostWords
      ? [new Set<number>(), new Set<number>()]
      : common(middleA, middleB);
  const pieces = (all: readonly string[], middle: readonly string[], kept: Set<number>) =>
    joined([
      ...all.slice(0, start).map((text) => ({ text, changed: false })),
      ...middle.map((text, index) => ({ text, changed: !kept.has(index) })),
      ...all.slice(all.length - end).map((text) => ({ text, changed: false })),
    ]);
  return { before: pieces(a, middleA, keptA), after: pieces(b, middleB, keptB) };
}

const words = /\s*\S+\s*|\s+/g;

const same = (a: string | undefined, b: string | undefined): boolean => a?.trim() === b?.trim();

/** Places, in either list, of a longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): [Set<number>, Set<number>] {
  const width = b.length + 1;
  // lengths[i * width + j]: of the longest one of a from i on and b from j on
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = same(a[i], b[j])
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [keptA, keptB] = [new Set<number>(), new Set<number>()];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (same(a[i], b[j])) {
      keptA.add(i);
      keptB.add(j);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return [keptA, keptB];
}

/** Neighbours of one kind as one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.changed === piece.changed) {
      found[found.length - 1] = { text: last.text + piece.text, changed: piece.changed };
    } else found.push(piece);
  }
  return found;
}
