import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { version } from '../../electron/core/version.ts';

/** What the benchmarks share: clocks, medians, tables and the machine they ran on. */

/** Milliseconds of one piece of work. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of each of several repetitions. */
export async function repeated(times: number, work: () => unknown): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let repeat = 0; repeat < times; repeat++) milliseconds.push(await timed(work));
  return milliseconds;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** `median (lowest to highest)`. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  return `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
}

export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
export const seconds = (value: number): string => `${(value / 1_000).toFixed(2)} s`;

/** `1 thread`, `2 threads`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** When, on what, with which versions, and how busy the machine was. */
export function circumstances(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`;
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC at ${revision()}`,
    `on ${cpus().length} cores of ${processor}, ${memory}, ${process.platform} ${process.arch}`,
    `with Node ${process.versions.node}, ONNX Runtime ${versionOf('onnxruntime-node')}`,
    `and Stepwise Studio ${version}; load average before: ${load.join(', ')}.`,
  ].join(' ');
}

/** The commit that was measured; outside a checkout there is none to name. */
function revision(): string {
  const { stdout, status } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
  });
  return status === 0 ? `revision ${stdout.trim()}` : 'an unknown revision';
}

function versionOf(name: string): string {
  const path = fileURLToPath(new URL(`../../node_modules/${name}/package.json`, import.meta.url));
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? manifest.version
      : null;
  return String(found ?? 'unknown');
}
