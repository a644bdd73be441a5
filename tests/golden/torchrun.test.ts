import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowOrder } from '../../electron/model/batches.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { checkFolder, readCertificate } from '../../electron/model/export/certificate.ts';
import type { BundleContents } from '../../electron/model/export/training/index.ts';
import { readModel } from '../../electron/model/folder.ts';
import type { Model } from '../../electron/model/folder.ts';
import { Student } from '../../electron/model/student.ts';
import { TrainingModel } from '../../electron/model/t5/training.ts';
import { trainTokenizer } from '../../electron/model/tokenizer.ts';
import { answerFormatOf } from '../../electron/core/methods.ts';
import { pointsIn, writeWholeBundle } from '../support/bundle.ts';
import { findTorch, runTraining, withTorch } from '../support/torch.ts';
import { isFinding, relative } from './finding.ts';
import { models, present, readIo, sharedFolder, titled } from './fixture.ts';
import type { Io } from './fixture.ts';
import { mixed, unpadded } from './rows.ts';
import { compareSteps, labelTrainings, settingsOf, twoTaskTrainings } from './trainer.ts';
import type { Recorded } from './trainer.ts';
import { TRAINED_LOSS, compareParameters } from './training.ts';

/**
 * The reference's trainings again, by the script of a training bundle: with PyTorch, in one process and
 * in several, from files that were written here.
 */

const python = present ? findTorch() : null;
const title = present
  ? withTorch('a training bundle against the reference', python)
  : titled('a training bundle against the reference');

describe.skipIf(python === null)(title, () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stepwise-torchrun-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const cases: readonly (readonly [string, string, number])[] = [
    ['t5-v1_1-tiny', 'lambda_1', 1],
    ['t5-v1_1-tiny', 'lambda_1', 2],
    ['t5-v1_1-tiny', 'alpha_0.8', 2],
    ['t5-v1_1-tiny', 'adafactor', 1],
    ['t5-v1_1-tiny', 'adamw_torch_clip1_linear', 1],
    ['t5-v1_0-tiny', 'lambda_0.5', 2],
  ];
  it.each(cases)('%s: %s in %i processes', { timeout: 120_000 }, async (model, name, processes) => {
    if (python === null) return;
    const { io, reference, recorded } = await recordedTraining(model, name);
    const bundle = join(folder, `${model}-${name}-${processes}`);
    await mkdir(bundle);
    await writeWholeBundle(bundle, await contentsOf(reference, recorded));

    const ran = await runTraining(python, bundle, [], { processes });
    expect(ran, ran.err).toMatchObject({ code: 0 });
    const points = pointsIn(ran.out);
    const { run } = recorded;
    const after = join(bundle, 'work', `step-${String(run.lr.length).padStart(6, '0')}`);
    const { parameters } = await readModel(after);
    const outcomes = [
      ...compareSteps(name, points, run),
      ...compareParameters(name, parameters, run),
    ];
    expect(outcomes.filter((outcome) => !isFinding(outcome) || !outcome.ok)).toEqual([]);
    if (name.startsWith('lambda')) {
      const last = await lossOf({ ...reference, parameters }, io, recorded);
      expect(relative(last, run.loss_after_step.at(-1) ?? NaN)).toBeLessThan(TRAINED_LOSS);
    }
    await expectStudent(join(bundle, 'result'), processes);
  });

  it.each(models)(
    '%s: validation decodes what the reference decodes',
    { timeout: 120_000 },
    async (model) => {
      if (python === null) return;
      const { io, reference, recorded } = await recordedTraining(model, 'lambda_1');
      const contents = await contentsOf(reference, recorded);
      const { inputs } = unpadded(io.inputs);
      const { decoderStartTokenId, eosTokenId } = reference.config;
      const written = (io.generate?.greedy ?? []).map((ids) => {
        const text = ids[0] === decoderStartTokenId ? ids.slice(1) : ids;
        const end = text.indexOf(eosTokenId);
        return Int32Array.from(end < 0 ? text : text.slice(0, end));
      });
      expect(written.length).toBe(inputs.length);
      const longest = Math.max(...written.map((ids) => ids.length));
      const wrong = Int32Array.of(7, 7, 7);
      const bundle = join(folder, `${model}-greedy`);
      await mkdir(bundle);
      await writeWholeBundle(bundle, {
        ...contents,
        settings: {
          ...contents.settings,
          ...{ steps: 1, learningRate: 1e-12, weightDecay: 0, maxLabelTokens: longest },
        },
        validation: [
          ...inputs.map((input, row) => ({ input, accepted: [wrong, written[row] ?? wrong] })),
          ...inputs.map((input) => ({ input, accepted: [wrong] })),
        ],
      });
      const ran = await runTraining(python, bundle, []);
      expect(ran, ran.err).toMatchObject({ code: 0 });
      const found = written.filter((ids) => ids.length > 0).length;
      expect(pointsIn(ran.out)[0]?.validation).toMatchObject({
        correct: found,
        rows: 2 * inputs.length,
      });
      expect(found).toBeGreaterThan(0);
    },
  );

  async function expectStudent(result: string, processes: number): Promise<void> {
    expect(await checkFolder(result)).toMatchObject({ whole: true, added: [] });
    expect(await readCertificate(result)).toMatchObject({
      exported: 'training',
      proof: null,
      student: { run: 'A run (PyTorch)' },
    });
    const student = await Student.open(result, await openEngine());
    expect(student.manifest?.origin).toMatchObject({
      run: 'A run (PyTorch)',
      engine: `PyTorch ${python?.torch ?? ''}, ${processes} process${processes === 1 ? '' : 'es'}`,
    });
    const [answer] = await student.answer(['one and one'], { rationale: true, now: () => 0 });
    expect(answer?.confidence).toBeLessThanOrEqual(1);
    const [labels] = await student.labelProbabilities(['one and one'], { labels: ['one', 'two'] });
    const total = [...(labels?.values() ?? [])].reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(1, 5);
    await student.dispose();
  }
});

async function recordedTraining(
  model: string,
  name: string,
): Promise<{ io: Io; reference: Model; recorded: Recorded }> {
  const io = readIo(sharedFolder(model));
  const reference = await readModel(sharedFolder(model));
  const recorded = [...labelTrainings(io), ...twoTaskTrainings(io)].find(
    (training) => training.name === name,
  );
  if (recorded === undefined) throw new Error(`There is no training “${name}”.`);
  return { io, reference, recorded };
}

/** The reference's rows and weights; its texts were never words, so that any tokenizer will do. */
async function contentsOf(reference: Model, recorded: Recorded): Promise<BundleContents> {
  const settings = settingsOf(recorded);
  return {
    settings,
    config: reference.config,
    initial: reference.parameters,
    tokenizerJson: await trainTokenizer(['one and one is two'], settings),
    manifest: {
      ...{ format: 1, method: settings.method, task: 'text', labels: [] },
      ...answerFormatOf(settings),
    },
    rows: recorded.rows,
    validation: [],
    order: () => new RowOrder(recorded.rows.length, settings.seed),
  };
}

/** The loss of these weights on the reference's two batches. */
async function lossOf({ config, parameters }: Model, io: Io, recorded: Recorded): Promise<number> {
  const { multitask } = io;
  if (!multitask) return NaN;
  const model = await TrainingModel.create(await openEngine(), config, parameters);
  const [label, rationale] = [multitask.label_batch, multitask.rationale_batch].map(unpadded);
  if (label === undefined || rationale === undefined) return NaN;
  const weights = { label: 1, rationale: recorded.settings.lambda ?? NaN };
  const { loss } = await model.step(mixed(label, rationale, weights));
  await model.dispose();
  return loss;
}
