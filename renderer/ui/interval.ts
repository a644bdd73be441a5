/** Where an accuracy and its interval stand on a bar that goes from 0 to 1, in percent of its width. */
export interface IntervalMarks {
  readonly value: number;
  readonly low: number;
  readonly width: number;
}

const percent = (share: number): number => Math.min(100, Math.max(0, 100 * share));

export function intervalMarks(score: {
  accuracy: number;
  low: number;
  high: number;
}): IntervalMarks {
  const low = percent(score.low);
  return { value: percent(score.accuracy), low, width: Math.max(0, percent(score.high) - low) };
}
