import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { intervalMarks, overlap } from '../../renderer/ui/interval.ts';
import IntervalBar from '../../renderer/ui/IntervalBar.svelte';
import { apart, summaryOf } from '../../renderer/wizards/compare/verdict.ts';

const score = (accuracy: number, low: number, high: number) => ({
  correct: Math.round(accuracy * 100),
  rows: 100,
  accuracy,
  low,
  high,
});

describe('interval marks', () => {
  it('stand where the shares are, in percent of the bar', () => {
    expect(intervalMarks(score(0.5, 0.25, 0.75))).toEqual({ value: 50, low: 25, width: 50 });
  });

  it('never leave the bar', () => {
    expect(intervalMarks(score(1.2, -0.1, 1.4))).toEqual({ value: 100, low: 0, width: 100 });
  });
});

describe('overlap', () => {
  it('is there when the intervals share a point, an end point too', () => {
    expect(overlap({ low: 0.1, high: 0.3 }, { low: 0.3, high: 0.5 })).toBe(true);
    expect(overlap({ low: 0.1, high: 0.3 }, { low: 0.31, high: 0.5 })).toBe(false);
    expect(overlap({ low: 0.31, high: 0.5 }, { low: 0.1, high: 0.3 })).toBe(false);
    expect(overlap({ low: 0, high: 1 }, { low: 0.4, high: 0.5 })).toBe(true);
  });
});

describe('what the rows can tell apart', () => {
  it('is nothing while the intervals overlap', () => {
    expect(
      apart([
        { name: 'a', score: score(0.5, 0.4, 0.6) },
        { name: 'b', score: score(0.59, 0.49, 0.69) },
      ]),
    ).toEqual([]);
  });

  it('is each pair whose intervals do not, the higher first', () => {
    expect(
      apart([
        { name: 'low', score: score(0.1, 0.05, 0.2) },
        { name: 'middle', score: score(0.3, 0.18, 0.4) },
        { name: 'high', score: score(0.8, 0.7, 0.9) },
      ]),
    ).toEqual([
      ['high', 'low'],
      ['high', 'middle'],
    ]);
  });
});

describe('the interval bar', () => {
  it('says its numbers and draws them', () => {
    render(IntervalBar, { score: score(0.5, 0.25, 0.75) });
    const bar = screen.getByRole('img', { name: '50.0%, 95% interval from 25.0% to 75.0%' });
    const [range, point] = bar.querySelectorAll('span');
    expect(range?.style.left).toBe('25%');
    expect(range?.style.width).toBe('50%');
    expect(point?.style.left).toBe('50%');
  });
});

describe('what the intervals of many students show', () => {
  const student = (name: string, accuracy: number) => ({
    name,
    score: { rows: 100, correct: 0, accuracy, low: accuracy - 0.1, high: accuracy + 0.1 },
  });

  it('counts pairs, and those that the highest lies above', () => {
    const found = summaryOf([
      student('a', 0.2),
      student('b', 0.9),
      student('c', 0.5),
      student('d', 0.75),
    ]);
    expect(found.all).toBe(6);
    expect(found.pairs).toHaveLength(5);
    expect(found.highest).toEqual({ name: 'b', above: 2 });
  });

  it('has nothing to say of nobody', () => {
    expect(summaryOf([])).toEqual({ pairs: [], all: 0, highest: null });
  });
});
