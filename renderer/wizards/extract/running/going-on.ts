import type { Extraction, ExtractionSettings } from '../../../../electron/contract/entities.ts';
import type { App } from '../../../lib/app.svelte.ts';

/** Lets an extraction go on with these settings. @throws StudioFailure */
export async function goOn(
  app: App,
  extraction: Extraction,
  settings: ExtractionSettings,
): Promise<void> {
  const job = await app.client.call('extractions.continue', {
    extractionId: extraction.id,
    settings,
  });
  app.jobs.take(job);
  void app.overview.load();
}

/** Rows an extraction is to ask of all there are. */
export const askedRows = ({ settings }: Extraction, examples: number): number =>
  Math.min(settings.limit ?? examples, examples);
