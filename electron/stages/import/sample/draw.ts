import type { Random } from '../../../core/random.ts';
import { days, foods, fruits, goods, items, names, places } from './words.ts';

/** What a story family draws its words and numbers from. */
export class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Uniform whole number, both ends included. */
  number(low: number, high: number): number {
    return this.#random.integer(low, high);
  }
  pick<T>(words: readonly T[]): T {
    return this.#random.pick(words);
  }
  /** Two different words of one list. */
  two<T>(words: readonly T[]): [T, T] {
    const first = this.#random.pick(words);
    return [first, this.#random.pick(words.filter((word) => word !== first))];
  }
  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }
  shuffle<T>(things: readonly T[]): T[] {
    return this.#random.shuffle(things);
  }

  name = (): string => this.pick(names);
  twoNames = (): [string, string] => this.two(names);
  item = (): string => this.pick(items);
  good = (): string => this.pick(goods);
  twoGoods = (): [string, string] => this.two(goods);
  fruit = (): string => this.pick(fruits);
  place = (): string => this.pick(places);
  twoFoods = (): [string, string] => this.two(foods);
  day = (): string => this.pick(days);
  twoDays = (): [string, string] => this.two(days);
}
