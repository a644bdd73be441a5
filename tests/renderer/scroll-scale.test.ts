import { describe, expect, it } from 'vitest';
import { ScrollScale, tallest, topToShow } from '../../renderer/lib/table/scroll-scale.ts';

const view = 600;
const short = { rows: 20_000, view };
/** A million rows of 52 pixels. */
const tall = { rows: 52_000_000, view };

describe('the scale of scrolling', () => {
  it('is the element’s own where all rows fit an element', () => {
    const scale = new ScrollScale(short);
    expect(scale.height).toBe(20_000);
    scale.follow(7_777);
    expect(scale.top).toBe(7_777);
    expect(scale.scrollTop).toBe(7_777);
  });

  it('never makes an element taller than can be laid out', () => {
    expect(new ScrollScale(tall).height).toBe(tallest);
  });

  it('moves rows by as much as the element when the movement is small', () => {
    const scale = new ScrollScale(tall);
    for (let step = 1; step <= 50; step += 1) scale.follow(100 * step);
    expect(scale.top).toBe(5_000);
  });

  it('moves in proportion when the scroll bar is dragged, and reaches both ends', () => {
    const scale = new ScrollScale(tall);
    scale.follow((tallest - view) / 2);
    expect(scale.top).toBeCloseTo((tall.rows - view) / 2, 0);
    scale.follow(tallest - view);
    expect(scale.top).toBe(tall.rows - view);
    scale.follow(0);
    expect(scale.top).toBe(0);
  });

  it('puts the scroll bar where the rows are, without moving the rows', () => {
    const scale = new ScrollScale(tall);
    for (let step = 1; step <= 200; step += 1) scale.follow(100 * step);
    const { top } = scale;
    const put = scale.moveTo(top);
    expect(put).toBe(scale.scrollTop);
    scale.follow(put);
    expect(scale.top).toBe(top);
  });

  it('reaches every row by single steps from its neighbour, up to the last', () => {
    const scale = new ScrollScale(tall);
    for (const index of [0, 1, 499_999, 500_000, 999_998, 999_999]) {
      scale.moveTo(topToShow(index, 52, { top: scale.top, view }));
      expect(scale.top).toBeLessThanOrEqual(index * 52);
      expect(scale.top + view).toBeGreaterThanOrEqual(index * 52 + 52);
      expect(scale.scrollTop).toBeLessThanOrEqual(tallest - view);
    }
  });

  it('keeps the place in other heights as far as it exists', () => {
    const scale = new ScrollScale(tall);
    scale.moveTo(1_000_000);
    expect(scale.resized({ rows: 50_000_000, view: 400 }).top).toBe(1_000_000);
    expect(scale.resized({ rows: 1_000, view: 400 }).top).toBe(600);
    expect(scale.resized({ rows: 100, view: 400 }).top).toBe(0);
  });
});

describe('bringing a row into view', () => {
  it('moves as little as it takes, and not at all when it is there', () => {
    expect(topToShow(5, 50, { top: 0, view: 500 })).toBe(0);
    expect(topToShow(10, 50, { top: 0, view: 500 })).toBe(50);
    expect(topToShow(2, 50, { top: 400, view: 500 })).toBe(100);
  });
});
