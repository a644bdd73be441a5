import { parseArgs } from 'node:util';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { counted } from './measure.ts';
import { sizes, type Size } from './shapes.ts';

/** What the command line and the environment say, for every section. */

const engines = ['cpu', 'webgpu', 'cuda', 'tensorflow'] as const satisfies Engine['id'][];

export interface EngineChoice {
  readonly id: Engine['id'];
  readonly threads?: number;
}

export interface Options {
  readonly engine: EngineChoice;
  /** A Python with torch, or null. */
  readonly python: string | null;
  readonly device: 'cpu' | 'cuda';
  /** Whether PyTorch's AdamW is its fused form, which is not its default on a processor. */
  readonly fused: boolean;
  /** Rounds of each comparison; null for what the section finds right. */
  readonly rounds: number | null;
  /** Rows of each data set in `throughput`; null for what the section finds right. */
  readonly rows: number | null;
  /** Only these sizes; null for those the section finds right. */
  readonly sizes: readonly Size[] | null;
  /** Of `students`. */
  readonly seeds: readonly number[];
  readonly steps: number | null;
  /** Of `leak`; null for half an hour. */
  readonly minutes: number | null;
  /** Of `exported`: a workspace, ids of its runs, and of which part the rows are. */
  readonly workspace: string | null;
  readonly runs: readonly string[];
  readonly part: 'test' | 'validation';
}

export interface CommandLine {
  readonly sections: readonly string[];
  readonly write: boolean;
  readonly options: Options;
}

/** @throws Error with a sentence when a value is not one of those there are */
export function readCommandLine(): CommandLine {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      write: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'cpu' },
      threads: { type: 'string' },
      device: { type: 'string', default: 'cpu' },
      fused: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      rows: { type: 'string' },
      size: { type: 'string' },
      seeds: { type: 'string', default: '1,2,3' },
      steps: { type: 'string' },
      minutes: { type: 'string' },
      workspace: { type: 'string' },
      runs: { type: 'string', default: '' },
      part: { type: 'string', default: 'test' },
    },
  });
  const threads = count('threads', values.threads);
  const { sections, minutes } = splitMinutes(positionals);
  return {
    sections,
    write: values.write,
    options: {
      engine: {
        id: oneOf('engine', engines, values.engine),
        ...(threads === null ? {} : { threads }),
      },
      python: process.env['PYTHON'] ?? null,
      device: oneOf('device', ['cpu', 'cuda'] as const, values.device),
      fused: values.fused,
      rounds: count('rounds', values.rounds),
      rows: count('rows', values.rows),
      sizes: values.size?.split(',').map((size) => oneOf('size', sizes, size)) ?? null,
      seeds: values.seeds.split(',').map(Number),
      steps: count('steps', values.steps),
      minutes: count('minutes', values.minutes) ?? minutes,
      workspace: values.workspace ?? null,
      runs: values.runs.split(',').filter((run) => run !== ''),
      part: oneOf('part', ['test', 'validation'] as const, values.part),
    },
  };
}

/** A number behind the word `leak` is its minutes: `leak 6`. */
function splitMinutes(words: readonly string[]): { sections: string[]; minutes: number | null } {
  const isMinutes = (word: string, at: number): boolean =>
    words[at - 1] === 'leak' && /^\d+$/.test(word);
  return {
    sections: words.filter((word, at) => !isMinutes(word, at)),
    minutes: count('minutes', words.find(isMinutes)),
  };
}

/**
 * The engine that was asked for, or an error: never another one.
 *
 * @param profile files that start with this path get the time of every node
 */
export async function openChosen(choice: EngineChoice, profile?: string): Promise<Engine> {
  const engine = await openEngine(profile === undefined ? choice : { ...choice, profile });
  if (engine.id === choice.id) return engine;
  throw new Error(`The engine ${choice.id} was asked for, and ${engine.id} was opened.`);
}

/** What runs it, for the notes. */
export function nameOf(engine: Engine): string {
  return engine.id === 'cpu'
    ? `the processor, ${counted(engine.threads, 'thread')}`
    : `the engine \`${engine.id}\``;
}

/** The sizes of a section that were asked for. */
export function chosenSizes(options: Options, usual: readonly Size[]): readonly Size[] {
  return options.sizes ?? usual;
}

function oneOf<T extends string>(option: string, known: readonly T[], value: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new Error(`--${option} is “${value}”; it can be ${known.join(', ')}.`);
}

function count(option: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${option} is “${value}”; it must be a whole number above 0.`);
}
