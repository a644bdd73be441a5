import { describe, expect, it } from 'vitest';
import { PageCache } from '../../renderer/lib/table/page-cache.svelte.ts';

/** A long list of numbers whose answers come when they are let go. */
class Source {
  total: number;
  readonly asked: number[] = [];
  readonly #waiting: (() => void)[] = [];
  /** Added to every row: another value makes other rows. */
  shift = 0;
  failing = false;

  constructor(total: number) {
    this.total = total;
  }

  readonly fetch = async (offset: number, limit: number) => {
    this.asked.push(offset);
    const { shift } = this;
    await new Promise<void>((go) => this.#waiting.push(go));
    if (this.failing) throw new Error('The disk is gone.');
    const length = Math.max(0, Math.min(limit, this.total - offset));
    return { rows: Array.from({ length }, (_, at) => offset + at + shift), total: this.total };
  };

  /** Answers what was asked, and what the answers lead to. */
  async answer(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#waiting.shift()?.();
      await new Promise((done) => setTimeout(done, 0));
    }
  }

  /** Answers the oldest question alone. */
  async answerOne(): Promise<void> {
    this.#waiting.shift()?.();
    await new Promise((done) => setTimeout(done, 0));
  }
}

const options = { pageSize: 10, keep: 6 };

async function opened(total: number) {
  const source = new Source(total);
  const cache = new PageCache(source.fetch, options);
  void cache.reset();
  await source.answer();
  return { source, cache };
}

describe('the cache of pages', () => {
  it('knows nothing before the first answer, and then the rows and how many there are', async () => {
    const source = new Source(95);
    const cache = new PageCache(source.fetch, options);
    expect(cache.total).toBeNull();
    void cache.reset();
    expect(cache.row(0)).toBeUndefined();
    await source.answer();
    expect(cache.total).toBe(95);
    expect(cache.row(7)).toBe(7);
  });

  it('asks for what is in view first, then ahead of the movement, two at a time', async () => {
    const { source, cache } = await opened(1_000);
    source.asked.length = 0;
    cache.show(95, 115);
    expect(source.asked).toEqual([90, 100]);
    await source.answer();
    expect(source.asked).toEqual([90, 100, 110, 120, 130, 80]);
    source.asked.length = 0;
    cache.show(75, 85);
    await source.answer();
    expect(source.asked).toEqual([70, 60, 50]);
  });

  it('does not ask for what was passed over', async () => {
    const { source, cache } = await opened(10_000);
    source.asked.length = 0;
    for (let at = 1_000; at <= 9_000; at += 1_000) cache.show(at, at + 10);
    await source.answer();
    expect(source.asked.slice(0, 2)).toEqual([1_000, 1_010]);
    expect(source.asked.slice(2)).toEqual([9_000, 9_010, 9_020, 8_990]);
    expect(cache.row(9_005)).toBe(9_005);
    expect(cache.row(5_000)).toBeUndefined();
  });

  it('finds every row in view there after ordinary scrolling, without asking twice', async () => {
    const { source, cache } = await opened(500);
    source.asked.length = 0;
    for (let at = 0; at < 480; at += 4) {
      cache.show(at, at + 12);
      await source.answer();
      expect(cache.row(at)).toBe(at);
      expect(cache.row(at + 11)).toBe(at + 11);
    }
    expect(new Set(source.asked).size).toBe(source.asked.length);
  });

  it('keeps the pages that were looked at last', async () => {
    const { source, cache } = await opened(1_000);
    for (const at of [0, 300, 600, 900]) {
      cache.show(at, at + 10);
      await source.answer();
    }
    expect(cache.row(0)).toBeUndefined();
    expect(cache.row(905)).toBe(905);
  });

  it('shows rows while it reads them again, and then the newer ones', async () => {
    const { source, cache } = await opened(50);
    source.shift = 1_000;
    source.total = 40;
    const done = cache.refresh();
    expect(cache.row(3)).toBe(3);
    await source.answer();
    await done;
    expect(cache.row(3)).toBe(1_003);
    expect(cache.total).toBe(40);
  });

  it('puts all rows in view in their places in one step, and says so', async () => {
    const source = new Source(500);
    const placed: (number | undefined)[][] = [];
    const onplaced = () => placed.push([cache.row(95), cache.row(105), cache.total ?? undefined]);
    const cache: PageCache<number> = new PageCache(source.fetch, { ...options, onplaced });
    void cache.reset();
    cache.show(95, 105);
    await source.answer();
    placed.length = 0;
    source.shift = 1_000;
    source.total = 400;
    void cache.refresh();
    await source.answerOne();
    expect([cache.row(95), cache.row(105), cache.total]).toEqual([95, 105, 500]);
    expect(placed).toEqual([]);
    await source.answerOne();
    expect(placed).toEqual([[1_095, 1_105, 400]]);
    await source.answer();
  });

  it('reads a page out of view anew where it is asked to, and keeps all in place when one fails', async () => {
    const { source, cache } = await opened(500);
    cache.show(300, 310);
    await source.answer();
    source.shift = 1_000;
    void cache.refresh(5);
    await source.answer();
    expect([cache.row(5), cache.row(305)]).toEqual([1_005, 1_305]);
    source.failing = true;
    void cache.refresh(5);
    await source.answer();
    expect(cache.failure?.message).toContain('The disk is gone.');
    expect([cache.row(5), cache.row(305)]).toEqual([1_005, 1_305]);
  });

  it('drops answers to questions that were overtaken', async () => {
    const source = new Source(50);
    const cache = new PageCache(source.fetch, options);
    void cache.reset();
    source.shift = 1_000;
    void cache.reset();
    await source.answerOne();
    expect(cache.row(0)).toBeUndefined();
    await source.answer();
    expect(cache.row(0)).toBe(1_000);
  });

  it('lets go of pages beyond the end when there are fewer rows', async () => {
    const { source, cache } = await opened(50);
    cache.show(40, 50);
    await source.answer();
    expect(cache.row(45)).toBe(45);
    source.total = 5;
    const done = cache.refresh();
    await source.answer();
    await done;
    expect(cache.total).toBe(5);
    expect(cache.row(45)).toBeUndefined();
  });

  it('gives a range across pages, and asks only for those it lacks', async () => {
    const { source, cache } = await opened(50);
    source.asked.length = 0;
    const range = cache.range(5, 25);
    await source.answer();
    expect(await range).toEqual(Array.from({ length: 20 }, (_, at) => 5 + at));
    expect(source.asked.filter((offset) => offset === 0)).toEqual([]);
  });

  it('finds the place of a row, the nearest where there are several', async () => {
    const { source, cache } = await opened(30);
    cache.show(0, 10);
    await source.answer();
    expect(cache.find((row) => row === 7)).toBe(7);
    expect(cache.find((row) => row % 5 === 0, 9)).toBe(10);
    expect(cache.find((row) => row === 999)).toBeNull();
  });

  it('tells a failure once, and asks again when it is told to', async () => {
    const { source, cache } = await opened(50);
    source.failing = true;
    source.asked.length = 0;
    cache.show(40, 50);
    await source.answer();
    expect(cache.failure?.message).toContain('The disk is gone.');
    const tries = source.asked.length;
    await source.answer();
    expect(source.asked.length).toBe(tries);
    source.failing = false;
    cache.show(40, 50);
    await source.answer();
    expect(cache.failure).toBeNull();
    expect(cache.row(45)).toBe(45);
  });
});
