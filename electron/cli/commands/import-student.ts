import { resolve } from 'node:path';
import type { Command } from 'commander';
import type {
  ImportReport,
  ImportedAsking,
  Method,
  Project,
  Split,
} from '../../contract/entities.ts';
import { methodTraits } from '../../core/methods.ts';
import { wordFor } from '../arguments.ts';
import { CommandEnd } from '../command-end.ts';
import { findExtraction } from '../extraction.ts';
import { findRun, findSplit } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';
import { methodWords } from '../training-options.ts';

interface Flags extends GlobalOptions {
  readonly split?: string;
  readonly name?: string;
  readonly extraction?: string;
  readonly method?: Method;
  readonly labelPrefix: string;
  readonly rationalePrefix: string;
  readonly check?: boolean;
}

export function addImportStudent(program: Command): void {
  program
    .command('import-student <folder>')
    .description(
      'take a student in: an exported folder, the result of a training bundle, or any T5 folder',
    )
    .option('--split <name>', 'the split that it is compared on; the newest otherwise')
    .option('--name <name>', 'its name here; what its folder says otherwise')
    .option(
      '--extraction <id>',
      'whose rationales it reads, where it was trained so; the newest otherwise',
    )
    .option(
      '--method <method>',
      `how it was trained, where its folder does not say: ${methodWords.join(', ')}`,
      wordFor('--method', methodWords),
    )
    .option('--label-prefix <text>', 'what stands before a question', 'predict: ')
    .option('--rationale-prefix <text>', 'the same for its rationale', 'explain: ')
    .option('--check', 'only look at the folder, and keep nothing')
    .addHelpText(
      'after',
      `
A folder that says itself how it is asked needs neither --method nor prefixes.

Examples:
  stepwise import-student ~/exports/apples-step-by-step-1
  stepwise import-student ~/bundle/result --name "from the cluster"
  stepwise import-student ~/models/my-t5 --method distill --label-prefix ""
  stepwise import-student ~/bundle/result --check`,
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      await Session.use(flags, async (session) => {
        const project = await session.project();
        const split = await findSplit(session, project, flags.split);
        await importStudent(session, { project, split, folder: resolve(folder), flags });
      });
    });
}

interface Wish {
  readonly project: Project;
  readonly split: Split;
  readonly folder: string;
  readonly flags: Flags;
}

async function importStudent(session: Session, wish: Wish): Promise<void> {
  const { project, split, folder, flags } = wish;
  const { terminal } = session;
  const source = { path: folder };
  const report = await session.ask('runs.lookAtImport', { splitId: split.id, source });
  terminal.print(describeImport(report));
  const usable = report.findings.every(({ severity }) => severity !== 'error');
  if (flags.check === true || !usable) {
    terminal.result({ report, usable });
    if (!usable) throw new CommandEnd(1);
    return;
  }
  const job = await session.ask('runs.import', {
    ...{ splitId: split.id, source, name: flags.name ?? null },
    extractionId: await extractionOf(session, wish, report),
    asking: report.asking === null ? askingOf(flags) : null,
  });
  await session.wait(job, 'Import it again: stepwise import-student FOLDER');
  const run = await findRun(session, project, job.subjectId ?? '');
  terminal.print(`Imported as “${run.name}”. Compare it: stepwise compare`);
  terminal.result({ run: run.id, name: run.name, report });
}

/** Null leaves it to the studio to say that somebody has to tell. */
const askingOf = ({ method, labelPrefix, rationalePrefix }: Flags): ImportedAsking | null =>
  method === undefined
    ? null
    : { method, labelPrefix, rationalePrefix: method === 'step-by-step' ? rationalePrefix : '' };

async function extractionOf(
  session: Session,
  { project, flags }: Wish,
  { asking }: ImportReport,
): Promise<string | null> {
  const method = asking?.method ?? flags.method;
  if (method === undefined || !methodTraits[method].needsTeacher) return null;
  return (await findExtraction(session, project, flags.extraction ?? null)).id;
}

/** What was found of a folder, then each finding with what to do. */
export function describeImport(report: ImportReport): string {
  const { from, parameters, family, storedAs, testRows, asking } = report;
  const { origin, whole, seenTestRows } = from;
  const known = [
    parameters === null
      ? null
      : `${family ?? 'T5'}, ${parameters.toLocaleString('en-US')} parameters, stored as ${storedAs ?? 'unknown'}`,
    asking && `asked as one trained by ${asking.method}`,
    origin === null
      ? 'how it was trained is not known here'
      : `“${origin.run}” of “${origin.project}”: ${origin.trainRows} training rows, step ${origin.step ?? '–'}, seed ${origin.settings.seed}`,
    origin && origin.validation !== null
      ? `${percent(origin.validation)} of the validation rows right then, as its folder says`
      : null,
    whole === null
      ? 'no certificate: whether its files were changed can’t be told'
      : whole
        ? 'every file as its certificate says'
        : 'not every file as its certificate says',
    seenTestRows === null
      ? 'which rows it was trained on is not known'
      : `trained on ${seenTestRows} of the ${testRows} test rows`,
  ].filter((line) => typeof line === 'string');
  const findings = report.findings.map(
    ({ severity, message, hint }) =>
      `${severity === 'error' ? 'Error' : 'Note'}: ${message}\n  ${hint}`,
  );
  const facts = parameters === null ? [] : known;
  return [from.folder, ...facts.map((line) => `  ${line}`), ...findings].join('\n');
}
