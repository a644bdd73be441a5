import { Option } from 'commander';
import type { Command } from 'commander';
import { findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import { resumeStudy, runStudy } from '../studies.ts';
import {
  addComparingOptions,
  addGroundOptions,
  armsFor,
  leadingMethod,
  readArms,
  readSeeds,
  readShares,
  seedsOf,
} from '../study-options.ts';
import type { AskedArm, AskedSeeds, ComparingOptions } from '../study-options.ts';
import { addTrainingOptions, methodWords } from '../training-flags.ts';
import { settingsFor } from '../training-options.ts';
import { tell } from './bake-off.ts';
import type { StudyOptions } from './bake-off.ts';

interface CurveOptions extends StudyOptions, ComparingOptions {
  readonly methods?: readonly AskedArm[];
  readonly seeds: AskedSeeds;
  readonly shares: readonly number[];
}

export function addCurve(program: Command): void {
  const command = program
    .command('curve')
    .description('how much data is needed: methods trained on nested shares of the rows')
    .option(
      '--methods <list>',
      `of ${methodWords.join(', ')}, each with :gold or :teacher if need be; finetune or distill, and step-by-step otherwise`,
      readArms,
    )
    .addOption(
      new Option('--seeds <n>', 'how many, from --seed on, or which: 1,2,5')
        .argParser(readSeeds)
        .default({ count: 3 }, '3'),
    )
    .addOption(
      new Option('--shares <list>', 'percent of the training rows')
        .argParser(readShares)
        .default([0.125, 0.25, 0.5, 0.75, 1], '12.5,25,50,75,100'),
    );
  addTrainingOptions(addGroundOptions(addComparingOptions(command)))
    .addHelpText(
      'after',
      `
A seed's smaller share is part of its larger one, whatever the method.
Ctrl-C pauses: what is trained is saved, and --resume goes on.

Examples:
  stepwise curve
  stepwise curve --methods finetune,step-by-step --shares 25,50,100 --seeds 5
  stepwise curve --resume`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CurveOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        if (options.resume === true) {
          tell(session, await resumeStudy(session, project, 'data-size'));
          return;
        }
        const split = await findSplit(session, project, options.split);
        const { withGold } = await session.ask('projects.overview', { projectId: project.id });
        const arms = await armsFor(session, project, options.methods, {
          usual: [withGold > 0 ? 'finetune' : 'distill', 'step-by-step'],
          labels: options.labels,
        });
        const extractionId = options.extraction ?? null;
        const method = leadingMethod(arms);
        const settings = await settingsFor(session, project, {
          ...{ split, extractionId, method, options },
        });
        const found = await runStudy(session, project, {
          ...{ splitId: split.id, extractionId, name: options.name ?? null },
          plan: {
            ...{ kind: 'data-size', arms, settings, part: options.part },
            shares: [...options.shares],
            seeds: seedsOf(options.seeds, settings.seed),
            margin: options.margin / 100,
          },
        });
        tell(session, found);
      });
    });
}
