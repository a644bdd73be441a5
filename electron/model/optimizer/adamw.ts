import type { RegionShapes, Slot } from './arena.ts';
import type { Optimizer, ParameterUpdate } from './optimizer.ts';

export interface AdamWSettings {
  readonly kind: 'adamw';
  /**
   * `torch` (the default): `torch.optim.AdamW`. `transformers`: the older `transformers.AdamW`,
   * which adds epsilon before the bias correction and decays after the update.
   */
  readonly form?: 'torch' | 'transformers';
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly epsilon?: number;
}

/** AdamW (Loshchilov and Hutter 2019): Adam with weight decay apart from the gradient. */
export class AdamW implements Optimizer {
  readonly kind = 'adamw';
  readonly #form: 'torch' | 'transformers';
  readonly #betas: readonly [number, number];
  readonly #epsilon: number;

  constructor(settings: Omit<AdamWSettings, 'kind'> = {}) {
    this.#form = settings.form ?? 'torch';
    this.#betas = settings.betas ?? [0.9, 0.999];
    this.#epsilon = settings.epsilon ?? 1e-8;
  }

  regions(shape: readonly number[]): RegionShapes {
    return { first: shape, second: shape };
  }

  update(slot: Slot, now: ParameterUpdate): void {
    const { learningRate, weightDecay, step, gradientScale } = now;
    const [beta1, beta2] = this.#betas;
    const correction1 = 1 - beta1 ** step;
    const correction2 = Math.sqrt(1 - beta2 ** step);
    const decay = 1 - learningRate * weightDecay;
    // torch: p <- p decay - (lr / c1) m / (sqrt(v) / c2 + eps).
    // transformers: p <- (p - (lr c2 / c1) m / (sqrt(v) + eps)) decay, the same form with other factors.
    const [stepSize, rootScale] =
      this.#form === 'torch'
        ? [learningRate / correction1, 1 / correction2]
        : [((learningRate * correction2) / correction1) * decay, 1];
    const blocks = (['parameters', 'gradients', 'first', 'second'] as const).map((region) =>
      slot.block(region),
    );
    slot.kernels.adamw(
      ...blocks.map((block) => block.address),
      slot.block('parameters').bytes,
      ...[beta1, 1 - beta1, beta2, 1 - beta2],
      ...[decay, stepSize, rootScale, this.#epsilon, gradientScale],
    );
  }
}
