import type { CallInput } from '../../../../electron/contract/calls.ts';
import type { Estimate, ExtractionSettings } from '../../../../electron/contract/extraction.ts';
import { extractionSettingsDefaults } from '../../../../electron/contract/extraction.ts';
import type { JobRecord } from '../../../../electron/contract/jobs.ts';
import { providerPresets } from '../../../../electron/contract/providers.ts';
import type { Provider, Teacher, TeacherKind } from '../../../../electron/contract/teacher.ts';
import type { Client } from '../../../lib/client.ts';
import { Action, Resource } from '../../../lib/resource.svelte.ts';

/** Rows of a pilot unless a person says otherwise: enough to see the answers and to reckon with. */
export const pilotRows = 20;
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

/** From the last change to the question, in milliseconds. */
const rest = 300;

/** The estimate of settings as they stand, asked for again a moment after they change. */
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

  /** Asks once what the input reads has come to rest; the body of an effect. */
  follow(): () => void {
    const known = this.#input() !== null;
    const timer = setTimeout(() => known && void this.resource.load(), rest);
    return () => clearTimeout(timer);
  }
}

/** How the settings of one extraction stand: how many rows, how often, how fast, at which cost. */
export class SettingsDraft {
  values = $state<ExtractionSettings>(startSettings());
  readonly estimating: Estimating;
  readonly starting = new Action();
  readonly #client: Client;
  readonly #draft: Asked;
  /** The teacher whose pace the settings were last given. */
  #suited = '';

  constructor(client: Client, draft: Asked) {
    this.#client = client;
    this.#draft = draft;
    this.estimating = new Estimating(client, () => this.#input());
  }

  /** Begins from what suits the teacher, unless that was done for the same one already. */
  suit(examples: number): void {
    const { teacher } = this.#draft;
    const key = `${teacher?.kind} ${teacher?.provider} ${teacher?.id}`;
    if (teacher === null || key === this.#suited) return;
    this.#suited = key;
    suitTo(this.values, teacher, examples);
  }

  /** Begins from the settings of an earlier extraction, with a pilot of its own. */
  useFrom(
    settings: ExtractionSettings,
    teacher: { kind: TeacherKind; provider: Provider; id: string },
  ): void {
    this.#suited = `${teacher.kind} ${teacher.provider} ${teacher.id}`;
    this.values = { ...settings, limit: pilotRows, mode: 'requests' };
  }

  /** Starts the extraction; null when that failed, and then `starting` says why. */
  async start(): Promise<JobRecord | null> {
    let job: JobRecord | null = null;
    await this.starting.run(async () => {
      const input = this.#input();
      if (input !== null) job = await this.#client.call('extractions.start', input);
    });
    return job;
  }

  #input(): EstimateInput | null {
    const { projectId, teacher, templateId } = this.#draft;
    const settings = $state.snapshot(this.values);
    return teacher && { projectId, teacherId: teacher.id, templateId, settings };
  }
}

/** Whom the settings are for, and with which prompt. */
interface Asked {
  readonly projectId: string;
  readonly teacher: Teacher | null;
  readonly templateId: string | null;
}
