import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StudioError } from '../../electron/contract/errors.ts';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { exists } from '../../electron/model/files.ts';
import { readModel } from '../../electron/model/folder.ts';
import { checkBeams, checkGreedy } from './decoding.ts';
import { finding } from './finding.ts';
import type { Outcome } from './finding.ts';
import { readCases, readIo } from './fixture.ts';
import { checkBuckets, checkGradients, checkLosses, checkStates } from './forward.ts';
import type { ModelCase } from './model-case.ts';
import { checkTokenizer, tokenizerFiles } from './tokenizers.ts';
import { checkTrainer } from './trainer.ts';
import { checkMultitask, checkOptimizers } from './training.ts';

/**
 * Checks a folder of reference numbers, in the form of those in ../shared/fixtures, on an engine: a
 * model folder with `io.json`, or a tokenizer folder with `expected.json`.
 */

/** Quantities that belong together. */
export interface Group {
  readonly title: string;
  check(): Promise<Outcome[]>;
}

/** The outcomes of one group. */
export interface GroupOutcomes {
  readonly title: string;
  readonly outcomes: readonly Outcome[];
}

const modelGroups: Readonly<Record<string, (given: ModelCase) => Promise<Outcome[]>>> = {
  'forward pass': checkStates,
  loss: checkLosses,
  gradients: checkGradients,
  'relative positions': checkBuckets,
  'optimizer runs': checkOptimizers,
  'step-by-step loss': checkMultitask,
  'training as shipped': checkTrainer,
  'greedy decoding': checkGreedy,
  'beam search': checkBeams,
};

/** The groups of a model folder, and of a tokenizer folder. */
export const modelTitles = Object.keys(modelGroups);
export const tokenizerTitles: readonly string[] = tokenizerFiles;

/**
 * What there is to check in a folder.
 *
 * @param engine computes the models; tokenizers need none
 * @throws StudioError when a file of the folder cannot be read, naming the file
 */
export async function groupsOf(folder: string, engine: () => Promise<Engine>): Promise<Group[]> {
  if (await exists(join(folder, 'io.json'))) {
    const io = readIo(folder);
    const given = { io, model: await readModel(folder), engine: await engine() };
    return Object.entries(modelGroups).map(([title, check]) => ({
      title,
      check: () => check(given),
    }));
  }
  if (await exists(join(folder, 'expected.json'))) {
    const cases = readCases(folder);
    return tokenizerFiles.map((file) => ({
      title: file,
      check: () => checkTokenizer(folder, file, cases),
    }));
  }
  if (!(await exists(folder))) {
    throw new StudioError(
      'invalid-input',
      `There is no folder “${basename(folder)}”.`,
      'Give a folder in the form of the reference numbers.',
    );
  }
  throw new StudioError(
    'invalid-input',
    `The folder “${basename(folder)}” has neither io.json (a model) nor expected.json (a tokenizer).`,
    'Give a folder in the form of the reference numbers.',
  );
}

/**
 * Checks one group after another. A group that fails to compute is a quantity beyond its tolerance,
 * and the next ones are still checked.
 */
export async function* checkFolder(
  folder: string,
  engine: () => Promise<Engine>,
): AsyncGenerator<GroupOutcomes> {
  for (const { title, check } of await groupsOf(folder, engine)) {
    let outcomes: Outcome[];
    try {
      outcomes = await check();
    } catch (caught) {
      const reason = caught instanceof Error ? caught.message : String(caught);
      outcomes = [finding('could not be computed', Infinity, 0, reason)];
    }
    yield { title, outcomes };
  }
}

/** The folder itself, or the folders of reference numbers in it when it holds none of its own. */
export async function foldersIn(folder: string): Promise<string[]> {
  const isFixture = async (path: string): Promise<boolean> =>
    (await exists(join(path, 'io.json'))) || (await exists(join(path, 'expected.json')));
  if (await isFixture(folder)) return [folder];
  const found: string[] = [];
  for (const entry of (await exists(folder)) ? readdirSync(folder, { withFileTypes: true }) : []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && (await isFixture(path))) found.push(path);
  }
  return found.length > 0 ? found.sort() : [folder];
}
