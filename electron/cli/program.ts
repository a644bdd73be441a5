import { Command } from 'commander';
import { version } from '../core/version.ts';
import { addAsk } from './commands/ask.ts';
import { addBakeOff } from './commands/bake-off.ts';
import { addCascade } from './commands/cascade.ts';
import { addCheck } from './commands/check.ts';
import { addCheckExport } from './commands/check-export.ts';
import { addCompare } from './commands/compare.ts';
import { addCurve } from './commands/curve.ts';
import { addData } from './commands/data.ts';
import { addDemo } from './commands/demo.ts';
import { addEngines } from './commands/engines.ts';
import { addExport } from './commands/export.ts';
import { addExtract } from './commands/extract.ts';
import { addImport } from './commands/import.ts';
import { addImportStudent } from './commands/import-student.ts';
import { addPacks } from './commands/packs.ts';
import { addParse } from './commands/parse.ts';
import { addPredict } from './commands/predict.ts';
import { addPreflight } from './commands/preflight.ts';
import { addProbe } from './commands/probe.ts';
import { addProject } from './commands/project.ts';
import { addReport } from './commands/report.ts';
import { addReview } from './commands/review.ts';
import { addRuns } from './commands/runs.ts';
import { addSplit } from './commands/split.ts';
import { addStudents } from './commands/students.ts';
import { addSweep } from './commands/sweep.ts';
import { addTrain } from './commands/train.ts';

/** Every command with its options. Errors are thrown, never exits: who calls decides. */
export function createProgram(): Command {
  const program = new Command('stepwise')
    .description("Distil a large language model's reasoning into a small model you own, offline.")
    .version(version)
    .option(
      '--workspace <folder>',
      'where everything is kept (STEPWISE_WORKSPACE, else a folder in your home)',
    )
    .option('--project <name>', 'the project, by name or id; the only one or the newest otherwise')
    .option('--json', 'write the answer as one JSON object, the last line on stdout')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      `
The steps in order:
  stepwise project new words --task arithmetic
  stepwise import train.jsonl --part train
  stepwise parse                    (or: stepwise extract --teacher URL --model NAME)
  stepwise split
  stepwise train --method step-by-step
  stepwise compare
  stepwise ask "…"
  stepwise export --out my-student
  stepwise predict my-student "…"

A teacher that costs money, asked with care:
  stepwise probe --teacher URL --model NAME --key-env VARIABLE
  stepwise extract --teacher URL --model NAME --key-env VARIABLE --pilot 20
  stepwise extract --teacher URL --model NAME --key-env VARIABLE --budget 5
  stepwise report

Rationales looked through before they teach:
  stepwise check --examples 3
  stepwise review reject --flag wrong-arithmetic
  stepwise review progress

Exit codes: 0 done; 1 failed; 3 paused at a budget or a cap of requests; 130 paused by Ctrl-C.`,
    );
  addDemo(program);
  addProject(program);
  addImport(program);
  addProbe(program);
  addPacks(program);
  addExtract(program);
  addParse(program);
  addReport(program);
  addCheck(program);
  addReview(program);
  addSplit(program);
  addData(program);
  addStudents(program);
  addPreflight(program);
  addTrain(program);
  addRuns(program);
  addImportStudent(program);
  addBakeOff(program);
  addCurve(program);
  addSweep(program);
  addCompare(program);
  addCascade(program);
  addAsk(program);
  addExport(program);
  addCheckExport(program);
  addPredict(program);
  addEngines(program);
  return program;
}
