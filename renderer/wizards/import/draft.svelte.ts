import type {
  ColumnMapping,
  FileHandle,
  FileInspection,
  Part,
  Project,
  Task,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { Action, Resource } from '../../lib/resource.svelte.ts';

/** How the wizard's choices about one file stand, and what main says of them. */
export class ImportDraft {
  inspection = $state.raw<FileInspection | null>(null);
  project = $state.raw<Project | null>(null);
  name = $state('');
  task = $state<Task>('text');
  labelText = $state('');
  mapping = $state.raw<ColumnMapping>(emptyMapping);
  datasetName = $state('');
  givenPart = $state<Part | null>(null);
  readonly opening = new Action();
  readonly saving = new Action();
  readonly preview;
  readonly #client: Client;
  /** The project stood there before the wizard; it is neither made nor changed by it. */
  readonly #fixed: boolean;
  #started = false;

  constructor(client: Client, project: Project | null) {
    this.#client = client;
    this.#fixed = project !== null;
    this.project = project;
    if (project) this.task = project.task;
    this.preview = new Resource(async () => {
      const fileId = this.inspection?.file.fileId;
      const projectId = this.project?.id;
      if (fileId === undefined || projectId === undefined) return null;
      return client.call('import.preview', { fileId, projectId, mapping: this.mapping });
    });
  }

  get labels(): string[] {
    return distinct(this.labelText.split('\n').map((line) => line.trim()));
  }

  /** Whether the mapping says where the input comes from. */
  get mapped(): boolean {
    return this.mapping.input !== null || (this.mapping.template ?? '').trim() !== '';
  }

  /** Whether main found nothing wrong with the rows under this mapping. */
  get importable(): boolean {
    const { value, failure } = this.preview;
    return failure === null && value !== null && value.problems.length === 0;
  }

  /** Takes the labels from every value of a column, which is then the gold label's. */
  labelsFrom(column: string): void {
    this.labelText = (this.inspection?.values[column] ?? []).join('\n');
    this.change({ label: column });
  }

  /** Looks at a file and starts from what it suggests. */
  open(file: () => Promise<FileHandle | null>): Promise<boolean> {
    return this.opening.run(async () => {
      const handle = await file();
      if (handle === null) return;
      const inspection = await this.#client.call('import.inspect', { fileId: handle.fileId });
      this.inspection = inspection;
      this.mapping = inspection.suggested;
      this.datasetName = stem(handle.name);
      this.preview.clear();
      if (this.#fixed) return;
      this.name = stem(handle.name);
      this.task = inspection.suggestedTask;
      this.labelText = (inspection.values[inspection.suggested.label ?? ''] ?? []).join('\n');
    });
  }

  change(part: Partial<ColumnMapping>): void {
    this.mapping = { ...this.mapping, ...part };
  }

  /** Makes the project of a first import, or brings it in line after going back. */
  saveProject(): Promise<boolean> {
    if (this.#fixed) return Promise.resolve(true);
    return this.saving.run(async () => {
      const labels = this.task === 'classification' ? this.labels : [];
      const made = this.project;
      const same =
        made !== null && made.task === this.task && made.labels.join('\n') === labels.join('\n');
      if (made && same && made.name === this.name) return;
      if (made && same) {
        this.project = await this.#client.call('projects.rename', {
          projectId: made.id,
          name: this.name,
        });
        return;
      }
      const { name, task } = this;
      this.project = await this.#client.call('projects.create', { name, task, labels });
      // Task and labels of a project are fixed, so another choice is another, still empty, project.
      if (made) await this.#client.call('projects.remove', { projectId: made.id });
    });
  }

  /** Removes the project that this wizard made, when the wizard is left before anything is imported. */
  async discard(): Promise<void> {
    const made = this.project;
    if (this.#fixed || this.#started || made === null) return;
    this.project = null;
    await this.#client.call('projects.remove', { projectId: made.id });
  }

  async start(): Promise<JobRecord | null> {
    let job: JobRecord | null = null;
    await this.saving.run(async () => {
      if (this.inspection === null || this.project === null) return;
      job = await this.#client.call('import.start', {
        fileId: this.inspection.file.fileId,
        projectId: this.project.id,
        name: this.datasetName.trim() || null,
        mapping: this.mapping,
        givenPart: this.givenPart,
      });
      this.#started = true;
    });
    return job;
  }
}

const emptyMapping: ColumnMapping = {
  id: null,
  input: null,
  template: null,
  label: null,
  choices: [],
  rationale: null,
  completion: null,
};

/** A file's name without its ending, as a first name for what is made from it. */
const stem = (name: string): string => name.replace(/\.[^.]*$/, '').slice(0, 120) || name;

/** Each text once, in order of appearance; empty ones are left out. */
const distinct = (texts: readonly string[]): string[] =>
  texts.filter((text, index) => text !== '' && texts.indexOf(text) === index);
