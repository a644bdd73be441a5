import { extractionSettingsDefaults } from '../../contract/entities.ts';
import type { ExtractionSettings } from '../../contract/entities.ts';

/** What an extraction starts with unless a person chooses otherwise. */
export const defaultExtractionSettings: ExtractionSettings = {
  ...extractionSettingsDefaults,
  concurrency: 8,
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 60,
  retries: 4,
  limit: null,
};
