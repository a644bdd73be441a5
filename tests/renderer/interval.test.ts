import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { intervalMarks } from '../../renderer/ui/interval.ts';
import IntervalBar from '../../renderer/ui/IntervalBar.svelte';

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
