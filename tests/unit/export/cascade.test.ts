import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudentManifest } from '../../../electron/contract/worker.ts';
import type { ManifestCascade } from '../../../electron/contract/worker.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { wilson } from '../../../electron/core/statistics.ts';
import { cascadeLines } from '../../../electron/stages/export/cascade.ts';
import { isExportOf, publish, stage } from '../../../electron/stages/export/folder.ts';
import { temporaryFolder } from '../ipc/support.ts';
import { runSettings } from '../model/support.ts';

const cascade: ManifestCascade = {
  ...{ threshold: 0.62, target: { kind: 'student', accuracy: 0.94 }, teacher: 'Example' },
  validation: {
    ...{ threshold: 0.62, rows: 160, coverage: 0.875, perThousand: 1.26, cheaper: 7.94 },
    ...{ student: wilson(133, 140), together: wilson(150, 160) },
  },
  test: {
    ...{ threshold: 0.62, rows: 200, coverage: 0.87, perThousand: 1.31, cheaper: 8.1 },
    ...{ student: wilson(164, 174), together: wilson(186, 200) },
  },
  testTeacher: wilson(188, 200),
};
const manifest: StudentManifest = {
  ...{ format: 1, method: 'step-by-step', task: 'text', labels: [] },
  ...answerFormatOf(runSettings({ method: 'step-by-step' })),
};
const copied = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'generation_config.json',
];

let place: { folder: string; remove: () => void };
let checkpoint: string;
let target: string;

beforeEach(() => {
  place = temporaryFolder();
  checkpoint = join(place.folder, 'best');
  target = join(place.folder, 'student');
  mkdirSync(checkpoint);
  for (const name of copied) writeFileSync(join(checkpoint, name), `content of ${name}`);
  writeFileSync(join(checkpoint, 'stepwise.json'), `${JSON.stringify(manifest, null, 2)}\n`);
});
afterEach(() => place.remove());

const bytes = (folder: string, name: string) => readFileSync(join(folder, name));
const inManifest = (): unknown => JSON.parse(bytes(target, 'stepwise.json').toString('utf8'));

describe('an export with a cascade', () => {
  it('says it in its manifest, and changes no other file', async () => {
    await publish(await stage(checkpoint, target, 'card', cascade), target);
    expect(StudentManifest.parse(inManifest())).toEqual({ ...manifest, cascade });
    for (const name of copied) expect(bytes(target, name)).toEqual(bytes(checkpoint, name));
    expect(await isExportOf(checkpoint, target, cascade)).toBe(true);
    expect(await isExportOf(checkpoint, target)).toBe(false);
    expect(await isExportOf(checkpoint, target, { ...cascade, threshold: 0.7 })).toBe(false);
    rmSync(join(target, 'stepwise.json'));
    expect(await isExportOf(checkpoint, target, cascade)).toBe(false);
  });

  it('is byte for byte the checkpoint without one', async () => {
    await publish(await stage(checkpoint, target, 'card'), target);
    for (const name of [...copied, 'stepwise.json']) {
      expect(bytes(target, name)).toEqual(bytes(checkpoint, name));
    }
    expect(inManifest()).not.toHaveProperty('cascade');
  });
});

describe('the model card', () => {
  const card = (changes: Partial<ManifestCascade> = {}) =>
    cascadeLines({ ...cascade, ...changes }).join('\n');

  it('says the threshold, both parts with intervals, and what it saves', () => {
    const text = card();
    expect(text).toContain('where its confidence is at least 0.62');
    expect(text).toContain('ask the teacher (Example) for the rest');
    expect(text).toContain(
      '| test | 87.0% | 94.3% (89.7% to 96.8%) | 93.0% (88.6% to 95.8%) | 94.0% (89.8% to 96.5%) |',
    );
    expect(text).toContain(
      'chosen on the 160 validation rows (its own answers right at least 94.0%)',
    );
    expect(text).toContain('8.1 times cheaper than the teacher alone');
    expect(text).not.toContain('chance');
  });

  it('says where the test rows do not bear it out', () => {
    const test = { ...cascade.test, student: wilson(140, 174) };
    expect(card({ test })).toContain('**The test rows do not bear this out**: they came to 80.5%');
    const short = { ...cascade.test, student: wilson(160, 174) };
    expect(card({ test: short })).toContain("so few rows can't tell whether that is chance");
    const none = { ...cascade.test, student: wilson(0, 0), coverage: 0 };
    expect(card({ test: none })).toContain('the student answers none of them');
  });

  it('says where rows are few, and no price that is not known', () => {
    const test = { ...cascade.test, student: wilson(48, 50), cheaper: null };
    const text = card({ test });
    expect(text).toContain('own answers on test rows are fewer than 100');
    expect(text).not.toContain('cheaper');
  });
});
