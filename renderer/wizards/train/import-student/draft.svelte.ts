import type {
  ImportReport,
  ImportedAsking,
  Method,
} from '../../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../../electron/contract/jobs.ts';
import type { Client } from '../../../lib/client.ts';
import { Action } from '../../../lib/resource.svelte.ts';
import { explains, keepsTeacher } from '../methods.ts';
import type { StudentSource } from '../students.svelte.ts';

/** A folder on its way to becoming a student: chosen, looked at, named, taken in. */
export class ImportDraft {
  path = $state('');
  splitId = $state('');
  report = $state.raw<ImportReport | null>(null);
  name = $state('');
  method = $state<Method>('finetune');
  labelPrefix = $state('predict: ');
  rationalePrefix = $state('explain: ');
  extractionId = $state<string | null>(null);
  /** The job that takes it in, once it is started. */
  jobId = $state<string | null>(null);
  readonly looking = new Action();
  readonly starting = new Action();
  readonly #client: Client;
  #source: StudentSource | null = null;

  constructor(client: Client, splitId: string) {
    this.#client = client;
    this.splitId = splitId;
  }

  readonly usable = $derived(
    this.report !== null && !this.report.findings.some(({ severity }) => severity === 'error'),
  );
  /** Whether a person has to say how the student is asked. */
  readonly asks = $derived(this.usable && this.report?.asking === null);
  readonly askedAs = $derived(this.report?.asking?.method ?? this.method);
  readonly needsTeacher = $derived(this.usable && keepsTeacher(this.askedAs));
  readonly hasRationalePrefix = $derived(explains(this.method) && this.method !== 'single-task');
  readonly ready = $derived(
    this.usable && this.name.trim() !== '' && (!this.needsTeacher || this.extractionId !== null),
  );

  /** Lets the person choose a folder and looks at it; nothing happens when they choose none. */
  choose(): Promise<boolean> {
    return this.looking.run(async () => {
      const chosen = await this.#client.chooseFolder();
      if (chosen !== null) await this.#look({ fileId: chosen.fileId });
    });
  }

  /** Looks at the folder that is typed. */
  lookAtPath(): Promise<boolean> {
    return this.looking.run(() => this.#look({ path: this.path.trim() }));
  }

  /** For another split: which of its rows the student has seen is told anew. */
  async useSplit(splitId: string): Promise<void> {
    this.splitId = splitId;
    const source = this.#source;
    if (source === null) return;
    const { name } = this;
    await this.looking.run(() => this.#look(source));
    if (this.report !== null) this.name = name;
  }

  /** Starts taking it in; null where that was refused. */
  async start(): Promise<JobRecord | null> {
    const source = this.#source;
    if (source === null || !this.ready) return null;
    let job: JobRecord | null = null;
    await this.starting.run(async () => {
      job = await this.#client.call('runs.import', {
        ...{ splitId: this.splitId, source, name: this.name.trim() },
        extractionId: this.needsTeacher ? this.extractionId : null,
        asking: this.asks ? this.#asking() : null,
      });
    });
    return job;
  }

  discard(): void {
    this.report = null;
    this.#source = null;
    this.jobId = null;
    this.starting.failure = null;
  }

  #asking(): ImportedAsking {
    const { method, labelPrefix, rationalePrefix, hasRationalePrefix } = this;
    return { method, labelPrefix, rationalePrefix: hasRationalePrefix ? rationalePrefix : '' };
  }

  async #look(source: StudentSource): Promise<void> {
    this.discard();
    const { splitId } = this;
    this.report = await this.#client.call('runs.lookAtImport', { splitId, source });
    this.name = this.report.name;
    this.#source = source;
  }
}
