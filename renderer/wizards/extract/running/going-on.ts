import type { Extraction, ExtractionSettings } from '../../../../electron/contract/entities.ts';
import type { App } from '../../../lib/app.svelte.ts';
import type { Client } from '../../../lib/client.ts';

/** An extraction as it is saved at this moment: what a screen shows may be a moment old. */
export async function currentExtraction(client: Client, extractionId: string): Promise<Extraction> {
  const { extraction } = await client.call('extractions.live', { extractionId, newest: 1 });
  return extraction;
}

/** Lets an extraction go on with its settings, some of them changed. @throws StudioFailure */
export async function goOn(
  app: App,
  extractionId: string,
  change: Partial<Pick<ExtractionSettings, 'limit' | 'also' | 'budget' | 'maxRequests'>> = {},
): Promise<void> {
  const { settings } = await currentExtraction(app.client, extractionId);
  const job = await app.client.call('extractions.continue', {
    extractionId,
    settings: { ...settings, ...change },
  });
  app.jobs.take(job);
  void app.overview.load();
}

/** Rows an extraction is to ask of all there are. */
export const askedRows = ({ settings }: Extraction, examples: number): number =>
  Math.min(settings.limit ?? examples, examples);
