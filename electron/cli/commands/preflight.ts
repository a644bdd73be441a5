import type { Command } from 'commander';
import type { Preflight, RunSettings } from '../../contract/entities.ts';
import { rowsLine } from '../training-rows.ts';
import { duration } from '../progress.ts';
import { Session } from '../session.ts';
import { addRequestOptions, requestOf, requireMethod } from './train.ts';
import type { RequestOptions } from './train.ts';

export function addPreflight(program: Command): void {
  const command = program
    .command('preflight')
    .description(
      'try a training for some steps: memory, time, what will be written; saves nothing',
    );
  addRequestOptions(command)
    .addHelpText(
      'after',
      `
Takes the options of stepwise train.

Examples:
  stepwise preflight --method step-by-step
  stepwise preflight --method step-by-step --student flan-t5-base --lora`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<RequestOptions>();
      requireMethod(options);
      await Session.use(options, async (session) => {
        const project = await session.project();
        const { splitId, extractionId, settings } = await requestOf(session, project, options);
        const request = { splitId, extractionId, settings };
        session.terminal.note(rowsLine(await session.ask('runs.rows', request)));
        session.terminal.note('Trying some steps of it.');
        const preflight = await session.ask('runs.preflight', request);
        for (const line of preflightLines(preflight, settings)) session.terminal.print(line);
        session.terminal.result({ preflight, settings });
      });
    });
}

/** What trying a training found, in plain lines. */
export function preflightLines(preflight: Preflight, settings: RunSettings): string[] {
  const { engine, device, threads, parameters, trainable, disk, cut } = preflight;
  const on = device === null ? engine : `${engine} (${device})`;
  const learning = trainable === parameters ? '' : `, ${count(trainable)} of them trained`;
  return [
    `Student: ${count(parameters)} parameters${learning}. Engine: ${on}, ${threads} threads.`,
    ...memoryLines(preflight, settings),
    ...timeLines(preflight, settings),
    `Written to ${disk.folder}: at most ${bytes(disk.bytes)}; ${bytes(disk.free)} are free.`,
    ...(disk.bytes > disk.free ? ['That is more than is free: make room first.'] : []),
    cut.inputs + cut.labels + cut.rationales === 0
      ? 'No text is cut.'
      : `Cut, of ${cut.rows} rows: ${cut.inputs} inputs, ${cut.labels} labels, ${cut.rationales} rationales; raise the --max-…-tokens to keep them whole.`,
  ];
}

function memoryLines({ batch, memory }: Preflight, settings: RunSettings): string[] {
  const of = `${bytes(memory.available)} of ${bytes(memory.total)} are available`;
  if (batch.tried.every(({ fits }) => !fits)) {
    return [
      `Memory: not even one row at a time fits; ${of}.`,
      'Choose a smaller student, adapters (--lora), --optimizer adafactor, or shorter texts.',
    ];
  }
  const asked = batch.size === settings.batchSize && batch.accumulate === settings.accumulate;
  return [
    `Memory: ${bytes(memory.needed)} with ${batch.size} rows at once; ${of}.`,
    ...(asked
      ? []
      : [
          `For ${batch.wanted} rows a step: --batch-size ${batch.size} --accumulate ${batch.accumulate}`,
        ]),
  ];
}

function timeLines({ time, batch }: Preflight, settings: RunSettings): string[] {
  if (time.timedSteps === 0) return ['Time: not known, since no step could be timed.'];
  const step = time.step < 10 ? `${time.step.toFixed(2)} s` : duration(time.step);
  return [
    `Time: about ${duration(time.total)} for ${settings.steps} steps of ${batch.wanted} rows (${time.epochs.toFixed(1)} epochs): ` +
      `${step} a step, the median of ${time.timedSteps}, and ${duration(time.evaluation)} an evaluation.`,
    ...(time.busy ? ['Something else was computing meanwhile: alone it will be faster.'] : []),
  ];
}

const count = (value: number): string => value.toLocaleString('en-US');

/** Bytes as a person reads them, in powers of ten. */
export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} GB`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(0)} MB` : `${(value / 1e3).toFixed(0)} kB`;
}
