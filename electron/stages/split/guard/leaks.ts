import { LeakKind } from '../../../contract/entities.ts';
import type { LeakReport } from '../../../contract/entities.ts';
import { Clusters } from '../../../core/clusters.ts';
import { jaccard, shingleSet } from '../../../core/minhash.ts';
import type { Parts } from '../divide.ts';
import type { AlikeRows } from './alike.ts';
import { nearPairs } from './near.ts';
import { PartTable, RowsByUnit } from './tables.ts';

/** Pairs of each kind that are shown. */
export const shownPairs = 20;

/** Rows of a template that are compared to find a pair to show. */
const triedInTemplate = 200;

/** A pair to be shown, by the numbers of its rows. */
export interface FoundPair {
  readonly kind: LeakKind;
  /** In validation or test. */
  readonly a: number;
  /** Null for an exemplar that is no other row. */
  readonly b: number | null;
  /** The exemplar's unit. */
  readonly exemplar: number | null;
}

export interface FoundLeaks extends Pick<LeakReport, 'kinds' | 'heldOut'> {
  readonly shown: readonly FoundPair[];
}

interface Tally {
  pairs: number;
  more: boolean;
  heldOut: number;
  clusters: number;
}

/**
 * Counts pairs of rows in different parts that are too much alike. A pair counts under the first kind
 * that holds: equal to the letter, equal once normalised, similar by `threshold` or more, equal once
 * numbers and names are masked. Exemplars of prompts are compared with rows of validation and test,
 * whatever else these rows are alike to.
 *
 * Equal texts are counted by groups and not pair by pair, so that a template with a hundred thousand
 * rows costs no more than its rows.
 *
 * @yields how much of the work is done, 0 to 1
 */
export function* findLeaks(
  alike: AlikeRows,
  parts: Parts,
  threshold: number,
): Generator<number, FoundLeaks> {
  const guard = new Guard(alike, parts, threshold);
  const complete = yield* nearPairs(alike.texts, threshold, (a, b, similarity) => {
    guard.near(a, b, similarity);
  });
  return guard.finish(complete);
}

class Guard {
  readonly #alike: AlikeRows;
  readonly #parts: Parts;
  readonly #threshold: number;
  readonly #exact: PartTable;
  readonly #unit: PartTable;
  readonly #template: PartTable;
  readonly #rows: RowsByUnit;
  /** Rows of other parts that are near to a unit's rows of a part: all, and those of the same template. */
  readonly #near: Float64Array;
  readonly #nearInTemplate: Float64Array;
  readonly #nearPairsOfTemplate: Float64Array;
  readonly #nearClusters: Clusters;
  readonly #nearShown: { a: number; b: number; similarity: number }[] = [];
  /** Units that an exemplar shows or is near to, with the exemplar. */
  readonly #exemplarOf = new Map<number, Set<number>>();
  #nearPairs = 0;

  constructor(alike: AlikeRows, parts: Parts, threshold: number) {
    this.#alike = alike;
    this.#threshold = threshold;
    this.#parts = parts;
    this.#exact = new PartTable(alike.exact, parts);
    this.#unit = new PartTable(alike.unit, parts, alike.texts.size);
    this.#template = new PartTable(alike.template, parts);
    this.#rows = new RowsByUnit(alike.unit, alike.texts.size);
    this.#near = new Float64Array(alike.texts.size * 3);
    this.#nearInTemplate = new Float64Array(alike.texts.size * 3);
    this.#nearPairsOfTemplate = new Float64Array(this.#template.size);
    this.#nearClusters = new Clusters(alike.texts.size);
    for (let unit = 0; unit < alike.exemplars; unit++) this.#exemplarOf.set(unit, new Set([unit]));
  }

  near(a: number, b: number, similarity: number): void {
    if (a < this.#alike.exemplars) this.#show(a, b);
    if (b < this.#alike.exemplars) this.#show(b, a);
    const crossing = this.#unit.crossing(a, b);
    if (crossing === 0) return;
    this.#nearPairs += crossing;
    this.#nearClusters.join(a, b);
    const template = this.#alike.unitTemplate[a] ?? -1;
    const same = template === this.#alike.unitTemplate[b];
    if (same)
      this.#nearPairsOfTemplate[template] = (this.#nearPairsOfTemplate[template] ?? 0) + crossing;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      for (let part = 0; part < 3; part++) {
        const rows = this.#unit.elsewhere(other, part);
        const at = one * 3 + part;
        this.#near[at] = (this.#near[at] ?? 0) + rows;
        if (same) this.#nearInTemplate[at] = (this.#nearInTemplate[at] ?? 0) + rows;
      }
    }
    this.#keepBest(a, b, similarity);
  }

  finish(complete: boolean): FoundLeaks {
    const tallies: Record<LeakKind, Tally> = {
      exact: this.#equal(this.#exact, null),
      normalised: this.#equal(this.#unit, this.#exact),
      near: this.#nearTally(!complete),
      template: this.#templateTally(),
      exemplar: { pairs: 0, more: !complete && this.#alike.exemplars > 0, heldOut: 0, clusters: 0 },
    };
    const shown = new Shown();
    const exemplarsMet = new Set<number>();
    let heldOut = 0;
    for (let row = 0; row < this.#parts.length; row++) {
      if (this.#parts[row] === 0) continue;
      const kinds = this.#kindsOf(row);
      if (kinds.length > 0) heldOut += 1;
      for (const kind of kinds) {
        tallies[kind].heldOut += 1;
        if (kind === 'exemplar') {
          const exemplars = this.#exemplarsOf(row);
          tallies.exemplar.pairs += exemplars.length;
          for (const unit of exemplars) exemplarsMet.add(unit);
        }
        if (kind !== 'near') this.#showRow(shown, kind, row);
      }
    }
    tallies.exemplar.clusters = exemplarsMet.size;
    this.#nearShown.sort((x, y) => y.similarity - x.similarity || x.a - y.a || x.b - y.b);
    for (const { a, b } of this.#nearShown) this.#showNear(shown, a, b);
    return {
      kinds: LeakKind.options.map((kind) => ({ kind, ...tallies[kind] })),
      heldOut,
      shown: LeakKind.options.flatMap((kind) => shown.of(kind)),
    };
  }

  /** Kinds of the leaks of a row of validation or test. */
  #kindsOf(row: number): LeakKind[] {
    const part = this.#parts[row] ?? 0;
    const unit = this.#alike.unit[row] ?? 0;
    const exact = this.#exact.elsewhere(this.#alike.exact[row] ?? 0, part);
    const equal = this.#unit.elsewhere(unit, part);
    const template =
      this.#template.elsewhere(this.#alike.template[row] ?? 0, part) -
      equal -
      (this.#nearInTemplate[unit * 3 + part] ?? 0);
    const kinds: LeakKind[] = [];
    if (exact > 0) kinds.push('exact');
    if (equal > exact) kinds.push('normalised');
    if ((this.#near[unit * 3 + part] ?? 0) > 0) kinds.push('near');
    if (template > 0) kinds.push('template');
    if (this.#exemplarOf.has(unit)) kinds.push('exemplar');
    return kinds;
  }

  #exemplarsOf(row: number): number[] {
    return [...(this.#exemplarOf.get(this.#alike.unit[row] ?? -1) ?? [])];
  }

  #show(exemplar: number, unit: number): void {
    const shown = this.#exemplarOf.get(unit) ?? new Set<number>();
    this.#exemplarOf.set(unit, shown.add(exemplar));
  }

  /** Pairs of equal texts, without those that are equal more closely. */
  #equal(table: PartTable, closer: PartTable | null): Tally {
    const closerPairs = new Float64Array(table.size);
    if (closer !== null) {
      const counted = new Uint8Array(closer.size);
      this.#alike.unit.forEach((unit, row) => {
        const group = this.#alike.exact[row] ?? 0;
        if (counted[group] === 1) return;
        counted[group] = 1;
        closerPairs[unit] = (closerPairs[unit] ?? 0) + closer.pairs(group);
      });
    }
    const tally: Tally = { pairs: 0, more: false, heldOut: 0, clusters: 0 };
    for (let group = 0; group < table.size; group++) {
      const pairs = table.pairs(group) - (closerPairs[group] ?? 0);
      if (pairs <= 0) continue;
      tally.pairs += pairs;
      tally.clusters += 1;
    }
    return tally;
  }

  #nearTally(more: boolean): Tally {
    const roots = new Set<number>();
    for (let unit = 0; unit < this.#alike.texts.size; unit++) {
      if (
        this.#unit
          .parts(unit)
          .some((rows, part) => rows > 0 && (this.#near[unit * 3 + part] ?? 0) > 0)
      ) {
        roots.add(this.#nearClusters.find(unit));
      }
    }
    return { pairs: this.#nearPairs, more, heldOut: 0, clusters: roots.size };
  }

  #templateTally(): Tally {
    const closer = Float64Array.from(this.#nearPairsOfTemplate);
    this.#alike.unitTemplate.forEach((template, unit) => {
      closer[template] = (closer[template] ?? 0) + this.#unit.pairs(unit);
    });
    const tally: Tally = { pairs: 0, more: false, heldOut: 0, clusters: 0 };
    for (let template = 0; template < this.#template.size; template++) {
      const pairs = this.#template.pairs(template) - (closer[template] ?? 0);
      if (pairs <= 0) continue;
      tally.pairs += pairs;
      tally.clusters += 1;
    }
    return tally;
  }

  #keepBest(a: number, b: number, similarity: number): void {
    const kept = this.#nearShown;
    if (kept.length < shownPairs * 4) {
      kept.push({ a, b, similarity });
      return;
    }
    const worst = kept.reduce(
      (least, each, at) => (each.similarity < (kept[least]?.similarity ?? 0) ? at : least),
      0,
    );
    if (similarity > (kept[worst]?.similarity ?? 0)) kept[worst] = { a, b, similarity };
  }

  #showNear(shown: Shown, a: number, b: number): void {
    if (shown.full('near')) return;
    for (const rowA of this.#rows.of(a)) {
      const rowB = this.#rows.of(b).find((row) => this.#parts[row] !== this.#parts[rowA]);
      if (rowB === undefined) continue;
      const held = this.#parts[rowA] === 0 ? rowB : rowA;
      shown.add({ kind: 'near', a: held, b: held === rowA ? rowB : rowA, exemplar: null }, a);
      return;
    }
  }

  #showRow(shown: Shown, kind: Exclude<LeakKind, 'near'>, row: number): void {
    if (shown.full(kind)) return;
    const unit = this.#alike.unit[row] ?? -1;
    const template = this.#alike.template[row] ?? -1;
    if (shown.has(kind, kind === 'exemplar' ? unit : template)) return;
    const part = this.#parts[row];
    const apart = (other: number) => this.#parts[other] !== part;
    if (kind === 'exemplar') {
      const [exemplar = -1] = this.#exemplarsOf(row);
      const b = this.#rows.of(exemplar).find(apart) ?? null;
      shown.add({ kind, a: row, b, exemplar }, unit);
      return;
    }
    const sameText = (other: number) => this.#alike.exact[other] === this.#alike.exact[row];
    const b =
      kind === 'template'
        ? this.#inTemplate(row)
        : this.#rows
            .of(unit)
            .find((other) => apart(other) && sameText(other) === (kind === 'exact'));
    if (b !== undefined) shown.add({ kind, a: row, b, exemplar: null }, template);
  }

  /** A row of the same template in another part that is not near; a few of the template are tried. */
  #inTemplate(row: number): number | undefined {
    const { template, unit, texts } = this.#alike;
    const setOf = (index: number) => shingleSet(texts.get(unit[index] ?? 0));
    const set = setOf(row);
    let tried = 0;
    for (let other = 0; other < template.length && tried < triedInTemplate; other++) {
      if (template[other] !== template[row] || this.#parts[other] === this.#parts[row]) continue;
      tried += 1;
      if (unit[other] === unit[row]) continue;
      if (jaccard(set, setOf(other)) < this.#threshold) return other;
    }
    return undefined;
  }
}

/** A few pairs of each kind, of different clusters where there are such. */
class Shown {
  readonly #pairs = new Map<LeakKind, FoundPair[]>();
  readonly #met = new Set<string>();

  full(kind: LeakKind): boolean {
    return this.of(kind).length >= shownPairs;
  }

  has(kind: LeakKind, cluster: number): boolean {
    return this.#met.has(`${kind} ${cluster}`);
  }

  add(pair: FoundPair, cluster: number): void {
    if (this.has(pair.kind, cluster) || this.full(pair.kind)) return;
    this.#met.add(`${pair.kind} ${cluster}`);
    this.#pairs.set(pair.kind, [...this.of(pair.kind), pair]);
  }

  of(kind: LeakKind): readonly FoundPair[] {
    return this.#pairs.get(kind) ?? [];
  }
}
