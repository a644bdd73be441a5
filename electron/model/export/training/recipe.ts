import type { RunSettings } from '../../../contract/entities.ts';
import { answerMarkOf, labelLengths } from '../../../core/methods.ts';
import { lossWeights } from '../../batches.ts';
import { warmupSteps } from '../../schedule.ts';
import type { T5Config } from '../../t5/config.ts';
import { trainableParameters } from '../../t5/frozen.ts';
import { adapterSpecs } from '../../t5/lora.ts';
import type { OrderFacts, RowsFacts } from './data.ts';

/**
 * Where in a bundle each setting of a run is. All of them are carried out; a setting that is new has
 * to be given its place here before this compiles.
 *
 * - `recipe`: stands in `recipe.json` under its own name or as what it decides, and `train.py` does it.
 * - `rows`: was done when rows were chosen, put together and tokenised.
 * - `order`: was done when the order of rows was drawn.
 * - `start`: decided the weights, the shape and the tokenizer that the training starts from.
 * - `elsewhere`: says what computed the run here. The bundle computes with PyTorch in float32.
 */
export const placeOfSetting: Readonly<
  Record<keyof RunSettings, 'recipe' | 'rows' | 'order' | 'start' | 'elsewhere'>
> = {
  method: 'rows',
  labelSource: 'rows',
  rationales: 'rows',
  withoutRationale: 'rows',
  suspicionLimit: 'rows',
  labelPrefix: 'rows',
  rationalePrefix: 'rows',
  answerMark: 'rows',
  rationaleMark: 'rows',
  maxInputTokens: 'rows',
  maxLabelTokens: 'rows',
  maxRationaleTokens: 'rows',
  rationaleCap: 'rows',
  validationRows: 'rows',
  trainShare: 'rows',
  rationalesPerRow: 'order',
  rationaleDropout: 'order',
  preset: 'start',
  student: 'start',
  vocabularySize: 'start',
  tokenizer: 'start',
  seed: 'recipe',
  lambda: 'recipe',
  lossForm: 'recipe',
  mutualInformation: 'recipe',
  labelSmoothing: 'recipe',
  dropout: 'recipe',
  steps: 'recipe',
  batchSize: 'recipe',
  accumulate: 'recipe',
  accumulation: 'recipe',
  optimizer: 'recipe',
  learningRate: 'recipe',
  schedule: 'recipe',
  warmupShare: 'recipe',
  weightDecay: 'recipe',
  clipNorm: 'recipe',
  freeze: 'recipe',
  lora: 'recipe',
  evaluateEvery: 'recipe',
  earlyStopping: 'recipe',
  keepEvery: 'recipe',
  engine: 'elsewhere',
};

/** What a bundle's files hold. */
export interface DataFacts {
  readonly train: RowsFacts;
  readonly validation: RowsFacts;
  readonly order: OrderFacts;
}

/** The content of `recipe.json`: everything that `train.py` is told beside data and weights. */
export function recipeOf(settings: RunSettings, config: T5Config, data: DataFacts) {
  const { names, lora } = trainableParameters(config, settings);
  const { label, rationale, mutualInformation = 0 } = lossWeights(settings);
  return {
    format: 1,
    ...pick(settings, [
      'steps',
      'batchSize',
      'accumulate',
      'accumulation',
      'optimizer',
      'learningRate',
      'schedule',
      'weightDecay',
      'clipNorm',
      'dropout',
      'labelSmoothing',
      'seed',
      'evaluateEvery',
      'earlyStopping',
      'keepEvery',
      'freeze',
    ]),
    /** Steps until the learning rate is at its highest. */
    warmupSteps: warmupSteps(settings),
    /** loss = label L_label + rationale L_rationale + mutualInformation L_mi. */
    weights: { label, rationale, mutualInformation },
    /** Names of the tensors that learn. */
    trainable: [...names],
    /** Adapters: each matrix W is W + (alpha / rank) B A. */
    lora: lora && {
      rank: lora.rank,
      alpha: lora.alpha,
      adapters: adapterSpecs(config, lora)
        .filter(({ part }) => part === 'down')
        .map(({ name }) => name.replace(/\.lora_A\.weight$/, '')),
    },
    validation: {
      /** Most tokens that an answer is written with. */
      maxTokens: labelLengths(settings).target,
      /** Whether an answer is the end of a text, after a rationale and a mark. */
      atEnd: answerMarkOf(settings) !== null,
    },
    data,
  };
}
export type Recipe = ReturnType<typeof recipeOf>;

function pick<Key extends keyof RunSettings>(
  settings: RunSettings,
  names: readonly Key[],
): Pick<RunSettings, Key> {
  const entries = names.map((name) => [name, settings[name]] as const);
  return Object.fromEntries(entries) as Pick<RunSettings, Key>;
}
