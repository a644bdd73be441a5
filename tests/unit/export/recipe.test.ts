import { describe, expect, it } from 'vitest';
import { describeRecipe } from '../../../electron/stages/export/recipe.ts';
import { runSettings } from '../model/support.ts';

describe('the recipe on a model card', () => {
  it('names what every run has', () => {
    expect(describeRecipe(runSettings())).toBe(
      'AdamW, learning rate 0.001 with 10% warm-up and linear decay, weight decay 0.01, clip 1, batch 4, 12 steps',
    );
  });

  it('names what was chosen beside it', () => {
    const settings = runSettings({
      ...{ optimizer: 'adafactor', schedule: 'cosine', accumulate: 3, warmupShare: 0.055 },
      ...{ dropout: 0.1, labelSmoothing: 0.2, lora: { rank: 8, alpha: 16 } },
      ...{ freeze: ['embeddings', 'encoder'], earlyStopping: { patience: 5 } },
    });
    expect(describeRecipe(settings)).toBe(
      'Adafactor, learning rate 0.001 with 5.5% warm-up and cosine decay, weight decay 0.01, clip 1, batch 3 x 4 (token-weighted), dropout 0.1, label smoothing 0.2, LoRA of rank 8, alpha 16, embeddings and encoder frozen, 12 steps, early stopping after 5 evaluations without a better one',
    );
  });
});
