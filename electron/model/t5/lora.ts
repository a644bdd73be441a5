import type { Random } from '../../core/random.ts';
import { parameterSpecs, type ParameterSpec, type T5Config } from './config.ts';

/**
 * Low-rank adapters (Hu et al. 2021, "LoRA"): beside a frozen matrix W [out, in] stand a narrow
 * A [rank, in] and B [out, rank], and the layer computes W x + (alpha / rank) B A x. Only A and B
 * learn, so that gradients and the optimizer's state take a few hundredths of the memory. For use
 * the product is added to W, and the student is an ordinary T5 again.
 *
 * Names are those of the `peft` library without its prefix `base_model.model.`:
 * `encoder.block.0.layer.0.SelfAttention.q.lora_A.weight`.
 */

/** The matrices that can have an adapter; `wi` stands for `wi_0` and `wi_1` where there is a gate. */
export const loraTargets = ['q', 'k', 'v', 'o', 'wi', 'wo'] as const;
export type LoraTarget = (typeof loraTargets)[number];

/** What decides an adapted model's graph. */
export interface LoraShape {
  readonly rank: number;
  /** The product is weighed by `alpha / rank`. */
  readonly alpha: number;
  /** Which matrices of every block are adapted, in self- and cross-attention and the feed-forward layer. */
  readonly targets: readonly LoraTarget[];
  /** In which stacks. Default both. */
  readonly stacks?: readonly ('encoder' | 'decoder')[];
}

/** One adapted matrix: the names of W, A and B, and their shapes. */
interface Adapter {
  readonly weight: ParameterSpec;
  readonly down: AdapterSpec;
  readonly up: AdapterSpec;
}

/** A parameter of an adapter: `A` is `down`, `B` is `up`. */
export interface AdapterSpec {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly part: 'down' | 'up';
}

/** The parameters of all adapters, in the order of the matrices they belong to. */
export function adapterSpecs(config: T5Config, lora: LoraShape): AdapterSpec[] {
  return adapters(config, lora).flatMap(({ down, up }) => [down, up]);
}

/** Names of the matrices that have an adapter. */
export function adaptedNames(config: T5Config, lora: LoraShape): Set<string> {
  return new Set(adapters(config, lora).map(({ weight }) => weight.name));
}

/**
 * Fills an adapter's parameter with its start, as `peft` does: A uniform within 1 / sqrt(in)
 * (Kaiming's rule with a = sqrt(5)), B zero, so that training begins at the unadapted model.
 */
export function startAdapter(
  { shape, part }: AdapterSpec,
  values: Float32Array,
  random: Random,
): void {
  if (part === 'up') {
    values.fill(0);
    return;
  }
  const bound = shape[1] ** -0.5;
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * random.next() - 1);
}

/**
 * The parameters of an ordinary T5 with what the adapters learned: every adapted matrix is
 * W + (alpha / rank) B A, summed in float64; the others are shared with `parameters`.
 *
 * @param parameters those of the T5 and of the adapters, by name
 * @param into memory for the adapted matrices, by name; by default new
 */
export function mergeLora(
  parameters: ReadonlyMap<string, Float32Array>,
  config: T5Config,
  lora: LoraShape,
  into: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  const find = (name: string): Float32Array => {
    const found = parameters.get(name);
    if (found === undefined) throw new TypeError(`There is no parameter ${name}.`);
    return found;
  };
  const merged = new Map(parameterSpecs(config).map(({ name }) => [name, find(name)]));
  for (const { weight, down, up } of adapters(config, lora)) {
    const values = into.get(weight.name) ?? new Float32Array(find(weight.name).length);
    addProduct(values, find(weight.name), {
      down: find(down.name),
      up: find(up.name),
      rank: lora.rank,
      factor: lora.alpha / lora.rank,
    });
    merged.set(weight.name, values);
  }
  return merged;
}

interface Product {
  readonly down: Float32Array;
  readonly up: Float32Array;
  readonly rank: number;
  readonly factor: number;
}

/** target = weight + factor up down, row by row. */
function addProduct(
  target: Float32Array,
  weight: Float32Array,
  { down, up, rank, factor }: Product,
): void {
  const width = down.length / rank;
  const sum = new Float64Array(width);
  for (let row = 0; row < weight.length / width; row++) {
    sum.set(weight.subarray(row * width, (row + 1) * width));
    for (let r = 0; r < rank; r++) {
      const share = factor * (up[row * rank + r] ?? 0);
      for (let column = 0; column < width; column++) {
        sum[column] = (sum[column] ?? 0) + share * (down[r * width + column] ?? 0);
      }
    }
    target.set(sum, row * width);
  }
}

const targetNames: Readonly<Record<LoraTarget, readonly string[]>> = {
  q: ['q'],
  k: ['k'],
  v: ['v'],
  o: ['o'],
  wi: ['wi', 'wi_0', 'wi_1'],
  wo: ['wo'],
};

function adapters(config: T5Config, { rank, targets, stacks }: LoraShape): Adapter[] {
  const wanted = new Set(targets.flatMap((target) => targetNames[target]));
  const among = new Set<string>(stacks ?? ['encoder', 'decoder']);
  return parameterSpecs(config).flatMap((weight): Adapter[] => {
    const found = /^((\w+)\..*\.([^.]+))\.weight$/.exec(weight.name) ?? [];
    const [, prefix, stack = '', matrix = ''] = found;
    const [out, width] = weight.shape;
    if (prefix === undefined || out === undefined || width === undefined) return [];
    if (!wanted.has(matrix) || !among.has(stack)) return [];
    return [
      {
        weight,
        down: { name: `${prefix}.lora_A.weight`, shape: [rank, width], part: 'down' },
        up: { name: `${prefix}.lora_B.weight`, shape: [out, rank], part: 'up' },
      },
    ];
  });
}
