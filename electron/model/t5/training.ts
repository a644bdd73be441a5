import type { Engine } from '../engines/engine.ts';
import type { ParameterSpec, T5Config } from './config.ts';

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
export declare class TrainingModel {
  readonly config: T5Config;
  /** Number of trainable scalars. */
  readonly parameterCount: number;

  /** @throws StudioError `model-invalid` when a tensor is missing or has another size. */
  static create(
    engine: Engine,
    config: T5Config,
    initial: InitialParameters,
  ): Promise<TrainingModel>;

  /** Computes losses and gradients; parameters are not changed until `update`. */
  step(batch: TrainingBatch): Promise<StepLosses>;

  /** Global L2 norm of the gradients of the last `step`. */
  gradientNorm(): number;

  /** Clips by global norm, then one AdamW step. */
  update(settings: UpdateSettings): void;

  /** Live views, by Hugging Face name; writing into them changes the model. */
  parameters(): ReadonlyMap<string, Float32Array>;

  /** Live views of the last step's gradients. */
  gradients(): ReadonlyMap<string, Float32Array>;

  /** Live views of AdamW's moments, for checkpoints; write into them to resume. */
  moments(): Moments;

  dispose(): Promise<void>;
}
