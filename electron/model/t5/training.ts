import { StudioError } from '../../contract/errors.ts';
import { Random } from '../../core/random.ts';
import type { Engine, Feeds, Fetches, HostTensor, Program } from '../engines/engine.ts';
import {
  TrainedParameters,
  type OptimizerSettings,
  type OptimizerState,
  type UpdateSettings,
} from '../optimizer/index.ts';
import type { FloatTensor } from '../safetensors.ts';
import { checkBatches, type TrainingBatch } from './batch.ts';
import { parameterSpecs, sizeOf, type ParameterSpec, type T5Config } from './config.ts';
import { DropoutMasks, type DropoutSettings, type DropoutState } from './dropout.ts';
import { FeedBuilder } from './feeds.ts';
import { trainingGraph, type TrainingGraph } from './graphs.ts';
import {
  adaptedNames,
  adapterSpecs,
  mergeLora,
  startAdapter,
  type AdapterSpec,
  type LoraShape,
} from './lora.ts';
import { pairFeeds, pairWeights } from './pairs.ts';
import { parameterTensors, tensorsOf, type NamedShape } from './parameters.ts';
import { ScratchTensors } from './scratch.ts';
import { scoreTokens, summarize, type ScoredPart, type ScoredTokens } from './scored.ts';
import type { Accumulation, StepLosses } from './scored.ts';
import { addSparseRows } from './sparse.ts';

export { LABEL_TASK, RATIONALE_TASK, type RowPair, type TrainingBatch } from './batch.ts';
export type { UpdateSettings } from '../optimizer/index.ts';
export type { Accumulation, StepLosses } from './scored.ts';

/** Starting values: tensors by name, or a function that fills each parameter (in the order of `parameterSpecs`). */
export type InitialParameters =
  ReadonlyMap<string, Float32Array> | ((spec: ParameterSpec, values: Float32Array) => void);

export interface TrainingOptions {
  /** Default AdamW in torch's form. */
  readonly optimizer?: OptimizerSettings;
  /**
   * Names of the parameters that learn; the others stay as they are and take no more memory than
   * their values. Default all; with adapters, the adapters alone.
   */
  readonly trainable?: ReadonlySet<string>;
  /** Keeps memory for the gradients of several micro-batches, which `accumulate` needs. Default false. */
  readonly accumulates?: boolean;
  /** Default none; then the graph is what it is for prediction, without any cost. */
  readonly dropout?: DropoutSettings | null;
  /** Share of each target that is spread over the whole vocabulary, from 0 to below 1. Default 0. */
  readonly labelSmoothing?: number;
  /** Adds the mutual-information term, which batches then weigh; see `agreement`. Default false. */
  readonly mutualInformation?: boolean;
  /** Adapters, which start from `seed` unless the initial parameters hold them. Default none. */
  readonly lora?: (LoraShape & { readonly seed: number }) | null;
}

/** A T5 with its gradients and optimizer state, trained one step at a time. */
export class TrainingModel {
  readonly config: T5Config;
  /** Number of scalars, frozen ones included, adapters not: the size of the student. */
  readonly parameterCount: number;
  readonly #graph: TrainingGraph;
  readonly #program: Program;
  readonly #trained: TrainedParameters;
  readonly #parameters: ReadonlyMap<string, Float32Array>;
  readonly #parameterFeeds: Readonly<Record<string, HostTensor>>;
  readonly #gradientFetches: Fetches;
  readonly #feeds: FeedBuilder;
  readonly #scratch = new ScratchTensors();
  readonly #masks: DropoutMasks | null;
  readonly #lora: LoraShape | null;
  readonly #pairs: boolean;
  #merged: ReadonlyMap<string, Float32Array>;

  private constructor(config: T5Config, made: Made, options: TrainingOptions) {
    this.config = config;
    this.#graph = made.graph;
    this.#program = made.program;
    this.#trained = made.trained;
    this.#parameters = made.parameters;
    this.#parameterFeeds = tensorsOf(made.specs, made.parameters);
    this.#gradientFetches = gradientFetches(made);
    this.#feeds = new FeedBuilder(config);
    this.#masks = options.dropout ? new DropoutMasks(options.dropout) : null;
    this.#lora = options.lora ?? null;
    this.#pairs = options.mutualInformation ?? false;
    this.#merged = this.#lora ? new Map() : made.parameters;
    const sizes = parameterSpecs(config).map(({ shape }) => sizeOf(shape));
    this.parameterCount = sizes.reduce((total, size) => total + size, 0);
  }

  /**
   * @throws StudioError `model-invalid` when a tensor is missing or has another size, `invalid-input`
   * when `trainable` is empty or names something else than parameters, `engine-failed` when there is
   * not enough memory or the engine refuses the graph.
   */
  static async create(
    engine: Engine,
    config: T5Config,
    initial: InitialParameters,
    options: TrainingOptions = {},
  ): Promise<TrainingModel> {
    const base = parameterSpecs(config);
    if (typeof initial !== 'function') parameterTensors(config, initial);
    const adapters = options.lora ? adapterSpecs(config, options.lora) : [];
    const specs = [...base, ...adapters];
    const learnsByDefault = options.lora ? adapters : base;
    const trainable = options.trainable ?? new Set(learnsByDefault.map(({ name }) => name));
    checkTrainable(trainable, specs);
    const learning = specs.filter(({ name }) => trainable.has(name));
    const trained = new TrainedParameters(
      new Map(learning.map(({ name, shape }) => [name, shape])),
      options.optimizer ?? { kind: 'adamw' },
      { accumulate: options.accumulates ?? false },
    );
    const parameters = new Map([
      ...filled(base, trained.values(), initial),
      ...filled(adapters, trained.values(), startOfAdapters(initial, options.lora?.seed ?? 0)),
    ]);
    const { dropout, labelSmoothing = 0, mutualInformation = false, lora = null } = options;
    const graph = trainingGraph(config, {
      trainable,
      dropout: dropout !== null && dropout !== undefined,
      labelSmoothing,
      mutualInformation,
      lora,
    });
    const program = await engine.compile(graph);
    return new TrainingModel(config, { specs, graph, program, trained, parameters }, options);
  }

  /**
   * Computes losses and gradients in one run; parameters are not changed until `update`.
   *
   * @throws StudioError `invalid-input` when rows do not match or are empty, `engine-failed`,
   * `training-diverged` when the loss is no longer a finite number.
   */
  step(batch: TrainingBatch): Promise<StepLosses> {
    return this.accumulate([batch], 'token-weighted');
  }

  /**
   * The losses and gradients of one step from several micro-batches, which need not fit into memory
   * together. Of more than one, the model must have been created with `accumulates`.
   *
   * @throws StudioError as `step` does
   */
  async accumulate(
    batches: readonly TrainingBatch[],
    accumulation: Accumulation,
  ): Promise<StepLosses> {
    checkBatches(batches);
    if (!this.#pairs) refuseTerm(batches);
    const scored = scoreTokens(batches, accumulation);
    const ofPairs = pairWeights(batches, accumulation);
    const parts: ScoredPart[] = [];
    for (const [index, batch] of batches.entries()) {
      const tokens = scored[index];
      if (tokens === undefined) continue;
      if (index > 0) this.#trained.putAside(index === 1 ? 'first' : 'next');
      parts.push(await this.#run(batch, tokens, ofPairs[index] ?? 0));
    }
    if (batches.length > 1) this.#trained.takeBack();
    const losses = summarize(parts);
    if (Number.isFinite(losses.loss)) return losses;
    throw new StudioError(
      'training-diverged',
      'The training diverged: its loss is no longer a number.',
      'Start again with a smaller learning rate, or continue from the best checkpoint.',
    );
  }

  /** Global L2 norm of the gradients of the last step. */
  gradientNorm(): number {
    return this.#trained.gradientNorm();
  }

  /**
   * Clips by global norm, then one update by the optimizer; the stored gradients stay as they are.
   *
   * @throws StudioError `training-diverged` when a gradient is not finite; parameters and optimizer
   * state are then as they were.
   */
  update(settings: UpdateSettings): void {
    this.#trained.update(settings);
  }

  /** Live views, by Hugging Face name, adapters too; writing into them changes the model. */
  parameters(): ReadonlyMap<string, Float32Array> {
    return this.#parameters;
  }

  /**
   * The parameters of an ordinary T5 that computes the same: what is decoded with and saved. Without
   * adapters they are `parameters()`. With adapters, adapted matrices are copies, which each call
   * brings up to date in place.
   */
  merged(): ReadonlyMap<string, Float32Array> {
    if (this.#lora) {
      const into = this.#merged;
      this.#merged = mergeLora(this.#parameters, this.config, this.#lora, into);
    }
    return this.#merged;
  }

  /**
   * With adapters, what `merged` cannot be taken apart into again, for checkpoints: the adapters, and
   * the matrices they stand beside. With these among the initial parameters the model goes on bit for
   * bit. Null without adapters.
   */
  unmerged(): ReadonlyMap<string, FloatTensor> | null {
    if (this.#lora === null) return null;
    const adapted = adaptedNames(this.config, this.#lora);
    const base = parameterSpecs(this.config).filter(({ name }) => adapted.has(name));
    return new Map(
      [...base, ...adapterSpecs(this.config, this.#lora)].flatMap(({ name, shape }) => {
        const values = this.#parameters.get(name);
        return values ? [[name, { shape, values }] as const] : [];
      }),
    );
  }

  /** Where dropout's generator stands, for checkpoints; null without dropout. */
  dropoutState(): DropoutState | null {
    return this.#masks?.state ?? null;
  }

  /** Draws dropout's masks again from an earlier state of this model on; nothing without dropout. */
  rewindDropout(state: DropoutState | null): void {
    if (state !== null) this.#masks?.rewind(state);
  }

  /** Live views of the last step's gradients, of the parameters that learn. */
  gradients(): ReadonlyMap<string, Float32Array> {
    return this.#trained.gradients();
  }

  /** Live views of the optimizer's state, for checkpoints. */
  optimizerState(): OptimizerState {
    return this.#trained.state();
  }

  /**
   * Copies a saved optimizer state in.
   *
   * @throws StudioError `checkpoint-corrupt` when it does not fit this model and optimizer
   */
  restoreOptimizer(saved: OptimizerState): void {
    this.#trained.restore(saved);
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }

  /** One run of the graph: leaves the gradients in their place and gives the losses. */
  async #run(batch: TrainingBatch, tokens: ScoredTokens, pairWeight: number): Promise<ScoredPart> {
    const count = tokens.labels.length;
    const pairCount = batch.pairs?.length ?? 0;
    const written = this.#feeds.shifted(batch.targets);
    const pair = this.#feeds.pair(batch.inputs, written, this.#masks === null);
    const masks = this.#masks?.draw(this.#graph.masks, pair.sizes);
    const feeds: Feeds = {
      ...this.#parameterFeeds,
      ...pair.feeds,
      ...masks,
      labels: { type: 'int32', shape: [count], data: tokens.labels },
      weights: { type: 'float32', shape: [count], data: tokens.weights },
      ...(this.#pairs && pairFeeds(batch, pairWeight)),
    };
    const losses = this.#scratch.tensor('losses', [count]);
    const pairLosses = this.#scratch.tensor('pairLosses', [Math.max(pairCount, 1)]);
    const fetches: Record<string, HostTensor | null> = {
      ...this.#gradientFetches,
      losses,
      ...(this.#pairs && { pairLosses }),
    };
    for (const { parameter, rows, ids } of this.#graph.sparse) {
      const width = this.#parameterFeeds[parameter]?.shape[1] ?? 0;
      fetches[rows] = this.#scratch.tensor(rows, [...(feeds[ids]?.shape ?? []), width]);
    }
    const results = await this.#program.run(feeds, fetches);
    const { sparse: outputs, dense } = this.#graph;
    addSparseRows({ outputs, dense, feeds, results, gradients: this.gradients() });
    this.#trained.gradientsChanged();
    return {
      losses: losses.data.slice(),
      tokens,
      pairLosses: this.#pairs ? pairLosses.data.slice(0, pairCount) : new Float32Array(),
      pairWeight,
    };
  }
}

/** What a model is put together from. */
interface Made {
  /** Of the T5, then of its adapters. */
  readonly specs: readonly NamedShape[];
  readonly graph: TrainingGraph;
  readonly program: Program;
  readonly trained: TrainedParameters;
  /** All of them, in the order of `specs`. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** Starting values: in the arena for parameters that learn, in memory of their own for the others. */
function filled<Spec extends NamedShape>(
  specs: readonly Spec[],
  learning: ReadonlyMap<string, Float32Array>,
  initial: ReadonlyMap<string, Float32Array> | ((spec: Spec, values: Float32Array) => void),
): Map<string, Float32Array> {
  return new Map(
    specs.map((spec) => {
      const values = learning.get(spec.name) ?? new Float32Array(sizeOf(spec.shape));
      if (typeof initial === 'function') initial(spec, values);
      else values.set(initial.get(spec.name) ?? []);
      return [spec.name, values];
    }),
  );
}

/** Saved adapters go on where they were; others start from the seed. */
function startOfAdapters(
  initial: InitialParameters,
  seed: number,
): (spec: AdapterSpec, values: Float32Array) => void {
  const random = new Random(seed);
  return (spec, values) => {
    const saved = typeof initial === 'function' ? undefined : initial.get(spec.name);
    if (saved === undefined) startAdapter(spec, values, random);
    else values.set(saved);
  };
}

/** Dense gradients are written by the engine where they lie. */
function gradientFetches({ specs, graph, trained }: Made): Fetches {
  const gradients = trained.gradients();
  const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
  return Object.fromEntries(
    [...graph.dense].map(([parameter, output]) => {
      const [data, shape] = [gradients.get(parameter), shapes.get(parameter)];
      return [output, data && shape ? { type: 'float32', shape, data } : null];
    }),
  );
}

function checkTrainable(trainable: ReadonlySet<string>, specs: readonly NamedShape[]): void {
  const names = new Set(specs.map(({ name }) => name));
  const unknown = [...trainable].find((name) => !names.has(name));
  if (unknown === undefined && trainable.size > 0) return;
  throw new StudioError(
    'invalid-input',
    unknown === undefined
      ? 'No parameter is left to train.'
      : `The model has no parameter “${unknown}” to train.`,
    'Name at least one parameter, as the model’s own files do.',
  );
}

function refuseTerm(batches: readonly TrainingBatch[]): void {
  if (batches.every(({ weights }) => (weights.mutualInformation ?? 0) === 0)) return;
  throw new StudioError(
    'invalid-input',
    'A batch weighs a mutual-information term, which this model was made without.',
    'Make the model with that term, or give it no weight.',
  );
}
