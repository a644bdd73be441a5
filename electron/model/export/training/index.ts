import type { TrainTask } from '../../../contract/worker.ts';
import { StudioError } from '../../../contract/errors.ts';
import { answerFormatOf } from '../../../core/methods.ts';
import { seedFrom } from '../../../core/hash.ts';
import { RowOrder, encodeRows } from '../../batches.ts';
import { startingPoint } from '../../starting-point.ts';
import { parameterSpecs, sizeOf } from '../../t5/config.ts';
import type { T5Config } from '../../t5/config.ts';
import type { InitialParameters } from '../../t5/training.ts';
import type { FormatHandler, WriteRequest } from '../format.ts';
import { writeBundle } from './bundle.ts';
import type { BundleContents } from './contents.ts';
import { validationRows } from './validation.ts';

export { writeBundle } from './bundle.ts';
export type { BundleContents, BundleHost, ValidationRow } from './contents.ts';
export { trainingReadme } from './readme.ts';

/** What a cluster needs to train the same run with PyTorch; nothing here can open it. */
export const trainingFormat: FormatHandler = { write, open: null };

async function write({ folder, training, signal, progress }: WriteRequest): Promise<void> {
  if (training === null || training.train.length === 0) {
    throw new StudioError(
      'rows-missing',
      'This run has no row to train on any more.',
      'A training bundle is written from the rows of the run’s project: bring them back, or choose another run.',
    );
  }
  try {
    await writeBundle(folder, await bundleContents(training), { signal, progress });
  } catch (caught) {
    // A job that stops is no failure; what is half-written is thrown away by the caller.
    if (!signal.aborted) throw caught;
  }
}

/**
 * A run from its very start, as the app’s own trainer begins it.
 *
 * @throws StudioError `model-invalid` or `tokenizer-invalid` when the pretrained student cannot be
 *   used any more
 */
export async function bundleContents(task: TrainTask): Promise<BundleContents> {
  const { settings } = task;
  const { config, initial, tokenizer, tokenizerJson } = await startingPoint(task, null);
  const rows = await encodeRows(tokenizer, task.train, settings);
  const alternatives =
    settings.rationalesPerRow === 'sampled'
      ? rows.map(({ explained, rationales }) => explained.length + rationales.length)
      : [];
  const { rationaleDropout, seed, method } = settings;
  return {
    settings,
    config,
    initial: filled(config, initial),
    tokenizerJson,
    manifest: {
      format: 1,
      method,
      task: task.task,
      labels: task.labels,
      ...answerFormatOf(settings),
    },
    rows,
    validation: await validationRows(task, tokenizer),
    order: () =>
      new RowOrder(rows.length, seedFrom(`order ${seed}`), undefined, {
        alternatives,
        rationaleDropout,
      }),
  };
}

/** Weights that are drawn come from a generator: they are drawn once. */
function filled(config: T5Config, initial: InitialParameters): ReadonlyMap<string, Float32Array> {
  if (typeof initial !== 'function') return initial;
  return new Map(
    parameterSpecs(config).map((spec): [string, Float32Array] => {
      const values = new Float32Array(sizeOf(spec.shape));
      initial(spec, values);
      return [spec.name, values];
    }),
  );
}
