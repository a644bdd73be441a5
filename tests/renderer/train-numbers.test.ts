import { describe, expect, it } from 'vitest';
import { RunSettings } from '../../electron/contract/entities.ts';
import type { DataCard } from '../../electron/contract/entities.ts';
import { formatsFor } from '../../renderer/lib/format.ts';
import { dictionaries } from '../../renderer/lib/i18n/index.svelte.ts';
import { settingKeys } from '../../renderer/wizards/train/changes.ts';
import {
  cutShare,
  epochsOf,
  evaluationsOf,
  stepsFor,
} from '../../renderer/wizards/train/epochs.ts';
import {
  detents,
  lambdaAt,
  meaningOf,
  nextDetent,
  positionOf,
  positions,
} from '../../renderer/wizards/train/lambda-scale.ts';
import { limits } from '../../renderer/wizards/train/number-settings.ts';
import { warningsOf } from '../../renderer/wizards/train/preflight-warnings.ts';
import { shownSetting } from '../../renderer/wizards/train/setting-words.ts';
import { memoryFit } from '../../renderer/wizards/train/students.svelte.ts';
import { preflight, runSettings, studentReport } from './train-rows.ts';

const english = formatsFor('en');

describe('the scale of lambda', () => {
  it('reaches from nothing to the most that the contract allows', () => {
    expect(lambdaAt(0)).toBe(0);
    expect(lambdaAt(positions)).toBe(100);
    expect(RunSettings.shape.lambda.safeParse(lambdaAt(positions)).success).toBe(true);
  });

  it('rests on its detents, and grows everywhere', () => {
    for (const detent of detents) expect(lambdaAt(positionOf(detent) + 5)).toBe(detent);
    const all = Array.from({ length: positions + 1 }, (_, position) => lambdaAt(position));
    expect(all.every((lambda, at) => lambda >= (all[at - 1] ?? 0))).toBe(true);
    // Between the detents there are weights of their own: the scale is no list.
    expect(new Set(all).size).toBeGreaterThan(100);
  });

  it('goes from detent to detent by key, and stays at its ends', () => {
    expect(nextDetent(1, 1)).toBe(2);
    expect(nextDetent(1, -1)).toBe(0.5);
    expect(nextDetent(0.7, 1)).toBe(1);
    expect(nextDetent(0, -1)).toBe(0);
    expect(nextDetent(100, 1)).toBe(100);
  });

  it('says what a weight means', () => {
    expect(meaningOf(0).kind).toBe('none');
    expect(meaningOf(1).kind).toBe('same');
    expect(meaningOf(0.25)).toEqual({ kind: 'label', times: 4 });
    expect(meaningOf(5)).toEqual({ kind: 'rationale', times: 5 });
    expect(meaningOf(50).kind).toBe('starving');
  });
});

describe('steps and epochs', () => {
  const sizes = { steps: 300, batchSize: 8, accumulate: 2 };

  it('say the same in two ways', () => {
    expect(epochsOf(sizes, 840)).toBe(5.71);
    expect(stepsFor(5, sizes, 840)).toBe(263);
    expect(epochsOf({ ...sizes, steps: stepsFor(10, sizes, 800) }, 800)).toBe(10);
  });

  it('are at least one step', () => {
    expect(stepsFor(0.001, sizes, 10)).toBe(1);
  });

  it('end with an evaluation', () => {
    expect(evaluationsOf({ steps: 300, evaluateEvery: 100 })).toBe(3);
    expect(evaluationsOf({ steps: 40, evaluateEvery: 100 })).toBe(1);
  });
});

describe('what a limit on the input cuts, by the data card', () => {
  const tokens: NonNullable<DataCard['tokens']> = {
    ...{ rows: 100, percentiles: { p5: 20, p50: 40, p95: 120 }, most: 150 },
    above: [
      { tokens: 64, share: 0.3 },
      { tokens: 128, share: 0.05 },
      { tokens: 256, share: 0 },
    ],
  };
  const card = (more: Partial<NonNullable<DataCard['tokens']>> = {}): DataCard => ({
    ...{ read: 100, skipped: 0, skippedReasons: [], dropped: 0, unlabelled: 0, moreLabels: 0 },
    ...{ duplicates: { exact: 0, normalised: 0, conflicting: 0 }, labels: [], languages: [] },
    givenParts: { train: 0, validation: 0, test: 0 },
    tokens: { ...tokens, ...more },
  });

  it('is at most what lies above the next shorter length', () => {
    expect(cutShare([card()], 128)).toBe(0.05);
    expect(cutShare([card()], 100)).toBe(0.3);
    expect(cutShare([card()], 150)).toBe(0);
  });

  it('counts the rows of several files, and says nothing where no card knows', () => {
    const short = card({ rows: 300, most: 20, above: [] });
    expect(cutShare([card(), short, null], 128)).toBe(0.0125);
    expect(cutShare([card(), short], 32)).toBeNull();
    expect(cutShare([null], 128)).toBeNull();
  });
});

describe('the words of settings', () => {
  it('have a name for every setting, and limits that the contract allows', () => {
    const { names } = dictionaries.ko.trainSettings;
    for (const key of settingKeys) expect(names[key]).toMatch(/[가-힣]/);
    for (const [key, { min, max }] of Object.entries(limits)) {
      for (const value of [min, max]) {
        expect(RunSettings.safeParse({ ...runSettings(), [key]: value }).success).toBe(true);
      }
    }
  });

  it('tell values as a person reads them', () => {
    const t = dictionaries.en;
    expect(shownSetting(t, english, 'steps', 1_200)).toBe('1,200');
    expect(shownSetting(t, english, 'learningRate', 3e-4)).toBe('3.00e−4');
    expect(shownSetting(t, english, 'rationales', 'healthy')).toBe('Healthy ones');
    expect(shownSetting(t, english, 'freeze', ['embeddings', 'encoder'])).toBe(
      'embeddings and encoder',
    );
    expect(shownSetting(t, english, 'freeze', [])).toBe('none');
    expect(shownSetting(t, english, 'earlyStopping', { patience: 5 })).toBe('after 5 evaluations');
    expect(shownSetting(t, english, 'lora', { rank: 8, alpha: 16 })).toBe('rank 8, α 16');
    expect(shownSetting(t, english, 'labelPrefix', 'predict: ')).toBe('“predict: ”');
  });
});

describe('what speaks against starting', () => {
  const kinds = (
    ...[checked, settings = {}]: [
      Parameters<typeof preflight>[0],
      Parameters<typeof runSettings>[0]?,
    ]
  ) =>
    warningsOf(dictionaries.en, english, preflight(checked), runSettings(settings)).map(
      ({ kind, tone }) => `${tone} ${kind}`,
    );
  const { memory, disk, time, batch } = preflight();

  it('is nothing where all fits', () => expect(kinds({})).toEqual([]));

  it('is memory and disk that are not there', () => {
    expect(kinds({ memory: { ...memory, needed: 9e9 } })).toEqual(['bad memory']);
    expect(kinds({ disk: { ...disk, bytes: 1e10 } })).toEqual(['bad disk']);
    expect(kinds({ batch: { ...batch, size: 4, accumulate: 4 } })).toEqual(['warn batch']);
  });

  it('is texts that are cut: any label, but a few inputs and rationales pass', () => {
    // The share is of the rows that were looked at, which are a sample of very many.
    const few = { rows: 4_000, inputs: 40, labels: 0, rationales: 4 };
    expect(kinds({ cut: few })).toEqual([]);
    expect(kinds({ cut: { ...few, labels: 1 } })).toEqual(['warn labels']);
    expect(kinds({ cut: { ...few, inputs: 41, rationales: 90 } })).toEqual([
      ...['warn inputs', 'warn rationales'],
    ]);
  });

  it('is too little or too much of the same rows, unless early stopping watches', () => {
    expect(kinds({ time: { ...time, epochs: 0.5 } })).toEqual(['warn fewEpochs']);
    expect(kinds({ time: { ...time, epochs: 90 } })).toEqual(['warn manyEpochs']);
    const watched = { earlyStopping: { patience: 5 } };
    expect(kinds({ time: { ...time, epochs: 90 } }, watched)).toEqual([]);
  });

  it('is said of times that are long, or measured beside other work', () => {
    expect(kinds({ time: { ...time, total: 40_000, busy: true } })).toEqual([
      ...['info busy', 'info long'],
    ]);
  });
});

describe('the memory that a pretrained student needs', () => {
  const available = (bytes: number) => ({ memoryBytes: { available: bytes, total: 16e9 } });

  it('fits whole, with adapters, or not at all', () => {
    expect(memoryFit(studentReport())).toBe('fits');
    expect(memoryFit(studentReport(available(1e9)))).toBe('lora');
    expect(memoryFit(studentReport(available(1e8)))).toBe('none');
    expect(memoryFit(studentReport({ trainingBytes: null }))).toBeNull();
  });
});
