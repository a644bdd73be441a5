import type {
  Extraction,
  Method,
  RunSettings,
  Split,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { Action } from '../../lib/resource.svelte.ts';

export const methodOrder: readonly Method[] = ['step-by-step', 'finetune', 'distill'];

/** How the choices of one or several trainings stand: methods, rows, settings shared by all. */
export class TrainDraft {
  splits = $state.raw<readonly Split[]>([]);
  extractions = $state.raw<readonly Extraction[]>([]);
  methods = $state.raw<readonly Method[]>([]);
  splitId = $state('');
  extractionId = $state<string | null>(null);
  /** Shared by every method, but for what a method fixes; null until main has suggested them. */
  settings = $state<RunSettings | null>(null);
  readonly loading = new Action();
  readonly starting = new Action();
  readonly projectId: string;
  readonly #client: Client;

  constructor(client: Client, projectId: string, methods: readonly Method[]) {
    this.#client = client;
    this.projectId = projectId;
    this.methods = methods;
  }

  load(): Promise<boolean> {
    const { projectId } = this;
    return this.loading.run(async () => {
      const [splits, extractions] = await Promise.all([
        this.#client.call('splits.list', { projectId }),
        this.#client.call('extractions.list', { projectId }),
      ]);
      this.splits = splits;
      this.extractions = extractions.filter((extraction) => extraction.completed > 0);
      this.splitId = splits.at(-1)?.id ?? '';
      this.extractionId = this.extractions.at(-1)?.id ?? null;
      if (this.splitId !== '') await this.#suggest();
    });
  }

  /** Another split has other rows, so its settings are suggested anew. */
  useSplit(splitId: string): Promise<boolean> {
    this.splitId = splitId;
    return this.loading.run(() => this.#suggest());
  }

  /** Starts one run for each method; those already started stay when a later one is refused. */
  async start(): Promise<{ runId: string; jobs: JobRecord[] } | null> {
    const jobs: JobRecord[] = [];
    let runId: string | null = null;
    await this.starting.run(async () => {
      for (const method of this.methods) {
        const started = await this.#client.call('runs.start', {
          projectId: this.projectId,
          name: null,
          ...this.requestOf(method),
        });
        runId ??= started.run.id;
        jobs.push(started.job);
        this.methods = this.methods.filter((each) => each !== method);
      }
    });
    return this.starting.failure === null && runId !== null ? { runId, jobs } : null;
  }

  /** What a run of this method learns from, and how. Loaded settings are needed. */
  requestOf(method: Method): {
    splitId: string;
    extractionId: string | null;
    settings: RunSettings;
  } {
    const { splitId, extractionId } = this;
    return { splitId, extractionId, settings: this.#settingsOf(method) };
  }

  #settingsOf(method: Method): RunSettings {
    const shared = $state.snapshot(this.settings);
    if (shared === null) throw new Error('Settings are not loaded.');
    const fixed: Record<Method, RunSettings['labelSource']> = {
      finetune: 'gold',
      distill: 'teacher',
      'step-by-step': shared.labelSource,
    };
    return { ...shared, method, labelSource: fixed[method] };
  }

  async #suggest(): Promise<void> {
    const { projectId, splitId } = this;
    this.settings = await this.#client.call('runs.suggest', {
      projectId,
      splitId,
      method: 'step-by-step',
    });
  }
}

/** The published code's weight of the label loss that has the same direction as the paper's lambda. */
export const alphaOf = (lambda: number): number => 1 / (1 + lambda);
