import type { JobProgress, JobRecord } from '../contract/jobs.ts';
import { size } from './table.ts';

const phases: Record<JobProgress['phase'], string> = {
  preparing: 'preparing',
  working: '',
  evaluating: 'evaluating',
  saving: 'saving',
  proving: 'proving',
};

/**
 * One line: title, bar, count, phase, rate, time left, and what the job itself has to say.
 *
 * @param width characters of the bar; 0 for none
 */
export function progressLine(job: JobRecord, detail: string, width: number): string {
  const { done, total, unit, phase, rate, secondsLeft } = job.progress;
  const parts = [
    width > 0 && total !== null ? `${job.title} ${bar(done, total, width)}` : job.title,
    counted(job.progress),
    phases[phase],
    detail,
    rate === null || rate === 0 ? '' : `${ratePerSecond(rate, unit)}/s`,
    secondsLeft === null ? '' : `${duration(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function counted({ done, total, unit }: JobProgress): string {
  if (unit !== 'bytes') return total === null ? `${done} ${unit}` : `${done}/${total} ${unit}`;
  if (total !== null) return `${size(done)} of ${size(total)}`;
  return done === 0 ? '' : size(done);
}

function ratePerSecond(rate: number, unit: JobProgress['unit']): string {
  if (unit === 'bytes') return size(rate);
  return `${rate >= 10 ? rate.toFixed(0) : rate.toFixed(1)} ${unit}`;
}

function bar(done: number, total: number, width: number): string {
  const filled = total === 0 ? width : Math.min(width, Math.floor((done / total) * width));
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]`;
}

/** Seconds as a person reads them: `42 s`, `3:05 min`, `1:02 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}
