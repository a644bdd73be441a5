import type { RunSettings } from '../../contract/entities.ts';
import { methodTraits, usesRationales } from '../../core/methods.ts';

const decays: Readonly<Record<RunSettings['schedule'], string>> = {
  linear: 'linear decay',
  cosine: 'cosine decay',
  constant: 'no decay',
};

/** How a run was trained, in one line of a model card. */
export function describeRecipe(settings: RunSettings): string {
  const { accumulate, batchSize, dropout, labelSmoothing, lora, freeze, earlyStopping } = settings;
  const warmup = `${+(100 * settings.warmupShare).toFixed(1)}%`;
  const parts = [
    settings.optimizer === 'adamw' ? 'AdamW' : 'Adafactor',
    `learning rate ${settings.learningRate} with ${warmup} warm-up and ${decays[settings.schedule]}`,
    `weight decay ${settings.weightDecay}`,
    `clip ${settings.clipNorm}`,
    accumulate === 1
      ? `batch ${batchSize}`
      : `batch ${accumulate} x ${batchSize} (${settings.accumulation})`,
    ...(dropout > 0 ? [`dropout ${dropout}`] : []),
    ...(labelSmoothing > 0 ? [`label smoothing ${labelSmoothing}`] : []),
    ...(lora === null ? [] : [`LoRA of rank ${lora.rank}, alpha ${lora.alpha}`]),
    ...(freeze.length === 0 ? [] : [`${freeze.join(' and ')} frozen`]),
    `${settings.steps} steps`,
    ...(earlyStopping === null
      ? []
      : [`early stopping after ${earlyStopping.patience} evaluations without a better one`]),
  ];
  return parts.join(', ');
}

/** The loss that was learned, with where its form comes from. */
export function describeLoss(settings: RunSettings): string {
  const { lambda, lossForm, mutualInformation, method } = settings;
  if (methodTraits[method].rationale !== 'own-task') {
    return `the mean cross-entropy per token of the ${method === 'single-task' ? 'one text' : 'label'}`;
  }
  const alpha = 1 / (1 + lambda);
  const terms =
    lossForm === 'lambda'
      ? `L_label + ${lambda} x L_rationale (arXiv 2305.02301, section 3.2)`
      : `${short(alpha)} x L_label + ${short(1 - alpha)} x L_rationale (the published code of arXiv 2305.02301)`;
  return mutualInformation === 0
    ? `L = ${terms}`
    : `L = ${terms} + ${mutualInformation} x the cross-entropy between the two tasks' outputs (arXiv 2403.03348)`;
}

/** What was done with rows and rationales that is not the usual, each in a sentence. */
export function describeRows(settings: RunSettings): string[] {
  const { trainShare, rationaleCap, rationaleDropout, rationalesPerRow, method } = settings;
  const share =
    trainShare === 1
      ? []
      : [`A share of ${short(100 * trainShare)}% of the training part was used`];
  if (!usesRationales(method)) return share;
  const several = {
    chosen: [],
    all: ['Every rationale of a row was learned, each as an example'],
    sampled: ['One of the rationales of a row was drawn in each epoch'],
  };
  return [
    ...share,
    ...several[rationalesPerRow],
    ...(rationaleCap === null
      ? []
      : [`Rationales were cut at the last sentence that ends within ${rationaleCap} tokens`]),
    ...(rationaleDropout === 0
      ? []
      : [
          `Rationales of ${short(100 * rationaleDropout)}% of the rows were left out in each epoch`,
        ]),
  ];
}

const short = (value: number): string => String(Number(value.toFixed(3)));
