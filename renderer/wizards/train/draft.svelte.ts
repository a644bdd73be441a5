import type {
  EngineReport,
  Extraction,
  Method,
  Run,
  RunSettings,
  Split,
  Student,
  StudentPreset,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { Action, Resource } from '../../lib/resource.svelte.ts';
import { changesFrom, differences, same, without } from './changes.ts';
import type { Changes, Difference, SettingKey } from './changes.ts';
import { boundLabel } from './methods.ts';

export { alphaOf, methodOrder } from './methods.ts';

/** What is suggested for each chosen method. */
type Suggestions = readonly { readonly method: Method; readonly settings: RunSettings }[];

/** What a run of one method learns from, and how: the request of every call about a run. */
export interface RunRequest {
  readonly splitId: string;
  readonly extractionId: string | null;
  readonly settings: RunSettings;
}

/**
 * How the choices of one or several trainings stand. Main suggests settings for each method and the
 * student; what a person changed lies over them, the same for every method, and stays when another
 * method or student is suggested for anew.
 */
export class TrainDraft {
  splits = $state.raw<readonly Split[]>([]);
  extractions = $state.raw<readonly Extraction[]>([]);
  students = $state.raw<readonly Student[]>([]);
  /** What is known of the engines here; empty until somebody asked. */
  engines = $state.raw<readonly EngineReport[]>([]);
  methods = $state.raw<readonly Method[]>([]);
  splitId = $state('');
  extractionId = $state<string | null>(null);
  preset = $state<StudentPreset>('micro');
  /** The folder student that was chosen, kept while another kind of student is looked at. */
  studentId = $state<string | null>(null);
  lora = $state(false);
  /** What a person set by hand. */
  changes = $state.raw<Changes>({});
  /** The run whose settings these began from. */
  parent = $state.raw<Run | null>(null);
  readonly loading = new Action();
  readonly starting = new Action();
  readonly suggestions: Resource<Suggestions>;
  readonly projectId: string;
  readonly #client: Client;

  constructor(client: Client, projectId: string, methods: readonly Method[]) {
    this.#client = client;
    this.projectId = projectId;
    this.methods = methods;
    this.suggestions = new Resource(() => this.#ask());
  }

  /** Settings of the first method, which stand for all on the screen; null until main has suggested. */
  get settings(): RunSettings | null {
    const [method] = this.methods;
    return method === undefined || this.suggestions.value === null
      ? null
      : this.#settingsOf(method);
  }

  /** Whether every chosen method has the settings that suit what is chosen now. */
  get ready(): boolean {
    const { value, failure, loading } = this.suggestions;
    return this.studentChosen && value !== null && failure === null && !loading;
  }

  get student(): Student | null {
    return this.students.find(({ id }) => id === this.studentId) ?? null;
  }

  get studentChosen(): boolean {
    return this.preset !== 'folder' || this.student !== null;
  }

  /** @param from a run to begin from; null for a fresh start */
  load(from: string | null = null): Promise<boolean> {
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
      if (from !== null) await this.#takeFrom(from);
      await this.#suggest();
      if (this.parent) this.#takeChanges(this.parent.settings);
    });
  }

  /** Another split has other rows, so its settings are suggested anew. */
  async useSplit(splitId: string): Promise<void> {
    this.splitId = splitId;
    await this.#suggest();
  }

  async useMethods(methods: readonly Method[]): Promise<void> {
    this.methods = methods;
    await this.#suggest();
  }

  /** Adapters and frozen parts are for what was trained before: a student from scratch has none. */
  async usePreset(preset: StudentPreset): Promise<void> {
    this.preset = preset;
    if (preset !== 'folder') {
      this.lora = false;
      this.reset('freeze', 'lora');
    }
    await this.#suggest();
  }

  async useStudent(student: Student): Promise<void> {
    this.studentId = student.id;
    this.preset = 'folder';
    await this.#suggest();
  }

  async useLora(lora: boolean): Promise<void> {
    this.lora = lora;
    if (!lora) this.reset('lora');
    await this.#suggest();
  }

  /** Reads the workspace's list of pretrained students; one that is gone is no longer chosen. */
  async loadStudents(): Promise<void> {
    this.students = await this.#client.call('students.list', {});
  }

  // -------------------------------------------------------------- settings and what was changed

  /** A setting as it stands on the screen. Loaded settings are needed. */
  value<K extends SettingKey>(key: K): RunSettings[K] {
    const [method] = this.methods;
    if (method === undefined) throw new Error('No method is chosen.');
    return this.#settingsOf(method)[key];
  }

  /** A setting that is what every method suggests is no change. */
  set<K extends SettingKey>(key: K, value: RunSettings[K]): void {
    if (this.#suggestedFor(key).every((each) => same(each, value))) return this.reset(key);
    const changes: Changes = { ...this.changes };
    changes[key] = value;
    this.changes = changes;
  }

  /** Goes back to what is suggested. */
  reset(...keys: readonly SettingKey[]): void {
    this.changes = without(this.changes, keys);
  }

  isChanged(...keys: readonly SettingKey[]): boolean {
    return keys.some((key) => key in this.changes);
  }

  /**
   * What main suggests for each chosen method, in their order. Of the label only for the methods that
   * are free to choose it, where there are any.
   */
  suggestionsOf<K extends SettingKey>(key: K): { method: Method; value: RunSettings[K] }[] {
    const free = this.methods.filter((method) => boundLabel[method] === null);
    const asked = key === 'labelSource' && free.length > 0 ? free : this.methods;
    return asked.map((method) => ({ method, value: this.#suggestion(method)[key] }));
  }

  /** What differs from the run that this began from. */
  get differences(): readonly Difference[] {
    if (this.parent === null || this.settings === null) return [];
    return differences(
      this.parent,
      this.methods.map((method) => this.requestOf(method)),
    );
  }

  // ------------------------------------------------------------------------------- the requests

  /** What a run of this method learns from, and how. Loaded settings are needed. */
  requestOf(method: Method): RunRequest {
    const { splitId, extractionId } = this;
    return { splitId, extractionId, settings: this.#settingsOf(method) };
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
          parentId: this.parent?.id ?? null,
        });
        runId ??= started.run.id;
        jobs.push(started.job);
        this.methods = this.methods.filter((each) => each !== method);
      }
    });
    return this.starting.failure === null && runId !== null ? { runId, jobs } : null;
  }

  #suggestion(method: Method): RunSettings {
    const all = this.suggestions.value ?? [];
    const settings = (all.find((each) => each.method === method) ?? all[0])?.settings;
    if (settings === undefined) throw new Error('Settings are not loaded.');
    return settings;
  }

  #suggestedFor<K extends SettingKey>(key: K): RunSettings[K][] {
    return this.suggestionsOf(key).map(({ value }) => value);
  }

  #settingsOf(method: Method): RunSettings {
    const settings = { ...this.#suggestion(method), ...this.changes, method };
    return { ...settings, labelSource: boundLabel[method] ?? settings.labelSource };
  }

  /** Asks anew; settings that were suggested before stand until the answer is there. */
  async #suggest(): Promise<void> {
    if (this.splitId === '' || this.methods.length === 0 || !this.studentChosen) return;
    await this.suggestions.load();
  }

  async #ask(): Promise<Suggestions> {
    const { projectId, splitId, preset, lora, methods } = this;
    const student = preset === 'folder' ? this.studentId : null;
    const asked = { projectId, splitId, preset, student, lora };
    return Promise.all(
      methods.map(async (method) => ({
        method,
        settings: await this.#client.call('runs.suggest', { ...asked, method }),
      })),
    );
  }

  /** Rows, method and student of an earlier run. A student that left the list can't be taken. */
  async #takeFrom(runId: string): Promise<void> {
    const runs = await this.#client.call('runs.list', { projectId: this.projectId });
    const run = runs.find(({ id }) => id === runId);
    if (run === undefined) return;
    const { settings } = run;
    if (settings.preset === 'folder') await this.loadStudents();
    this.parent = run;
    this.methods = [settings.method];
    this.splitId = run.splitId;
    this.extractionId = run.extractionId ?? this.extractionId;
    this.studentId = settings.student?.id ?? null;
    this.preset = settings.preset === 'folder' && !this.student ? 'micro' : settings.preset;
    this.lora = settings.lora !== null && this.preset === settings.preset;
  }

  /** What a run had otherwise than is suggested counts as changed by hand, so that it stays. */
  #takeChanges(given: RunSettings): void {
    const { method, preset, student } = given;
    // Adapters and frozen parts belong to the student that they were chosen for.
    const another = preset !== this.preset || (student?.id ?? null) !== this.studentId;
    const left: SettingKey[] = another ? ['lora', 'freeze'] : [];
    this.changes = changesFrom(given, this.#suggestion(method), left);
  }
}
