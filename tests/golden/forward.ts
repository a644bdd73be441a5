import { ForwardModel } from '../../electron/model/t5/forward.ts';
import { relativePositionBucket } from '../../electron/model/t5/positions.ts';
import { TrainingModel } from '../../electron/model/t5/training.ts';
import {
  Largest,
  absent,
  finding,
  largestDifference,
  relative,
  shareOfLargest,
} from './finding.ts';
import type { Outcome } from './finding.ts';
import type { ModelCase } from './model-case.ts';
import { cut, labelled, unpadded } from './rows.ts';

/** Float32 sums in another order differ by some 4e-5 in these logits; a wrong model by far more. */
const STATES = 2e-4;
export const LOSS = 1e-5;
export const GRADIENT = 1e-4;

/** The folder lacks what would be compared. */
const NOT_RECORDED = 'io.json does not record it';

/** Logits of every position, padded targets included, and the encoder's states. */
export async function checkStates({ engine, model, io }: ModelCase): Promise<Outcome[]> {
  if (!io.forward) return [absent('logits and encoder states', NOT_RECORDED)];
  const forward = await ForwardModel.create(engine, model.config, model.parameters);
  const { inputs, targets } = unpadded(io.inputs);
  const { logits, encoderStates } = await forward.run(inputs, cut(io.decoder_input_ids));
  await forward.dispose();

  const { encoder_last_hidden_state: states, per_token_loss: losses } = io.forward;
  const worst = { states: new Largest(), losses: new Largest() };
  const stride = (states.shape[1] ?? 0) * model.config.dModel;
  const length = losses.shape[1] ?? 0;
  encoderStates.forEach((found, row) => {
    const expected = states.data.slice(row * stride, row * stride + found.length);
    worst.states.add(largestDifference(found, expected), `row ${row}`);
  });
  targets.forEach((target, row) => {
    target.forEach((id, position) => {
      const found = crossEntropy(
        logits[row] ?? new Float32Array(),
        position,
        id,
        model.config.vocabSize,
      );
      const expected = losses.data[row * length + position] ?? NaN;
      worst.losses.add(Math.abs(found - expected), `row ${row}, token ${position}`);
    });
  });
  const all = logits.flatMap((row) => [...row]);
  return [
    finding('logits', largestDifference(all, io.forward.logits.data), STATES),
    worst.states.outcome('encoder states', STATES),
    worst.losses.outcome('loss of each token, from the logits', STATES),
  ];
}

/** The loss of all rows, of each row alone, and with padding read as tokens. */
export async function checkLosses({ engine, model, io }: ModelCase): Promise<Outcome[]> {
  const rows = unpadded(io.inputs);
  const training = await TrainingModel.create(engine, model.config, model.parameters);
  const outcomes: Outcome[] = [];
  if (io.forward) {
    const { loss } = await training.step(labelled(rows));
    outcomes.push(finding('loss', relative(loss, io.forward.loss), LOSS));
    const { per_token_loss: losses } = io.forward;
    const length = losses.shape[1] ?? 0;
    const worst = new Largest();
    for (const [row, target] of rows.targets.entries()) {
      const inputs = [rows.inputs[row] ?? new Int32Array()];
      const alone = await training.step(labelled({ inputs, targets: [target] }));
      const own = losses.data.slice(row * length, row * length + target.length);
      const mean = own.reduce((total, value) => total + value, 0) / own.length;
      worst.add(relative(alone.loss, mean), `row ${row}`);
    }
    outcomes.push(worst.outcome('loss of each row alone', LOSS));
  } else {
    outcomes.push(absent('loss', NOT_RECORDED));
  }
  const unmasked = io.forward_without_attention_mask;
  if (unmasked) {
    const seen = { inputs: cut(io.inputs.input_ids), targets: rows.targets };
    const { loss } = await training.step(labelled(seen));
    outcomes.push(finding('loss with padding read as tokens', relative(loss, unmasked.loss), LOSS));
  } else {
    outcomes.push(absent('loss with padding read as tokens', NOT_RECORDED));
  }
  await training.dispose();
  return outcomes;
}

/** Gradients where they are recorded, and the norm of every parameter's. */
export async function checkGradients({ engine, model, io }: ModelCase): Promise<Outcome[]> {
  const training = await TrainingModel.create(engine, model.config, model.parameters);
  await training.step(labelled(unpadded(io.inputs)));
  const gradients = training.gradients();
  const total = training.gradientNorm();
  const outcomes: Outcome[] = [
    io.grads
      ? compareGradients('gradients, as a share of the largest', gradients, io.grads)
      : absent('gradients', NOT_RECORDED),
    io.grad_norm_per_param
      ? compareNorms(gradients, io.grad_norm_per_param)
      : absent('gradient norm of every parameter', NOT_RECORDED),
    io.grad_total_norm === undefined
      ? absent('gradient norm of all', NOT_RECORDED)
      : finding('gradient norm of all', relative(total, io.grad_total_norm), GRADIENT),
  ];
  await training.dispose();
  return outcomes;
}

/** Which bucket a relative position falls into, both ways. */
export function checkBuckets({ io }: ModelCase): Promise<Outcome[]> {
  const table = io.relative_position_bucket;
  if (!table) return Promise.resolve([absent('relative position buckets', NOT_RECORDED)]);
  const settings = { buckets: table.num_buckets, maxDistance: table.max_distance };
  const ways = [
    ['encoder', true, table.bidirectional_encoder],
    ['decoder', false, table.unidirectional_decoder],
  ] as const;
  return Promise.resolve(
    ways.map(([stack, bidirectional, expected]) => {
      const wrong = expected.filter((bucket, index) => {
        const position = table.relative_position_from + index;
        return relativePositionBucket(position, { ...settings, bidirectional }) !== bucket;
      });
      return finding(`${stack}: positions in another bucket`, wrong.length, 0);
    }),
  );
}

type Numbers = ReadonlyMap<string, Float32Array>;

export function compareGradients(
  quantity: string,
  actual: Numbers,
  expected: Readonly<Record<string, readonly number[]>>,
): Outcome {
  const worst = new Largest();
  for (const [name, values] of Object.entries(expected)) {
    worst.add(shareOfLargest(actual.get(name) ?? [], values), name);
  }
  return worst.outcome(quantity, GRADIENT);
}

function compareNorms(actual: Numbers, expected: Readonly<Record<string, number>>): Outcome {
  const worst = new Largest();
  for (const name of new Set([...actual.keys(), ...Object.keys(expected)])) {
    const gradient = actual.get(name);
    const norm = expected[name];
    const both = gradient !== undefined && norm !== undefined;
    worst.add(both ? relative(euclidean(gradient), norm) : Infinity, name);
  }
  return worst.outcome('gradient norm of every parameter', GRADIENT);
}

function euclidean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Of one position in a row's logits [positions, vocabulary], in nats, in float64. */
function crossEntropy(logits: Float32Array, position: number, id: number, size: number): number {
  const scores = logits.subarray(position * size, (position + 1) * size);
  const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = scores.reduce((total, score) => total + Math.exp(score - highest), 0);
  return highest + Math.log(sum) - (scores[id] ?? NaN);
}
