import type { Command } from 'commander';
import type { SplitSettings } from '../../contract/entities.ts';
import { defaultSplitSettings } from '../../stages/split/index.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';

const kinds = ['random', 'given'] as const;

interface SplitOptions extends GlobalOptions {
  readonly group: boolean;
  readonly kind?: SplitSettings['kind'];
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
  readonly name?: string;
}

export function addSplit(program: Command): void {
  const { validation, test, seed } = defaultSplitSettings;
  program
    .command('split')
    .description('divide the rows into train, validation and test, frozen from then on')
    .option(
      '--kind <kind>',
      'random, or given (the --part of each import); given where any import has a part',
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
      '--seed <n>',
      'seed of the shuffle',
      numberFor('--seed', '1', { min: 0, whole: true }),
      seed,
    )
    .option('--no-group', 'let rows that differ only in their numbers fall into different parts')
    .option('--name <name>', 'name of the split')
    .addHelpText(
      'after',
      `
Examples:
  stepwise split
  stepwise split --kind random --validation 0.1 --test 0.2 --seed 7`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SplitOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const datasets = await session.ask('datasets.list', { projectId: project.id });
        const given = datasets.some((dataset) => dataset.givenPart !== null);
        const settings: SplitSettings = {
          ...defaultSplitSettings,
          groupByMaskedText: options.group,
          kind: options.kind ?? (given ? 'given' : 'random'),
          validation: options.validation,
          test: options.test,
          seed: options.seed,
        };
        const preview = await session.ask('splits.preview', { projectId: project.id, settings });
        const split = await session.ask('splits.create', {
          projectId: project.id,
          name: options.name ?? null,
          settings,
        });
        const { counts } = split;
        session.terminal.print(
          `“${split.name}” (${settings.kind}, seed ${settings.seed}): ` +
            `${counts.train} train, ${counts.validation} validation, ${counts.test} test.`,
        );
        session.terminal.print(leakLine(preview.maskedLeaks));
        session.terminal.result({ split, masked_leaks: preview.maskedLeaks });
      });
    });
}

/** How many held-out rows are training rows in disguise. */
export const leakLine = (rows: number): string =>
  `Rows of validation and test that equal a training row once numbers are masked: ${rows}.`;
