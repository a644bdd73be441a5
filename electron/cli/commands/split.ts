import type { Command } from 'commander';
import type { LeakReport, Project, Split, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { defaultSplitSettings } from '../../stages/split/index.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { leakLine, leakReportText, leaksForScripts, previewLines } from '../split-report.ts';

const kinds = ['random', 'given', 'time'] as const;
const movable = ['exact', 'normalised', 'near', 'template', 'exemplars'] as const;

interface SplitOptions extends GlobalOptions {
  readonly group: boolean;
  readonly byTemplate?: boolean;
  readonly groupBy?: string;
  readonly time?: string;
  readonly stratify: boolean;
  readonly kind?: SplitSettings['kind'];
  readonly validation: number;
  readonly test: number;
  readonly folds?: number;
  readonly seed: number;
  readonly guard: boolean;
  readonly threshold: number;
  readonly move?: string;
  readonly check?: boolean;
  readonly name?: string;
}

export function addSplit(program: Command): void {
  const { validation, test, seed } = defaultSplitSettings;
  program
    .command('split')
    .description('divide the rows into train, validation and test, frozen from then on')
    .option(
      '--kind <kind>',
      'random, given (the --part of each import, or a part column), or time; given where any import has a part',
      wordFor('--kind', kinds),
    )
    .option(
      '--validation <share>',
      'share of the rows for validation',
      numberFor('--validation', '0.1', { min: 0, max: 0.9 }),
      validation,
    )
    .option(
      '--test <share>',
      'share of the rows for test',
      numberFor('--test', '0.1', { min: 0, max: 0.9 }),
      test,
    )
    .option(
      '--folds <k>',
      'make k splits, each with another k-th of the rows as test',
      numberFor('--folds', '5', { min: 2, max: 20, whole: true }),
    )
    .option(
      '--seed <n>',
      'seed of the shuffle',
      numberFor('--seed', '1', { min: 0, whole: true }),
      seed,
    )
    .option('--by-template', 'keep rows together that differ only in their numbers and names')
    .option('--no-group', 'let rows that differ only in their numbers fall into different parts')
    .option('--group-by <column>', 'keep rows together that have an equal value in a kept column')
    .option('--time <column>', 'newest rows to test, by a kept column (--kind time)')
    .option('--no-stratify', 'do not keep the share of each label equal across parts')
    .option(
      '--threshold <similarity>',
      'from which similarity on rows count as nearly equal',
      numberFor('--threshold', '0.8', { min: 0.5, max: 1 }),
      0.8,
    )
    .option('--move <kinds>', `move clusters whole into one part: all, or of ${movable.join(',')}`)
    .option('--no-guard', 'do not look for leaks between the parts first')
    .option('--check', 'only show what the split would hold and leak; freeze nothing')
    .option('--name <name>', 'name of the split')
    .addHelpText(
      'after',
      `
Before it freezes a split, the leak guard looks for rows of different parts that are too much alike.

Examples:
  stepwise split
  stepwise split --check --by-template
  stepwise split --by-template --move all --name clean
  stepwise split --kind random --validation 0.1 --test 0.2 --seed 7
  stepwise split --time published --test 0.2
  stepwise split --folds 5 --group-by author`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SplitOptions>();
      await Session.use(options, (session) => run(session, options));
    });
}

async function run(session: Session, options: SplitOptions): Promise<void> {
  const project = await session.project();
  const settings = await settingsOf(session, project, options);
  const { terminal } = session;
  const folds = settings.fold === null ? [settings] : foldsOf(settings, settings.fold.of);
  const reports: LeakReport[] = [];
  for (const each of options.guard ? folds : []) {
    const report = await lookForLeaks(session, project, each, options.threshold);
    const fold = each.fold === null ? '' : `Fold ${each.fold.index + 1} of ${each.fold.of}. `;
    terminal.print(fold + leakReportText(report));
    reports.push(report);
  }
  const preview = await session.ask('splits.preview', { projectId: project.id, settings });
  const found = {
    masked_leaks: preview.maskedLeaks,
    leaks:
      settings.fold === null
        ? reports[0]
          ? leaksForScripts(reports[0])
          : null
        : reports.map(leaksForScripts),
  };
  if (options.check === true) {
    const it = settings.fold === null ? 'It' : 'The first fold';
    terminal.print(`Nothing was frozen. ${it} would hold ${previewLines(preview)}`);
    terminal.print(leakLine(preview.maskedLeaks, settings.groupByMaskedText && settings.maskNames));
    terminal.result({ preview, ...found });
    return;
  }
  const input = { projectId: project.id, name: options.name ?? null, settings };
  if (settings.fold !== null) {
    const splits = await session.ask('splits.createFolds', input);
    for (const split of splits) terminal.print(splitLine(split));
    terminal.result({ splits, ...found });
    return;
  }
  const split = await session.ask('splits.create', input);
  terminal.print(splitLine(split));
  terminal.print(leakLine(preview.maskedLeaks, settings.groupByMaskedText && settings.maskNames));
  terminal.result({ split, ...found });
}

/** @throws StudioError invalid-input for flags that don't go together */
async function settingsOf(
  session: Session,
  project: Project,
  options: SplitOptions,
): Promise<SplitSettings> {
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const given = datasets.some(
    ({ givenPart, mapping }) => givenPart !== null || mapping.part !== null,
  );
  const drawn = options.folds !== undefined || !given ? 'random' : 'given';
  return {
    ...defaultSplitSettings,
    kind: options.kind ?? (options.time === undefined ? drawn : 'time'),
    validation: options.validation,
    test: options.test,
    seed: options.seed,
    stratify: options.stratify,
    groupByMaskedText: options.group,
    maskNames: options.byTemplate === true,
    groupColumn: await columnOf(session, project, '--group-by', options.groupBy),
    timeColumn: await columnOf(session, project, '--time', options.time),
    fold: options.folds === undefined ? null : { of: options.folds, index: 0 },
    move: options.move === undefined ? null : readMove(options.move, options.threshold),
  };
}

/** A kept column by its name. @throws StudioError column-missing */
async function columnOf(
  session: Session,
  project: Project,
  flag: string,
  name: string | undefined,
): Promise<string | null> {
  if (name === undefined) return null;
  const columns = await session.ask('splits.columns', { projectId: project.id });
  if (columns.some(({ column }) => column === name)) return name;
  throw new StudioError(
    'column-missing',
    `${flag} names “${name}”, which was not kept when the rows were imported.`,
    columns.length === 0
      ? 'No column was kept: import the file again and keep it.'
      : `There are: ${columns.map(({ column }) => column).join(', ')}`,
  );
}

function readMove(text: string, threshold: number): NonNullable<SplitSettings['move']> {
  const named = text === 'all' ? [...movable] : text.split(',').map((word) => word.trim());
  const unknown = named.find((word) => !movable.some((kind) => kind === word));
  if (unknown !== undefined) {
    throw new StudioError(
      'invalid-input',
      `--move knows no kind “${unknown}”.`,
      `Say all, or some of ${movable.join(',')}.`,
    );
  }
  return {
    exact: named.includes('exact'),
    normalised: named.includes('normalised'),
    near: named.includes('near') ? threshold : null,
    template: named.includes('template'),
    exemplars: named.includes('exemplars'),
  };
}

const foldsOf = (settings: SplitSettings, of: number): SplitSettings[] =>
  Array.from({ length: of }, (_, index) => ({ ...settings, fold: { of, index } }));

async function lookForLeaks(
  session: Session,
  project: Project,
  settings: SplitSettings,
  threshold: number,
): Promise<LeakReport> {
  const question = { projectId: project.id, settings, threshold };
  const job = await session.ask('splits.checkLeaks', question);
  await session.wait(job, 'Run the same command again: nothing was frozen yet.');
  const report = await session.ask('splits.leaks', question);
  if (report !== null) return report;
  throw new StudioError(
    'job-conflict',
    'The rows changed while they were compared.',
    'Run the same command again.',
  );
}

const splitLine = ({ name, settings, counts }: Split): string =>
  `“${name}” (${settings.kind}, seed ${settings.seed}): ` +
  `${counts.train} train, ${counts.validation} validation, ${counts.test} test.`;
