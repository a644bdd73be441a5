import { StudioError } from '../../contract/errors.ts';
import type { Engine, Fetches, HostTensor, Program } from '../engines/engine.ts';
import { Arena } from '../optimizer.ts';
import { parameterSpecs, sizeOf, type ParameterSpec, type T5Config } from './config.ts';
import { FeedBuilder } from './feeds.ts';
import { trainingGraph, type TrainingGraph } from './graphs.ts';
import { parameterTensors } from './parameters.ts';

/** The two tasks of Distilling Step-by-Step, as they are marked in `TrainingBatch.task`. */
export const LABEL_TASK = 0;
export const RATIONALE_TASK = 1;

/** Rows of one optimizer step; label and rationale rows may be mixed in any order. */
export interface TrainingBatch {
  /** Token ids per row, the end-of-sequence token included, without padding. */
  readonly inputs: readonly Int32Array[];
  /** Target token ids per row, the end-of-sequence token included, without padding or start token. */
  readonly targets: readonly Int32Array[];
  /** Per row: `LABEL_TASK` or `RATIONALE_TASK`. */
  readonly task: Uint8Array;
  /** Loss = label * mean over label tokens + rationale * mean over rationale tokens. */
  readonly weights: { readonly label: number; readonly rationale: number };
}

/** Losses in nats, before the update. */
export interface StepLosses {
  /** The weighted sum that was differentiated. */
  readonly loss: number;
  /** Mean cross-entropy per label token, unweighted; null when the batch has no label row. */
  readonly labelLoss: number | null;
  /** Mean cross-entropy per rationale token, unweighted; null when the batch has no rationale row. */
  readonly rationaleLoss: number | null;
}

export interface UpdateSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Gradients are scaled down to this global L2 norm; null leaves them as they are. */
  readonly clipNorm: number | null;
  /** 1 for the first update; the bias correction depends on it. */
  readonly step: number;
  /** Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8. */
  readonly epsilon?: number;
  /**
   * `torch` (the default): `torch.optim.AdamW`. `transformers`: the older `transformers.AdamW`,
   * which adds epsilon before the bias correction and decays after the update.
   */
  readonly form?: 'torch' | 'transformers';
}

/** Starting values: tensors by name, or a function that fills each parameter (in the order of `parameterSpecs`). */
export type InitialParameters =
  ReadonlyMap<string, Float32Array> | ((spec: ParameterSpec, values: Float32Array) => void);

/** One state of AdamW: first and second moments by parameter name. */
export interface Moments {
  readonly first: ReadonlyMap<string, Float32Array>;
  readonly second: ReadonlyMap<string, Float32Array>;
}

/** A T5 with its gradients and optimizer state, trained one step at a time. */
export class TrainingModel {
  readonly config: T5Config;
  /** Number of trainable scalars. */
  readonly parameterCount: number;
  readonly #graph: TrainingGraph;
  readonly #program: Program;
  readonly #arena: Arena;
  readonly #feeds: FeedBuilder;
  readonly #parameterFeeds: Readonly<Record<string, HostTensor>>;
  readonly #gradientFetches: Fetches;
  readonly #scratch = new Map<string, Float32Array>();
  #gradientNorm: number | null = null;

  private constructor(config: T5Config, graph: TrainingGraph, program: Program, arena: Arena) {
    const specs = parameterSpecs(config);
    this.config = config;
    this.parameterCount = specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
    this.#graph = graph;
    this.#program = program;
    this.#arena = arena;
    this.#feeds = new FeedBuilder(config);
    this.#parameterFeeds = parameterTensors(config, arena.views.parameters);
    const gradients = parameterTensors(config, arena.views.gradients);
    this.#gradientFetches = Object.fromEntries(
      [...graph.dense].map(([parameter, output]) => [output, gradients[parameter] ?? null]),
    );
  }

  /** @throws StudioError `model-invalid` when a tensor is missing or has another size. */
  static async create(
    engine: Engine,
    config: T5Config,
    initial: InitialParameters,
  ): Promise<TrainingModel> {
    const specs = parameterSpecs(config);
    if (typeof initial !== 'function') parameterTensors(config, initial);
    const arena = new Arena(new Map(specs.map(({ name, shape }) => [name, sizeOf(shape)])));
    for (const spec of specs) {
      const values = view(arena.views.parameters, spec.name);
      if (typeof initial === 'function') initial(spec, values);
      else values.set(view(initial, spec.name));
    }
    const graph = trainingGraph(config);
    return new TrainingModel(config, graph, await engine.compile(graph), arena);
  }

  /**
   * Computes losses and gradients in one run; parameters are not changed until `update`.
   *
   * @throws StudioError `invalid-input` when rows do not match or are empty, `engine-failed`,
   * `training-diverged` when the loss is no longer a finite number.
   */
  async step(batch: TrainingBatch): Promise<StepLosses> {
    const { inputs, targets, task } = batch;
    if (inputs.length !== targets.length || inputs.length !== task.length) {
      throw new StudioError(
        'invalid-input',
        `A batch has ${inputs.length} inputs, ${targets.length} targets and ${task.length} task marks.`,
        'Every row needs one of each.',
      );
    }
    const source = this.#feeds.source(inputs);
    const target = this.#feeds.target(this.#feeds.shifted(targets));
    const tokens = scoredTokens(batch);
    const feeds: Record<string, HostTensor> = {
      ...this.#parameterFeeds,
      ...source.feeds,
      ...target.feeds,
      labels: { type: 'int32', shape: [tokens.labels.length], data: tokens.labels },
      weights: { type: 'float32', shape: [tokens.weights.length], data: tokens.weights },
    };
    const fetches: Record<string, HostTensor | null> = {
      ...this.#gradientFetches,
      losses: this.#scratchTensor('losses', [tokens.labels.length]),
    };
    for (const { parameter, rows, ids } of this.#graph.sparse) {
      const width = this.#parameterFeeds[parameter]?.shape[1] ?? 0;
      fetches[rows] = this.#scratchTensor(rows, [...(feeds[ids]?.shape ?? []), width]);
    }
    const results = await this.#program.run(feeds, fetches);
    this.#addSparseRows(feeds, results);
    this.#gradientNorm = null;
    const losses = summarize(float32(results, 'losses'), tokens);
    if (!Number.isFinite(losses.loss)) {
      throw new StudioError(
        'training-diverged',
        'The training diverged: its loss is no longer a number.',
        'Start again with a smaller learning rate, or continue from the best checkpoint.',
      );
    }
    return losses;
  }

  /** Global L2 norm of the gradients of the last `step`. */
  gradientNorm(): number {
    this.#gradientNorm ??= this.#arena.gradientNorm();
    return this.#gradientNorm;
  }

  /** Clips by global norm, then one AdamW step; the stored gradients stay as they are. */
  update(settings: UpdateSettings): void {
    const { clipNorm } = settings;
    // The small constant is torch.nn.utils.clip_grad_norm_'s.
    const factor = clipNorm === null ? 1 : Math.min(1, clipNorm / (this.gradientNorm() + 1e-6));
    this.#arena.adamw({
      learningRate: settings.learningRate,
      weightDecay: settings.weightDecay,
      step: settings.step,
      betas: settings.betas ?? [0.9, 0.999],
      epsilon: settings.epsilon ?? 1e-8,
      form: settings.form ?? 'torch',
      gradientScale: factor,
    });
  }

  /** Live views, by Hugging Face name; writing into them changes the model. */
  parameters(): ReadonlyMap<string, Float32Array> {
    return this.#arena.views.parameters;
  }

  /** Live views of the last step's gradients. */
  gradients(): ReadonlyMap<string, Float32Array> {
    return this.#arena.views.gradients;
  }

  /** Live views of AdamW's moments, for checkpoints; write into them to resume. */
  moments(): Moments {
    const { firstMoments, secondMoments } = this.#arena.views;
    return { first: firstMoments, second: secondMoments };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }

  /**
   * Adds the rows of embedding-like tables to their gradients, one after another: equal ids must add
   * up, which ONNX Runtime's parallel scatter does not guarantee.
   */
  #addSparseRows(
    feeds: Readonly<Record<string, HostTensor>>,
    results: Readonly<Record<string, HostTensor>>,
  ): void {
    const gradients = this.gradients();
    for (const parameter of new Set(this.#graph.sparse.map((output) => output.parameter))) {
      if (!this.#graph.dense.has(parameter)) view(gradients, parameter).fill(0);
    }
    for (const output of this.#graph.sparse) {
      const ids = feeds[output.ids]?.data ?? [];
      const width = this.#parameterFeeds[output.parameter]?.shape[1] ?? 0;
      addRows(view(gradients, output.parameter), float32(results, output.rows), ids, width);
    }
  }

  /** A tensor over memory that is kept from step to step and grows when a batch needs more. */
  #scratchTensor(name: string, shape: readonly number[]): HostTensor {
    const size = sizeOf(shape);
    let memory = this.#scratch.get(name);
    if (memory === undefined || memory.length < size) {
      memory = new Float32Array(Math.ceil(size * 1.25));
      this.#scratch.set(name, memory);
    }
    return { type: 'float32', shape, data: memory.subarray(0, size) };
  }
}

/** `table[ids[i]] += rows[i]` for every row of `width` numbers. */
function addRows(
  table: Float32Array,
  rows: Float32Array,
  ids: ArrayLike<number>,
  width: number,
): void {
  for (let row = 0; row < ids.length; row++) {
    const to = (ids[row] ?? 0) * width;
    const from = row * width;
    for (let column = 0; column < width; column++) {
      table[to + column] = (table[to + column] ?? 0) + (rows[from + column] ?? 0);
    }
  }
}

/** The target tokens of a batch in packed order, each with its weight in the loss. */
interface ScoredTokens {
  readonly labels: Int32Array;
  readonly weights: Float32Array;
  /** Task of each token. */
  readonly tasks: Uint8Array;
}

/** A task's weight is shared equally by its target tokens, so that each task's term is a mean. */
function scoredTokens(batch: TrainingBatch): ScoredTokens {
  const { targets, task, weights } = batch;
  const counts = [0, 0];
  targets.forEach((target, row) => {
    counts[task[row] ?? 0] = (counts[task[row] ?? 0] ?? 0) + target.length;
  });
  const size = counts.reduce((total, count) => total + count, 0);
  const tokens = {
    labels: new Int32Array(size),
    weights: new Float32Array(size),
    tasks: new Uint8Array(size),
  };
  let first = 0;
  targets.forEach((target, row) => {
    const end = first + target.length;
    const which = task[row] ?? LABEL_TASK;
    const weight = which === LABEL_TASK ? weights.label : weights.rationale;
    tokens.labels.set(target, first);
    tokens.weights.fill(weight / (counts[which] ?? 1), first, end);
    tokens.tasks.fill(which, first, end);
    first = end;
  });
  return tokens;
}

function summarize(losses: Float32Array, tokens: ScoredTokens): StepLosses {
  const mean = (task: number): number | null => {
    const own = losses.filter((_loss, token) => tokens.tasks[token] === task);
    return own.length === 0 ? null : own.reduce((total, loss) => total + loss, 0) / own.length;
  };
  return {
    loss: losses.reduce((total, loss, token) => total + loss * (tokens.weights[token] ?? 0), 0),
    labelLoss: mean(LABEL_TASK),
    rationaleLoss: mean(RATIONALE_TASK),
  };
}

function float32(results: Readonly<Record<string, HostTensor>>, name: string): Float32Array {
  const data = results[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new TypeError(`The training step gave no numbers for ${name}.`);
}

function view(views: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const found = views.get(name);
  if (found === undefined) throw new TypeError(`There is no parameter ${name}.`);
  return found;
}
