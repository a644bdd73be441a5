import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { RunSettings } from '../../../electron/contract/entities.ts';
import { addTrainingOptions } from '../../../electron/cli/training-flags.ts';
import { chosenSettings } from '../../../electron/cli/training-options.ts';
import type { TrainingOptions } from '../../../electron/cli/training-options.ts';
import { rowsLine } from '../../../electron/cli/training-rows.ts';
import { runSettings } from '../model/support.ts';

/** The settings that a command line chooses. */
function chosen(line: string): Partial<RunSettings> {
  const command = addTrainingOptions(new Command('train')).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  command.parse(line === '' ? [] : line.split(' '), { from: 'user' });
  return chosenSettings(command.opts<TrainingOptions>());
}

describe('settings on the command line', () => {
  it('are none where nothing is said', () => {
    expect(chosen('')).toEqual({});
  });

  it.each<[string, Partial<RunSettings>]>([
    ['--steps 300 --seed 0', { steps: 300, seed: 0 }],
    ['--labels teacher', { labelSource: 'teacher' }],
    ['--label-source gold', { labelSource: 'gold' }],
    ['--lambda 0.5', { lambda: 0.5 }],
    ['--alpha 0.25', { lossForm: 'alpha', lambda: 3 }],
    ['--alpha 1', { lossForm: 'alpha', lambda: 0 }],
    ['--lora-rank 4', { lora: { rank: 4, alpha: 8 } }],
    ['--lora-rank 4 --lora-alpha 2', { lora: { rank: 4, alpha: 2 } }],
    ['--freeze embeddings,encoder', { freeze: ['embeddings', 'encoder'] }],
    ['--early-stopping 3', { earlyStopping: { patience: 3 } }],
    ['--no-early-stopping', { earlyStopping: null }],
    ['--rationale-cap 64 --rationale-dropout 0.2', { rationaleCap: 64, rationaleDropout: 0.2 }],
    ['--mutual-information 0.1 --train-share 0.5', { mutualInformation: 0.1, trainShare: 0.5 }],
    ['--keep-every 5 --tokenizer own', { keepEvery: 5, tokenizer: 'own' }],
    ['--answer-mark So: --rationale-mark Why:', { answerMark: 'So:', rationaleMark: 'Why:' }],
    ['--label-prefix say: --clip-norm 2', { labelPrefix: 'say:', clipNorm: 2 }],
  ])('%s', (line, settings) => {
    expect(chosen(line)).toEqual(settings);
    expect(RunSettings.safeParse(runSettings(chosen(line))).error).toBeUndefined();
  });

  it.each([
    '--alpha 0.5 --lambda 1',
    '--alpha 0',
    '--lora-alpha 3',
    '--train-share 0',
    '--train-share 1.5',
    '--freeze decoder',
    '--early-stopping 0',
    '--preset large',
    '--rationale-dropout 1',
  ])('%s is refused in a sentence', (line) => {
    expect(() => chosen(line)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

describe('the line about rows', () => {
  const counts = { examples: 10, labels: 8, rationales: 0, explained: 0, withoutLabel: 0 };

  it('says that rejected answers teach no label', () => {
    const reasons = [{ reason: 'rejected', rows: 2 } as const];
    expect(rowsLine({ ...counts, dropped: 2, reasons })).toBe(
      'Learns from 8 of 10 train rows; 2 rows left out: their answer was rejected.',
    );
  });

  it('says which rationales are left out, and which rows with them', () => {
    const reasons = [{ reason: 'rejected', rows: 2 } as const];
    expect(rowsLine({ ...counts, rationales: 8, explained: 8, dropped: 2, reasons })).toBe(
      'Learns from 8 of 10 train rows; 8 with a rationale; 2 rationales left out: 2 rejected; 2 rows left out with them.',
    );
  });
});
