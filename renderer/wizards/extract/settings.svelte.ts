import type { Estimate, ExtractionSettings } from '../../../electron/contract/extraction.ts';
import { extractionSettingsDefaults } from '../../../electron/contract/extraction.ts';
import { providerPresets } from '../../../electron/contract/providers.ts';
import type { Provider, TeacherKind } from '../../../electron/contract/teacher.ts';
import type { CallInput } from '../../../electron/contract/calls.ts';
import type { Client } from '../../lib/client.ts';
import { Resource } from '../../lib/resource.svelte.ts';

/** Rows of a pilot unless a person says otherwise: enough to see the answers and to reckon with. */
export const pilotRows = 20;
/** Answers to a row when several are asked for: odd, so that two labels can't tie. */
export const severalSamples = 5;
/** Several answers to a row differ only above 0 (Wang et al. 2023 drew theirs at 0.7). */
export const samplingTemperature = 0.7;

/** Requests at a time that suit a server nobody has named. */
const otherConcurrency = 8;

const suitingConcurrency = (provider: Provider): number =>
  providerPresets.find((preset) => preset.provider === provider)?.concurrency ?? otherConcurrency;

/** How an extraction begins. */
export const startSettings = (provider: Provider = 'openai'): ExtractionSettings => ({
  ...extractionSettingsDefaults,
  concurrency: suitingConcurrency(provider),
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 60,
  retries: 4,
  limit: pilotRows,
});

/** Rows to ask where nothing is spent: all of them. Elsewhere a pilot, in the pace that suits the server. */
export function suitTo(
  settings: ExtractionSettings,
  teacher: { kind: TeacherKind; provider: Provider },
  examples: number,
): void {
  const pilot = teacher.kind === 'openai-compatible' && examples > pilotRows;
  settings.limit = pilot ? pilotRows : null;
  settings.concurrency = suitingConcurrency(teacher.provider);
  settings.mode = 'requests';
}

/** Takes a number of answers to a row; a temperature of 0 would give the same answer each time. */
export function setSamples(settings: ExtractionSettings, samples: number): void {
  settings.samples = samples;
  settings.keepRationales = Math.min(settings.keepRationales, samples);
  if (samples > 1 && settings.temperature === 0) settings.temperature = samplingTemperature;
}

type EstimateInput = CallInput<'extractions.estimate'>;

/** What a person waits for after the last keystroke, in milliseconds. */
const pause = 300;

/** The estimate of the settings as they stand, asked for again a moment after they change. */
export class Estimating {
  readonly resource: Resource<Estimate | null>;
  readonly #input: () => EstimateInput | null;

  /** @param input what to ask for; null while that is not known */
  constructor(client: Client, input: () => EstimateInput | null) {
    this.#input = input;
    this.resource = new Resource(async () => {
      const wanted = input();
      return wanted === null ? null : client.call('extractions.estimate', wanted);
    });
  }

  /** Call inside an effect: asks once what the input reads has come to rest. */
  follow(): () => void {
    this.#input();
    const timer = setTimeout(() => void this.resource.load(), pause);
    return () => clearTimeout(timer);
  }
}
