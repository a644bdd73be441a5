import { Option } from 'commander';
import type { Command } from 'commander';
import type { RunSettings } from '../../contract/entities.ts';
import { findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { resumeStudy, runStudy } from '../studies.ts';
import type { FoundStudy } from '../studies.ts';
import {
  addComparingOptions,
  addGroundOptions,
  armsFor,
  leadingMethod,
  readArms,
  readSeeds,
  seedsOf,
} from '../study-options.ts';
import type { AskedArm, AskedSeeds, ComparingOptions } from '../study-options.ts';
import { studyReport } from '../study-report.ts';
import { studyForScripts } from '../study-scripts.ts';
import { addTrainingOptions, methodWords } from '../training-flags.ts';
import { settingsFor } from '../training-options.ts';
import type { TrainingOptions } from '../training-options.ts';

/** Options of every study. */
export interface StudyOptions extends GlobalOptions, TrainingOptions {
  readonly split?: string;
  readonly extraction?: string;
  readonly name?: string;
  readonly resume?: boolean;
}

interface BakeOffOptions extends StudyOptions, ComparingOptions {
  readonly methods?: readonly AskedArm[];
  readonly seeds: AskedSeeds;
}

export function addBakeOff(program: Command): void {
  const command = program
    .command('bake-off')
    .description('train methods with several seeds on one split, and compare them')
    .option(
      '--methods <list>',
      `of ${methodWords.join(', ')}, each with :gold or :teacher if need be; all that the rows allow otherwise`,
      readArms,
    )
    .addOption(
      new Option('--seeds <n>', 'how many, from --seed on, or which: 1,2,5')
        .argParser(readSeeds)
        .default({ count: 3 }, '3'),
    );
  addTrainingOptions(addGroundOptions(addComparingOptions(command)))
    .addHelpText(
      'after',
      `
All runs share preparation, split and settings. Runs that are there already are taken up.
Ctrl-C pauses: what is trained is saved, and --resume goes on.

Examples:
  stepwise bake-off
  stepwise bake-off --methods finetune,step-by-step --seeds 5
  stepwise bake-off --methods step-by-step:gold,step-by-step:teacher --preset mini
  stepwise bake-off --resume`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<BakeOffOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        if (options.resume === true) {
          tell(session, await resumeStudy(session, project, 'bake-off'));
          return;
        }
        const split = await findSplit(session, project, options.split);
        const arms = await armsFor(session, project, options.methods, {
          usual: methodWords,
          labels: options.labels,
        });
        const extractionId = options.extraction ?? null;
        const method = leadingMethod(arms);
        const settings: RunSettings = await settingsFor(session, project, {
          ...{ split, extractionId, method, options },
        });
        const found = await runStudy(session, project, {
          ...{ splitId: split.id, extractionId, name: options.name ?? null },
          plan: {
            ...{ kind: 'bake-off', arms, settings, part: options.part },
            seeds: seedsOf(options.seeds, settings.seed),
            margin: options.margin / 100,
          },
        });
        tell(session, found);
      });
    });
}

/** Prints what a study found. */
export function tell(session: Session, found: FoundStudy): void {
  session.terminal.print(`“${found.study.name}”: ${studyReport(found.result)}`);
  session.terminal.result(studyForScripts(found));
}
