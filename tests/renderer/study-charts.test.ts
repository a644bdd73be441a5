import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import DotIntervals from '../../renderer/ui/DotIntervals.svelte';
import IntervalLines from '../../renderer/ui/IntervalLines.svelte';
import ParallelAxes from '../../renderer/ui/ParallelAxes.svelte';
import { linearScale, logScale, spanAround, ticks } from '../../renderer/ui/scales.ts';
import { seriesMark } from '../../renderer/ui/series-marks.ts';
import { NoResizeObserver } from './layout.ts';

beforeEach(() => void vi.stubGlobal('ResizeObserver', NoResizeObserver));

describe('the scales of charts', () => {
  it('put the ends of a domain on the ends of a range, upside down too', () => {
    const y = linearScale([0.5, 1], [200, 10]);
    expect([y(0.5), y(0.75), y(1)]).toEqual([200, 105, 10]);
    expect(linearScale([3, 3], [0, 10])(3)).toBe(5);
  });

  it('give each doubling the same width', () => {
    const x = logScale([200, 1_600], [0, 300]);
    expect([200, 400, 800, 1_600].map((rows) => Math.round(x(rows)))).toEqual([0, 100, 200, 300]);
  });

  it('tick round values inside a span, without dust', () => {
    expect(ticks([0, 1])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks([0.7, 0.95])).toEqual([0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
    expect(ticks([0.83, 0.83])).toEqual([0.83]);
    for (let low = 0; low < 1; low += 0.07) {
      for (let high = low + 0.01; high <= 1; high += 0.09) {
        const marks = ticks([low, high]);
        expect(marks.length).toBeLessThanOrEqual(6);
        expect(Math.min(...marks)).toBeGreaterThanOrEqual(low - 1e-9);
        expect(Math.max(...marks)).toBeLessThanOrEqual(high + 1e-9);
      }
    }
  });

  it('take in every value and keep inside the limits', () => {
    expect(spanAround([], [0, 1])).toEqual([0, 1]);
    for (const values of [
      [0.97, 1],
      [0, 0.02],
      [0.5, 0.5],
      [0.1234, 0.9876],
      [1, 1],
      [0, 0],
    ]) {
      const [low, high] = spanAround(values, [0, 1]);
      expect(low).toBeLessThanOrEqual(Math.min(...values));
      expect(high).toBeGreaterThanOrEqual(Math.max(...values));
      expect(high).toBeGreaterThan(low);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }
  });
});

describe('series of a chart', () => {
  it('are told apart by shape and dash, not by colour alone', () => {
    const looks = Array.from({ length: 8 }, (_, index) => seriesMark(index));
    expect(new Set(looks.slice(0, 6).map(({ path }) => path)).size).toBe(6);
    expect(new Set(looks.map(({ path, dash }) => `${path} ${dash}`)).size).toBe(8);
  });
});

const words = { title: 'T', description: 'What it shows.' };
const described = (): HTMLElement => screen.getByRole('img', { name: 'T' });

describe('charts', () => {
  it('draw a mean with its interval, and each seed as a dot', () => {
    const mean = { value: 0.9, low: 0.85, high: 0.95 };
    const rows = [
      { key: 'a', label: 'A', mean, dots: [0.89, 0.91] },
      { key: 'b', label: 'B', mean: null, dots: [] },
    ];
    render(DotIntervals, { props: { ...words, rows, shown: String } });
    expect(described().getAttribute('aria-describedby')).toBeTruthy();
    expect(document.querySelectorAll('.mean')).toHaveLength(1);
    expect(document.querySelectorAll('.dot')).toHaveLength(2);
    expect(screen.getByText('B')).toBeTruthy();
  });

  it('draw a curve for each series, on either scale', async () => {
    const points = [100, 200, 400].map((x) => ({ x, value: 0.8, low: 0.7, high: 0.9 }));
    const series = [
      { key: 'a', label: 'A', points },
      { key: 'b', label: 'B', points },
    ];
    const shared = { ...words, xLabel: 'rows', series, shown: String, shownX: String };
    const { rerender } = render(IntervalLines, { props: { ...shared, doublings: true } });
    expect(screen.getAllByTestId('curve')).toHaveLength(2);
    const paths = (): (string | null)[] =>
      [...document.querySelectorAll('[data-testid="curve"] path')].map((path) =>
        path.getAttribute('d'),
      );
    const log = paths();
    await rerender({ ...shared, doublings: false });
    expect(paths()).not.toEqual(log);
    expect(paths().join('')).not.toMatch(/NaN|Infinity/);
  });

  it('let a line be chosen by the slider as by the pointer, and tell which it is', async () => {
    const axes = [
      { key: 'lr', label: 'lr', span: [0.001, 0.1] as const, log: true, shown: String },
      { key: 'v', label: 'score', span: [0.5, 1] as const, log: false, shown: String },
    ];
    const lines = [
      { key: '1', label: 'Trial 1', values: [0.01, 0.9], broken: false },
      { key: '2', label: 'Trial 2', values: [0.1, null], broken: true },
    ];
    const asked: string[] = [];
    const onchoose = (key: string): void => void asked.push(key);
    render(ParallelAxes, {
      props: { ...words, axes, lines, chosen: '1', chooseLabel: 'Trial', onchoose },
    });
    const slider = screen.getByRole('slider', { name: 'Trial' });
    expect(slider.getAttribute('aria-valuetext')).toBe('Trial 1');
    await fireEvent.input(slider, { target: { value: '1' } });
    const [, second] = screen.getAllByTestId('axis-line');
    if (second) await fireEvent.pointerEnter(second);
    expect(asked).toEqual(['2', '2']);
    const drawn = [...document.querySelectorAll('path')].map((path) => path.getAttribute('d'));
    expect(drawn.join('')).not.toMatch(/NaN|Infinity/);
  });
});
