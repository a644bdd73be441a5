import { Option } from 'commander';
import type { Command } from 'commander';
import type { SweepAxis } from '../../contract/entities.ts';
import { SweepKey } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { numberFor } from '../arguments.ts';
import { findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import { resumeStudy, runStudy } from '../studies.ts';
import { addGroundOptions, armsFor, flagOf, readArm, readAxis } from '../study-options.ts';
import type { AskedArm } from '../study-options.ts';
import { addTrainingOptions, methodWords } from '../training-flags.ts';
import { settingsFor } from '../training-options.ts';
import { tell } from './bake-off.ts';
import type { StudyOptions } from './bake-off.ts';

interface SweepOptions extends StudyOptions {
  readonly method: AskedArm;
  readonly vary?: readonly SweepAxis[];
  readonly trials?: number;
  readonly searchSeed: number;
  readonly medianRule?: boolean;
}

export function addSweep(program: Command): void {
  const command = program
    .command('sweep')
    .description('try settings of one method; judged by validation, never by the test part')
    .addOption(
      new Option(
        '--method <method>',
        `one of ${methodWords.join(', ')}, with :gold or :teacher if need be`,
      )
        .argParser(readArm('--method'))
        .default({ method: 'step-by-step', labelSource: null }, 'step-by-step'),
    )
    .option(
      '--vary <setting=values>',
      `what to try; again for another. Of ${SweepKey.options.map(flagOf).join(', ')}`,
      (text: string, before: readonly SweepAxis[] = []) => [...before, readAxis(text)],
    )
    .option(
      '--trials <n>',
      'draw so many at random; every combination otherwise',
      numberFor('--trials', '20', { min: 1, max: 200, whole: true }),
    )
    .option(
      '--search-seed <n>',
      'seed of the draws',
      numberFor('--search-seed', '1', { min: 0, whole: true }),
      1,
    )
    .option('--median-rule', 'stop a trial whose best is below the median of earlier ones');
  addTrainingOptions(addGroundOptions(command))
    .addHelpText(
      'after',
      `
Ctrl-C pauses: what is trained is saved, and --resume goes on.

Examples:
  stepwise sweep --vary learning-rate=0.0005,0.001,0.002 --vary lambda=0.5,1,2
  stepwise sweep --vary learning-rate=1e-4..1e-2:log --vary dropout=0..0.3 --trials 20 --median-rule
  stepwise sweep --resume`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<SweepOptions>();
      if (options.vary === undefined && options.resume !== true) {
        throw new StudioError(
          'invalid-input',
          'Which settings are to be tried?',
          'Add --vary, for example --vary learning-rate=0.0005,0.001, or --resume.',
        );
      }
      await Session.use(options, async (session) => {
        const project = await session.project();
        if (options.resume === true) {
          tell(session, await resumeStudy(session, project, 'sweep'));
          return;
        }
        const split = await findSplit(session, project, options.split);
        const [arm = { method: 'step-by-step' as const, labelSource: 'gold' as const }] =
          await armsFor(session, project, [options.method], { usual: [], labels: options.labels });
        const extractionId = options.extraction ?? null;
        const settings = await settingsFor(session, project, {
          ...{ split, extractionId, method: arm.method, options },
        });
        const found = await runStudy(session, project, {
          ...{ splitId: split.id, extractionId, name: options.name ?? null },
          plan: {
            ...{ kind: 'sweep', arm, settings, axes: [...(options.vary ?? [])] },
            search:
              options.trials === undefined
                ? { kind: 'grid' }
                : { kind: 'random', trials: options.trials, seed: options.searchSeed },
            medianRule: options.medianRule === true,
          },
        });
        tell(session, found);
      });
    });
}
