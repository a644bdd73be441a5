import type { Command } from 'commander';
import { Method, SweepKey } from '../contract/entities.ts';
import type { Arm, Part, Project, RunSettings, SweepAxis } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { usesRationales } from '../core/methods.ts';
import { numberFor, readNames, wordFor } from './arguments.ts';
import type { Session } from './session.ts';

/** A method as it is typed: `single-task`, or with its label, `single-task:teacher`. */
export interface AskedArm {
  readonly method: Method;
  /** Null: as `--labels` says, or as is suggested. */
  readonly labelSource: Arm['labelSource'] | null;
}

const sources = ['gold', 'teacher'] as const;

/** Reads one `METHOD[:LABELS]`. */
export function readArm(flag: string): (text: string) => AskedArm {
  const methodOf = wordFor(flag, Method.options);
  const sourceOf = wordFor(`${flag} METHOD:`, sources);
  return (text) => {
    const [method = '', source] = text.trim().split(':');
    return {
      method: methodOf(method),
      labelSource: source === undefined ? null : sourceOf(source),
    };
  };
}

/** Reads a list of `METHOD[:LABELS]`. */
export const readArms = (text: string): AskedArm[] => readNames(text).map(readArm('--methods'));

/** How many seeds, or which: `3`, or `1,2,5`. */
export type AskedSeeds = { readonly count: number } | { readonly list: readonly number[] };

/** Reads `--seeds`. */
export function readSeeds(text: string): AskedSeeds {
  const names = readNames(text);
  const [only] = names;
  if (names.length === 1 && only !== undefined && !text.includes(',')) {
    return { count: numberFor('--seeds', '3', { min: 1, max: 20, whole: true })(only) };
  }
  const seed = numberFor('--seeds', '1,2,3', { min: 0, whole: true });
  return { list: names.map(seed) };
}

/** The seeds that are meant: so many from the first on, or those named. */
export const seedsOf = (asked: AskedSeeds, first: number): number[] =>
  'list' in asked
    ? [...asked.list]
    : Array.from({ length: asked.count }, (_, index) => first + index);

/** Reads `--shares`, in percent. */
export function readShares(text: string): number[] {
  const percent = numberFor('--shares', '12.5,25,50,75,100', { min: 0, max: 100, above: true });
  return readNames(text).map((share) => percent(share) / 100);
}

/** Adds the parts that a study can be compared on, and the margin. */
export function addComparingOptions(command: Command): Command {
  const parts = ['test', 'validation'] as const;
  return command
    .option(
      '--part <part>',
      'what to compare on: test or validation',
      wordFor('--part', parts),
      'test',
    )
    .option(
      '--margin <points>',
      'points of accuracy that a method may lose and still count as no worse',
      numberFor('--margin', '2', { min: 0, max: 50 }),
      2,
    );
}

export interface ComparingOptions {
  readonly part: Exclude<Part, 'train'>;
  readonly margin: number;
}

/** Adds which split, answers and name. */
export const addGroundOptions = (command: Command): Command =>
  command
    .option('--split <split>', 'the split, by name or id; the newest otherwise')
    .option('--extraction <id>', 'the extraction to learn from; the newest otherwise')
    .option('--name <name>', 'name of the study')
    .option('--resume', 'go on with the newest study of this kind, or show what it found');

/**
 * The arms of a study: those that were asked for; else of `usual`, those that the project has labels
 * and rationales for.
 */
export async function armsFor(
  session: Session,
  project: Project,
  asked: readonly AskedArm[] | undefined,
  request: { readonly usual: readonly Method[]; readonly labels: Arm['labelSource'] | undefined },
): Promise<Arm[]> {
  const { withGold, parsed } = await session.ask('projects.overview', { projectId: project.id });
  const labels = request.labels ?? (withGold > 0 ? 'gold' : 'teacher');
  const armOf = ({ method, labelSource }: AskedArm): Arm => ({
    method,
    labelSource: fixedLabels[method] ?? labelSource ?? labels,
  });
  if (asked !== undefined) return asked.map(armOf);
  const usual = request.usual.map((method) => armOf({ method, labelSource: null }));
  const possible = usual.filter((arm) => {
    const teacher = arm.labelSource === 'teacher' || usesRationales(arm.method);
    return (arm.labelSource === 'teacher' || withGold > 0) && (!teacher || parsed > 0);
  });
  return possible.length > 0 ? possible : usual;
}

const fixedLabels: Partial<Record<Method, Arm['labelSource']>> = {
  finetune: 'gold',
  distill: 'teacher',
};

/** The method whose suggested settings all arms share: one that explains has lengths for all. */
export const leadingMethod = (arms: readonly Arm[]): RunSettings['method'] =>
  (arms.find(({ method }) => usesRationales(method)) ?? arms[0])?.method ?? 'step-by-step';

/**
 * Reads one `--vary`: listed values, or a range that a random search draws from.
 *
 *     learning-rate=0.0001,0.001    learning-rate=1e-5..1e-2:log    dropout=0..0.3
 */
export function readAxis(text: string): SweepAxis {
  const [name = '', values = '', ...more] = text.split('=').map((word) => word.trim());
  const key = SweepKey.safeParse(
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  if (!key.success || values === '' || more.length > 0) {
    throw new StudioError(
      'invalid-input',
      `“${text}” is not SETTING=VALUES with a setting that can be varied.`,
      `There are ${SweepKey.options.map(flagOf).join(', ')}. For example: --vary learning-rate=0.0003,0.001`,
    );
  }
  const number = numberFor(`--vary ${name}`, '0.001', { min: 0 });
  if (!values.includes('..')) {
    return { kind: 'list', key: key.data, values: values.split(',').map(number) };
  }
  const [range = '', scale = 'linear'] = values.split(':');
  const [low = '', high = ''] = range.split('..');
  return {
    ...{ kind: 'range', key: key.data, low: number(low), high: number(high) },
    scale: wordFor(`--vary ${name}=LOW..HIGH:`, ['linear', 'log'] as const)(scale),
  };
}

/** A setting as it is typed: `learningRate` is `learning-rate`. */
export const flagOf = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
