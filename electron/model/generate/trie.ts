/** A token of some labels, after the tokens they share before it. */
export interface TrieNode {
  readonly token: number;
  /** Index of the node before; -1 at the root. */
  readonly parent: number;
  /** Tokens before it, the start token among them. */
  readonly depth: number;
  readonly children: number[];
}

/** Labels as a tree of tokens, in which labels share the tokens of their common beginning. */
export class Trie {
  /** The root, which is the start token, and then every node before its children. */
  readonly nodes: readonly TrieNode[];
  /** Per label the node of its end. Equal labels have the same. */
  readonly ends: readonly number[];

  /** @param labels token ids; the end token is added where it is missing, so that no label begins another */
  constructor(labels: readonly Int32Array[], start: number, end: number) {
    const nodes: TrieNode[] = [{ token: start, parent: -1, depth: 0, children: [] }];
    const ends = new Array<number>(labels.length).fill(0);
    const closed = labels.map((ids) => (ids.at(-1) === end ? [...ids] : [...ids, end]));
    // In sorted order, nodes of one branch get indices one after another.
    const order = [...closed.keys()].sort((a, b) => compare(closed[a] ?? [], closed[b] ?? []));
    for (const label of order) {
      let at = 0;
      for (const token of closed[label] ?? []) at = childOf(nodes, at, token);
      ends[label] = at;
    }
    this.nodes = nodes;
    this.ends = ends;
  }

  /** The nodes from the first token to the one given. */
  path(node: number): number[] {
    const path: number[] = [];
    for (let at = node; at > 0; at = this.nodes[at]?.parent ?? 0) path.push(at);
    return path.reverse();
  }
}

function childOf(nodes: TrieNode[], parent: number, token: number): number {
  const node = nodes[parent];
  // The last one was added last: in sorted order no other can be meant.
  const last = node?.children.at(-1);
  if (last !== undefined && nodes[last]?.token === token) return last;
  const added = nodes.push({ token, parent, depth: (node?.depth ?? 0) + 1, children: [] }) - 1;
  node?.children.push(added);
  return added;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
