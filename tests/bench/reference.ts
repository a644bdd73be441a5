import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { T5Config } from '../../electron/model/t5/config.ts';
import { median, milliseconds, spread, table } from './measure.ts';
import type { Options } from './options.ts';

/** A process that is asked for times, one JSON line a question: PyTorch's, or one of our own. */

const Ready = z.union([
  z.object({ name: z.string(), parameters: z.number() }),
  z.object({ absent: z.string() }),
]);
const Answer = z.object({ milliseconds: z.array(z.number()), peak: z.number().nullable() });
export type Answer = z.infer<typeof Answer>;

export class Opponent {
  readonly name: string;
  readonly parameters: number;
  readonly #lines: Lines;

  private constructor(name: string, parameters: number, lines: Lines) {
    this.name = name;
    this.parameters = parameters;
    this.#lines = lines;
  }

  /**
   * Starts `command` with its first line; null when it says that something it needs is absent.
   *
   * @throws Error when it ends early
   */
  static async start(command: readonly [string, ...string[]], task: object) {
    const lines = new Lines(command);
    const ready = Ready.parse(await lines.ask(task));
    if ('absent' in ready) {
      await lines.end();
      return null;
    }
    return new Opponent(ready.name, ready.parameters, lines);
  }

  /** Milliseconds of each of the pieces of work that the question names, and the peak so far. */
  async ask(question: object): Promise<Answer> {
    return Answer.parse(await this.#lines.ask(question));
  }

  end(): Promise<void> {
    return this.#lines.end();
  }
}

class Lines {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #lines: AsyncIterator<string>;

  constructor([program, ...words]: readonly [string, ...string[]]) {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#input = child.stdin;
    this.#lines = linesOf(child.stdout);
    // A process that is gone is noticed when its answer is missing.
    child.stdin.on('error', () => undefined);
    child.on('error', () => undefined);
  }

  async ask(question: object): Promise<unknown> {
    this.#input.write(`${JSON.stringify(question)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`${this.#child.spawnfile} ended early.`);
    return JSON.parse(line.value);
  }

  async end(): Promise<void> {
    const ended =
      this.#child.exitCode === null && this.#child.signalCode === null
        ? once(this.#child, 'exit')
        : Promise.resolve();
    this.#input.end();
    await ended;
  }
}

function linesOf(output: Readable): AsyncIterator<string> {
  return createInterface({ input: output })[Symbol.asyncIterator]();
}

const script = fileURLToPath(new URL('./t5_reference.py', import.meta.url));

/** What PyTorch is asked to be timed at; the fields are those `t5_reference.py` reads. */
export type PyTorchTask = { readonly config: T5Config; readonly threads: number } & (
  | { readonly task: 'train'; readonly rows: readonly { source: number; target: number }[] }
  | { readonly task: 'rows'; readonly file: string }
  | {
      readonly task: 'decode' | 'generate';
      readonly rows: readonly { source: number; target: number }[];
      readonly tokens: number;
    }
);

/** PyTorch in a process of its own; null when a package it needs is absent. */
export function startPyTorch(options: Options, task: PyTorchTask): Promise<Opponent | null> {
  const python = options.python ?? 'python3';
  const { device, fused } = options;
  return Opponent.start([python, '-B', '-W', 'ignore', script], { ...task, device, fused });
}

/** As above, where nothing but torch is needed. */
export async function startTorch(options: Options, task: PyTorchTask): Promise<Opponent> {
  const opponent = await startPyTorch(options, task);
  if (opponent) return opponent;
  throw new Error(`${options.python ?? 'python3'} has no torch: set PYTHON to one that has.`);
}

/** One side of a comparison. `measure` gives the times of one round, counted from 0. */
export interface Side {
  readonly name: string;
  measure(round: number): Promise<readonly number[]>;
}

/** A round's value of one side, in the order of the sides. */
export type Rounds = readonly (readonly number[])[];

/**
 * Both or all sides in turn, round by round, so that they meet the same state of the machine.
 *
 * @param value of a round's times, for example their median
 * @returns one list of rounds per side
 */
export async function adjacent(
  sides: readonly Side[],
  rounds: number,
  value: (times: readonly number[]) => number = median,
): Promise<Rounds> {
  const measured: number[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      measured[index]?.push(value(await side.measure(round)));
    }
  }
  return measured;
}

/** The ratio of two sides within each round. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
}

/** A line of ratios: `0.64 (0.58 to 0.67)`. */
export const ratioSpread = (values: readonly number[]): string =>
  spread(values, (ratio) => ratio.toFixed(2));

/**
 * A table with a line per side: time, tokens per second, and our time's share of it within a round.
 *
 * @param rounds milliseconds of each side, ours first
 * @param tokens of one step or run
 */
export function comparison(
  head: string,
  sides: readonly Side[],
  rounds: Rounds,
  tokens: number,
): string {
  const ours = rounds[0] ?? [];
  const rows = sides.map((side, index) => {
    const own = rounds[index] ?? [];
    return [
      side.name,
      spread(own, milliseconds),
      ((tokens / median(own)) * 1_000).toFixed(0),
      index === 0 ? '' : ratioSpread(ratios(ours, own)),
    ];
  });
  return table([head, 'time', 'tokens/s', 'ours to it, within a round'], rows);
}
