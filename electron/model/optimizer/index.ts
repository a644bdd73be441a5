import { StudioError } from '../../contract/errors.ts';
import type { FloatTensor } from '../safetensors.ts';
import { Adafactor, type AdafactorSettings } from './adafactor.ts';
import { AdamW, type AdamWSettings } from './adamw.ts';
import { Arena, type RegionShapes } from './arena.ts';
import {
  stateRegions,
  type Optimizer,
  type StateRegion,
  type UpdateSettings,
} from './optimizer.ts';

export type { AdafactorSettings } from './adafactor.ts';
export type { AdamWSettings } from './adamw.ts';
export type { StateRegion, UpdateSettings } from './optimizer.ts';

/** Which optimizer, and its constants; what changes from step to step is in `UpdateSettings`. */
export type OptimizerSettings = AdamWSettings | AdafactorSettings;

/** What an optimizer remembers: for each of its regions, a tensor for every parameter that has it. */
export interface OptimizerState {
  readonly kind: Optimizer['kind'];
  readonly regions: ReadonlyMap<StateRegion, ReadonlyMap<string, FloatTensor>>;
}

/** Parameters in training, their gradients and the optimizer's state. Knows of no particular model. */
export class TrainedParameters {
  readonly #optimizer: Optimizer;
  readonly #arena: Arena;
  #norm: number | null = null;

  /**
   * @param shapes of the parameters by name
   * @param options.accumulate keeps room for the gradients of several micro-batches
   * @param options.shardBytes the largest WebAssembly memory, for tests
   * @throws StudioError `engine-failed` when there is not enough memory
   */
  constructor(
    shapes: ReadonlyMap<string, readonly number[]>,
    settings: OptimizerSettings,
    options: { accumulate?: boolean; shardBytes?: number } = {},
  ) {
    const optimizer = createOptimizer(settings);
    const plan = (shape: readonly number[]): RegionShapes => ({
      parameters: shape,
      gradients: shape,
      ...(options.accumulate ? { accumulated: shape } : {}),
      ...optimizer.regions(shape),
    });
    const plans = new Map([...shapes].map(([name, shape]) => [name, plan(shape)]));
    this.#optimizer = optimizer;
    this.#arena = new Arena(plans, options.shardBytes);
  }

  /** Bytes of parameters, gradients and optimizer state. */
  get bytes(): number {
    return this.#arena.bytes;
  }

  /** WebAssembly memories that they are spread over. */
  get shards(): number {
    return this.#arena.shards;
  }

  /** Live views by name; writing into them changes the model. */
  values(): ReadonlyMap<string, Float32Array> {
    return this.#arena.views('parameters');
  }

  /** Live views by name; call `gradientsChanged` after writing into them. */
  gradients(): ReadonlyMap<string, Float32Array> {
    return this.#arena.views('gradients');
  }

  /** Forgets what was worked out from the gradients before. */
  gradientsChanged(): void {
    this.#norm = null;
  }

  /** Global L2 norm of the gradients. */
  gradientNorm(): number {
    this.#norm ??= this.#arena.gradientNorm();
    return this.#norm;
  }

  /** Adds the gradients to those put aside before, or begins anew with the first micro-batch. */
  putAside(which: 'first' | 'next'): void {
    for (const slot of this.#arena.slots) {
      const [sum, gradients] = [slot.block('accumulated'), slot.block('gradients')];
      if (which === 'first') sum.values.set(gradients.values);
      else slot.kernels.add(sum.address, gradients.address, sum.bytes);
    }
  }

  /** Adds what was put aside to the gradients of the last micro-batch. */
  takeBack(): void {
    for (const slot of this.#arena.slots) {
      const [sum, gradients] = [slot.block('accumulated'), slot.block('gradients')];
      slot.kernels.add(gradients.address, sum.address, sum.bytes);
    }
    this.gradientsChanged();
  }

  /**
   * Clips by global norm, then moves every parameter; the gradients stay as they are.
   *
   * @throws StudioError `training-diverged` when a gradient is not a finite number; nothing is
   *   changed then
   */
  update(settings: UpdateSettings): void {
    const { clipNorm, ...rest } = settings;
    const norm = this.gradientNorm();
    if (!Number.isFinite(norm)) {
      throw new StudioError(
        'training-diverged',
        'The training diverged: its gradient is no longer a number.',
        'Start again with a smaller learning rate, or continue from the best checkpoint.',
      );
    }
    // The small constant is torch.nn.utils.clip_grad_norm_'s.
    const gradientScale = clipNorm === null ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
    for (const slot of this.#arena.slots) this.#optimizer.update(slot, { ...rest, gradientScale });
  }

  /** Live views of the optimizer's state, for checkpoints. */
  state(): OptimizerState {
    const found = stateRegions.map((region) => [region, this.#tensors(region)] as const);
    return {
      kind: this.#optimizer.kind,
      regions: new Map(found.filter(([, tensors]) => tensors.size > 0)),
    };
  }

  /**
   * Copies a saved state in.
   *
   * @throws StudioError `checkpoint-corrupt` when it is of another optimizer, or a tensor is missing
   *   or has another size
   */
  restore(saved: OptimizerState): void {
    const { kind, regions } = this.state();
    if (saved.kind !== kind) throw misfit(`of ${saved.kind}, and this run trains with ${kind}`);
    for (const [region, tensors] of regions) {
      for (const [name, { values }] of tensors) {
        const from = saved.regions.get(region)?.get(name)?.values;
        if (from?.length !== values.length)
          throw misfit(`without a fitting “${region}” of ${name}`);
        values.set(from);
      }
    }
  }

  #tensors(region: StateRegion): Map<string, FloatTensor> {
    const found = this.#arena.slots.map((slot) => [slot.name, slot.find(region)] as const);
    return new Map(found.flatMap(([name, block]) => (block ? [[name, block] as const] : [])));
  }
}

function createOptimizer(settings: OptimizerSettings): Optimizer {
  return settings.kind === 'adamw' ? new AdamW(settings) : new Adafactor(settings);
}

function misfit(problem: string): StudioError {
  return new StudioError(
    'checkpoint-corrupt',
    `The checkpoint has an optimizer state ${problem}.`,
    'Train a new run with the same settings.',
  );
}
