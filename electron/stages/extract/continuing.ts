import type { Extraction, ExtractionSettings, Price } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Store } from '../../store/store.ts';

/**
 * The extraction that an extraction with these settings goes on with: same teacher, template,
 * temperature, length and seed, which decide the answers. Null when it would be a new one.
 */
export function continuedBy(
  store: Store,
  input: {
    projectId: string;
    teacherId: string;
    templateId: string | null;
    settings: ExtractionSettings;
  },
): Extraction | null {
  const { temperature, maxTokens, seed } = input.settings;
  const same = store.extractions
    .list(input.projectId)
    .findLast(
      ({ teacher, templateId, settings }) =>
        teacher.id === input.teacherId &&
        templateId === input.templateId &&
        settings.temperature === temperature &&
        settings.maxTokens === maxTokens &&
        settings.seed === seed,
    );
  return same ?? null;
}

/** Why a budget can't be kept without a price; null when there is no budget, or a price to reckon with. */
export function missingPrice(
  settings: Pick<ExtractionSettings, 'budget'>,
  price: Price | null,
  model: string,
): StudioError | null {
  if (settings.budget === null || price !== null) return null;
  return new StudioError(
    'price-missing',
    `A budget is set, but there is no price for the model "${model}".`,
    'Enter its price in the price table, or set a limit of requests instead of a budget.',
  );
}
