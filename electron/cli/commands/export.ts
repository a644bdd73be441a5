import type { Command } from 'commander';
import type { CheckpointChoice, ExportFormat } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { numberFor } from '../arguments.ts';
import { exportForScripts, exportReport } from '../export-report.ts';
import { exportRun, readCheckpoint, readFormats, usualExport } from '../exporting.ts';
import { bestRun, findRun } from '../pipeline.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent } from '../table.ts';

interface ExportOptions extends GlobalOptions {
  readonly run?: string;
  readonly checkpoint?: CheckpointChoice;
  readonly format?: readonly ExportFormat[] | 'all';
  readonly into?: string;
  readonly name?: string;
  readonly proofRows?: number;
  readonly out?: string;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a student in the formats you need, each proven to answer as the run does')
    .option('--run <run>', 'the run, by name or id; otherwise the best by validation')
    .option(
      '--checkpoint <which>',
      'best by validation, last, or a step that was kept; best otherwise',
      readCheckpoint,
    )
    .option(
      '--format <formats>',
      'huggingface, huggingface-bfloat16, huggingface-float16, onnx, onnx-int8, tensorflowjs, predictor, predictor-int8, gguf, gguf-float16, training, several with commas, or all; huggingface otherwise',
      readFormats,
    )
    .option('--into <folder>', 'where the folders are made; otherwise in the workspace')
    .option('--name <name>', 'what the folders’ names begin with; otherwise project and run')
    .option(
      '--proof-rows <n>',
      'validation rows that each export answers before it is kept; 200 otherwise',
      numberFor('--proof-rows', '200', { min: 1, max: 10_000, whole: true }),
    )
    .option('--out <folder>', 'the folder itself, of one format')
    .addHelpText(
      'after',
      `
With --json: run; folder, files and proof of the first format; and "exports", one object for each
format with format, step, folder, bytes, files and proof.

Examples:
  stepwise export --out my-student
  stepwise export --run "step-by-step 2" --format onnx,onnx-int8 --into ~/students
  stepwise export --format all --proof-rows 500`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      const request = requestOf(options);
      await Session.use(options, async (session) => {
        const project = await session.project();
        const run = options.run
          ? await findRun(session, project, options.run)
          : await bestRun(session, project);
        if (!options.run) {
          const best = run.bestValidation === null ? 'not validated' : percent(run.bestValidation);
          session.terminal.note(`Exporting “${run.name}”, the best by validation (${best}).`);
        }
        const records = await exportRun(session, project, run, request);
        session.terminal.print(exportReport(records));
        if (project.synthetic) {
          session.terminal.note('The rows are generated: for learning the tool, not for use.');
        }
        const [first] = records;
        const asked = records.find(({ format }) => format !== 'training');
        if (asked) session.terminal.print(`Ask it: stepwise predict ${asked.folder} "…"`);
        session.terminal.result({
          ...{ run: run.name, folder: first.folder, files: first.files, proof: first.proof },
          exports: records.map(exportForScripts),
        });
      });
    });
}

function requestOf(options: ExportOptions) {
  const { out = null, into = null, name = null } = options;
  if (out !== null && (into !== null || name !== null)) {
    throw new StudioError(
      'invalid-input',
      '--out names the folder itself: --into and --name have no place beside it.',
      'Leave --out out, or give it alone.',
    );
  }
  return {
    checkpoint: options.checkpoint ?? usualExport.checkpoint,
    formats: options.format ?? usualExport.formats,
    ...{ name, into, folder: out, proofRows: options.proofRows ?? usualExport.proofRows },
  };
}
