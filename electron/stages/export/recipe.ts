import type { RunSettings } from '../../contract/entities.ts';

const decays: Readonly<Record<RunSettings['schedule'], string>> = {
  linear: 'linear decay',
  cosine: 'cosine decay',
  constant: 'no decay',
};

/** How a run was trained, in one line of a model card. */
export function describeRecipe(settings: RunSettings): string {
  const { accumulate, batchSize, dropout, labelSmoothing, lora } = settings;
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
    `${settings.steps} steps`,
  ];
  return parts.join(', ');
}
