import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { runSettingsDefaults } from '../../../../electron/contract/entities.ts';
import type { RunSettings } from '../../../../electron/contract/entities.ts';
import { createProgram } from '../../../../electron/cli/program.ts';
import { chosenSettings } from '../../../../electron/cli/training-options.ts';
import type { TrainingOptions } from '../../../../electron/cli/training-options.ts';
import { importWords } from '../../../../electron/stages/compare/report/facts/import-command.ts';
import { splitWords } from '../../../../electron/stages/compare/report/facts/split-command.ts';
import { trainingWords } from '../../../../electron/stages/compare/report/facts/training-command.ts';
import { shellCommand } from '../../../../electron/stages/compare/report/html/sections/reproduce.ts';
import { runSettings, splitSettings } from '../../store/workspace.ts';
import { factsOf, ground } from './support.ts';

/** Parses words as the program does, and does nothing else. @throws where commander or an option refuses */
function parsed(argv: readonly string[]): { readonly name: string; readonly options: object } {
  const program = createProgram();
  let found: { name: string; options: object } | null = null;
  const listen = (command: Command): void => {
    command.exitOverride().action((..._arguments: unknown[]) => {
      found = { name: command.name(), options: command.opts() };
    });
    for (const child of command.commands) listen(child);
  };
  for (const child of program.commands) listen(child);
  program.parse([...argv], { from: 'user' });
  if (found === null) throw new Error(`no command: ${argv.join(' ')}`);
  return found;
}

describe('the commands of a report', () => {
  it('are all taken by the program', async () => {
    const { store, on } = ground();
    const { reproduce } = await factsOf(store, on, { title: '제목 “and” quotes' });
    const names = reproduce.steps.map(({ argv }) => parsed(argv).name);
    expect(names).toEqual([
      ...['new', 'import', 'extract', 'split', 'train', 'train', 'compare', 'report'],
    ]);
    expect(reproduce.notes).toContain('asked-teacher');
  });

  it('train a second seed as the first with a change', async () => {
    const { store, on } = ground();
    const { steps } = (await factsOf(store, on)).reproduce;
    const training = steps.filter(({ what }) => what === 'train').map(({ argv }) => argv);
    expect(training[1]).toEqual([
      ...['train', '--again', 'first 1', '--seed', '2', '--name', 'first 2'],
    ]);
  });
});

const unusual: Partial<RunSettings>[] = [
  {},
  { lambda: 0.25, trainShare: 0.5, rationaleCap: 32, keepEvery: 4 },
  { earlyStopping: { patience: 7 }, lora: { rank: 8, alpha: 16 }, freeze: ['embeddings'] },
  { labelPrefix: '- x: ', rationalePrefix: '', answerMark: '답:', tokenizer: 'shared' },
  { method: 'single-task', labelSource: 'teacher', optimizer: 'adafactor', schedule: 'cosine' },
  { mutualInformation: 0.1, rationaleDropout: 0.2, rationales: 'healthy', suspicionLimit: 9 },
];

describe('the command of a training', () => {
  it.each(unusual)('says all settings again: %o', (changes) => {
    const settings = { ...runSettings, ...changes };
    const words = trainingWords({ name: 'a', settings }, { split: 's', before: [] });
    const options: TrainingOptions & { readonly method?: string } = parsed(words).options;
    const again = { ...runSettings, ...runSettingsDefaults, ...chosenSettings(options) };
    expect({ ...again, method: options.method, preset: options.preset }).toEqual(settings);
  });

  it('says the published code’s form of the loss again', () => {
    const settings: RunSettings = { ...runSettings, lossForm: 'alpha', lambda: 3 };
    const words = trainingWords({ name: 'a', settings }, { split: 's', before: [] });
    expect(chosenSettings(parsed(words).options)).toMatchObject({ lossForm: 'alpha', lambda: 3 });
  });

  it('names a pretrained student, and writes another student out', () => {
    const student = { id: 's', name: 'flan t5', sha256: 'x' };
    const folder: RunSettings = { ...runSettings, preset: 'folder', student };
    const before = [{ name: 'first', settings: runSettings }];
    const words = trainingWords({ name: 'a', settings: folder }, { split: 's', before });
    expect(words).not.toContain('--again');
    expect(parsed(words).options).toMatchObject({ student: 'flan t5' });
  });

  it('writes out what has no flag to be switched off', () => {
    const before = [{ name: 'first', settings: { ...runSettings, keepEvery: 3 } }];
    const words = trainingWords({ name: 'a', settings: runSettings }, { split: 's', before });
    expect(words).not.toContain('--again');
    expect(words).not.toContain('--keep-every');
  });
});

it('a split is divided again with all that was asked', () => {
  const words = splitWords({
    ...{ name: 'clean', settingsHash: '', counts: { train: 1, validation: 1, test: 1 } },
    ...{ leaks: null, looks: 0, frozenAt: '' },
    settings: {
      ...{ ...splitSettings, kind: 'time', timeColumn: 'when', groupColumn: 'who' },
      ...{ maskNames: true, groupByMaskedText: false },
      move: { exact: true, normalised: false, near: 0.9, template: false, exemplars: true },
    },
  });
  expect(parsed(words).options).toMatchObject({
    ...{ kind: 'time', time: 'when', groupBy: 'who', byTemplate: true, group: false },
    ...{ move: 'exact,near,exemplars', threshold: 0.9, guard: false, name: 'clean', seed: 11 },
    ...{ stratify: false, validation: 0.1, test: 0.1 },
  });
});

it('a file is imported again as it was read', async () => {
  const { store, on } = ground();
  const [dataset] = (await factsOf(store, on)).data;
  if (dataset === undefined) throw new Error('no data');
  const words = importWords({
    ...dataset,
    sourceName: '-odd name.csv',
    givenPart: 'test',
    mapping: { ...dataset.mapping, keep: ['who'], labelMap: { 0: 'no', 1: 'yes' } },
    options: {
      read: { encoding: 'euc-kr', delimiter: '\t', header: false, skip: 2, entry: 'a / b' },
      ...{ dedupe: 'exact', invalidRows: 'skip', replaces: null, removeMissing: false },
    },
  });
  expect(words[1]).toBe('./-odd name.csv');
  expect(parsed(words).options).toMatchObject({
    ...{ part: 'test', keep: ['who'], encoding: 'euc-kr', delimiter: 'tab', header: false },
    ...{ skipLines: 2, entry: 'a / b', dedupe: 'exact', skipInvalid: true, name: 'Baskets' },
    labels: [
      ['0', 'no'],
      ['1', 'yes'],
    ],
  });
});

it.each([
  [['train', '--seed', '2'], 'stepwise train --seed 2'],
  [['train', '--name', "it's a $HOME `x`"], "stepwise train --name 'it'\\''s a $HOME `x`'"],
  [['import', ''], "stepwise import ''"],
])('%j is typed as %s', (argv, typed) => {
  expect(shellCommand(argv)).toBe(typed);
});
