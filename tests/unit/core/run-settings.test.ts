import { describe, expect, it } from 'vitest';
import { RunSettings, runSettingsDefaults } from '../../../electron/contract/entities.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
import { statedSettings } from '../../../electron/core/run-settings.ts';

/** Settings as the first version saved them. */
const saved = `{"method":"step-by-step","labelSource":"gold","rationales":"parsed","lambda":1,
  "preset":"micro","labelPrefix":"predict: ","rationalePrefix":"explain: ","steps":1000,
  "batchSize":16,"learningRate":0.001,"weightDecay":0.01,"warmupShare":0.05,"clipNorm":1,
  "evaluateEvery":100,"validationRows":200,"maxInputTokens":64,"maxLabelTokens":16,
  "maxRationaleTokens":64,"vocabularySize":2048,"seed":1}`;

describe('settings of an earlier version', () => {
  it('are read with the meaning they had', () => {
    expect(RunSettings.parse(JSON.parse(saved))).toMatchObject({
      seed: 1,
      optimizer: 'adamw',
      schedule: 'linear',
      accumulate: 1,
      accumulation: 'token-weighted',
      dropout: 0,
      labelSmoothing: 0,
      lora: null,
      engine: 'cpu',
    });
  });

  it('keep their hash', () => {
    const settings = RunSettings.parse(JSON.parse(saved));
    expect(settingsHash(statedSettings(settings))).toBe(settingsHash(JSON.parse(saved)));
    // As the first version, and each one since, has written it beside its runs.
    expect(settingsHash(statedSettings(settings))).toBe(
      '16ed1482bea510e8bfee3cbe072e3fee622845fae0bc431321b13a2e604265b4',
    );
  });

  it.each<Partial<RunSettings>>([
    { optimizer: 'adafactor' },
    { schedule: 'cosine' },
    { accumulate: 2 },
    { accumulation: 'mean-of-means' },
    { dropout: 0.1 },
    { labelSmoothing: 0.1 },
    { lora: { rank: 4, alpha: 8 } },
    { engine: 'cuda' },
    { withoutRationale: 'drop' },
    { rationalesPerRow: 'sampled' },
    { suspicionLimit: 5 },
    { lossForm: 'alpha' },
    { tokenizer: 'shared' },
    { student: { id: 's', name: 'flan', sha256: 'x' } },
    { freeze: ['encoder'] },
    { mutualInformation: 0.1 },
    { rationaleCap: 32 },
    { rationaleDropout: 0.2 },
    { answerMark: 'So:' },
    { rationaleMark: 'Because:' },
    { trainShare: 0.5 },
    { earlyStopping: { patience: 5 } },
    { keepEvery: 2 },
  ])('are others with %o', (change) => {
    const settings = RunSettings.parse({ ...JSON.parse(saved), ...change });
    expect(statedSettings(settings)).toEqual({ ...JSON.parse(saved), ...change });
  });

  it('have every later setting told apart by the hash', () => {
    const names = Object.keys(runSettingsDefaults).sort();
    expect(names).toEqual(
      [
        ...['accumulate', 'accumulation', 'dropout', 'engine', 'labelSmoothing', 'lora'],
        ...['optimizer', 'schedule'],
        ...['withoutRationale', 'rationalesPerRow', 'suspicionLimit'],
        ...['lossForm', 'tokenizer', 'student', 'freeze', 'mutualInformation', 'rationaleCap'],
        ...['rationaleDropout', 'answerMark', 'rationaleMark', 'trainShare', 'earlyStopping'],
        ...['keepEvery'],
      ].sort(),
    );
  });
});
