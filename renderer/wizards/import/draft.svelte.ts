import { mappingDefaults } from '../../../electron/contract/entities.ts';
import type {
  ColumnMapping,
  Dataset,
  DedupePolicy,
  FileHandle,
  FileInspection,
  ImportOptions,
  Part,
  Project,
  Task,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { own, without } from '../../lib/records.ts';
import { Action, Resource } from '../../lib/resource.svelte.ts';
import { CompanionFile } from './companion.svelte.ts';
import { distinct, labelLike, partOfFile, partsOfValues, stem } from './guess.ts';
import { ImportSource } from './source.svelte.ts';
import { fittingDataset } from './versions.ts';
import { templateFault } from './template-check.ts';
import type { TemplateFault } from './template-check.ts';

/** How the wizard's choices about one or more files stand, and what main says of them. */
export class ImportDraft {
  readonly source: ImportSource;
  /** Further files, imported with the same columns. */
  companions = $state.raw<readonly CompanionFile[]>([]);
  project = $state.raw<Project | null>(null);
  name = $state('');
  task = $state<Task>('text');
  labelText = $state('');
  mapping = $state.raw<ColumnMapping>(emptyMapping);
  /** The data set of the project whose columns the mapping began with; null: main suggested it. */
  mappedLike = $state.raw<Dataset | null>(null);
  datasetName = $state('');
  givenPart = $state<Part | null>(null);
  dedupe = $state<DedupePolicy>('keep');
  invalidRows = $state<ImportOptions['invalidRows']>('stop');
  replaces = $state<string | null>(null);
  removeMissing = $state(false);
  readonly saving = new Action();
  readonly preview;
  /** Data sets of the project that the file may be a newer version of. */
  readonly datasets: Resource<Dataset[]>;
  readonly difference;
  readonly #client: Client;
  /** The project stood there before the wizard; it is neither made nor changed by it. */
  readonly #fixed: boolean;
  #started = false;
  #suggestedBy: FileInspection | null = null;

  constructor(client: Client, project: Project | null) {
    this.#client = client;
    this.#fixed = project !== null;
    this.project = project;
    if (project) this.task = project.task;
    this.source = new ImportSource(client);
    this.preview = new Resource(async () => {
      const { file } = this.source;
      return file === null ? null : this.#previewOf(file);
    });
    this.datasets = new Resource(async () => {
      const projectId = this.project?.id;
      return projectId === undefined ? [] : client.call('datasets.list', { projectId });
    });
    this.difference = new Resource(async () => {
      const fileId = this.source.file?.fileId;
      if (fileId === undefined || this.replaces === null) return null;
      const { replaces: datasetId, mapping, givenPart, options } = this;
      return client.call('import.compare', { fileId, datasetId, mapping, givenPart, options });
    });
  }

  get inspection(): FileInspection | null {
    return this.source.inspection;
  }

  get labels(): string[] {
    return distinct(this.labelText.split('\n').map((line) => line.trim()));
  }

  get options(): ImportOptions {
    return {
      read: this.source.read,
      dedupe: this.dedupe,
      invalidRows: this.invalidRows,
      replaces: this.replaces,
      removeMissing: this.replaces !== null && this.removeMissing,
    };
  }

  /** What is wrong with the template, where there is one. */
  get templateFault(): TemplateFault | null {
    const { template } = this.mapping;
    return template === null ? null : templateFault(template, this.inspection?.columns ?? []);
  }

  /** Whether the mapping says where the input comes from. */
  get mapped(): boolean {
    const { input, template } = this.mapping;
    return input !== null || (template !== null && this.templateFault === null);
  }

  /** Whether main could make at least one row under this mapping. */
  get usable(): boolean {
    const { value, failure } = this.preview;
    return failure === null && value !== null && value.problemRows < value.rowsSeen;
  }

  /** Rows were met that would stop the import. */
  get stopped(): boolean {
    return this.invalidRows === 'stop' && (this.preview.value?.problemRows ?? 0) > 0;
  }

  /** Whether the import would go through, as far as main has looked. */
  get importable(): boolean {
    const compared =
      this.replaces === null ||
      (this.difference.failure === null && this.difference.value !== null);
    return (
      this.usable &&
      !this.stopped &&
      compared &&
      this.companions.every((file) => file.importable(this.invalidRows))
    );
  }

  /** The values of a column that holds few different ones; null for one that holds many. */
  valuesOf(column: string): readonly string[] | null {
    return own(this.inspection?.values ?? {}, column) ?? null;
  }

  /** The values of the label column, where it holds few; null where it holds many or there is none. */
  get labelValues(): readonly string[] | null {
    const { label } = this.mapping;
    return label === null ? null : this.valuesOf(label);
  }

  /** Values of the label column that name none of a classification's labels. */
  get unnamedValues(): readonly string[] {
    const labels = this.project?.labels ?? [];
    if (this.task !== 'classification' || labels.length === 0) return [];
    return (this.labelValues ?? []).filter((value) => {
      const name = own(this.mapping.labelMap, value) ?? value;
      return value.trim() !== '' && labelLike(name, labels) === null;
    });
  }

  /** Takes the labels from every value of a column, which is then the gold label's. */
  labelsFrom(column: string): void {
    this.change({ label: column });
    this.#collectLabels();
  }

  /** Gives a value of the label column its name; the value's own text, or nothing, takes it back. */
  nameLabel(value: string, name: string): void {
    const others = without(this.mapping.labelMap, value);
    const plain = name.trim();
    this.change({
      labelMap: plain === '' || plain === value ? others : { ...others, [value]: plain },
    });
  }

  /** As {@link nameLabel}, for a project whose labels are still to be made. */
  nameNewLabel(value: string, name: string): void {
    const before = this.#namedValues();
    const typed = this.labels.filter((label) => !before.includes(label));
    this.nameLabel(value, name);
    this.labelText = distinct([...this.#namedValues(), ...typed]).join('\n');
  }

  /** Opens what was chosen: the first file is looked at, others come along with its columns. */
  open(choose: () => Promise<readonly FileHandle[]>): Promise<boolean> {
    return this.source.opening.run(async () => {
      const [file, ...others] = await choose();
      if (file === undefined) return;
      this.companions = others.map((other) => this.#companion(other));
      this.givenPart = others.length > 0 ? partOfFile(file.name) : null;
      this.datasetName = stem(file.name);
      this.replaces = null;
      await Promise.all([this.source.look(file), this.datasets.load()]);
      this.#takeSuggestions(true);
    });
  }

  /** Reads the file in another way. What was mapped stays where the columns stay the same. */
  async reread(wish: Parameters<ImportSource['reread']>[0]): Promise<void> {
    await this.source.reread(wish);
    this.#takeSuggestions(false);
  }

  change(part: Partial<ColumnMapping>): void {
    const label = part.label === undefined ? this.mapping.label : part.label;
    // Names of labels belong to the values of one column.
    const labelMap = label === this.mapping.label ? this.mapping.labelMap : {};
    this.mapping = { ...this.mapping, labelMap, ...part };
  }

  /** Lets a column say the part of each row, as far as its values are clear; null: no column. */
  partFrom(column: string | null): void {
    const values = column === null ? [] : (this.valuesOf(column) ?? []);
    this.change({ part: column === null ? null : { column, values: partsOfValues(values) } });
  }

  leaveOut(companion: CompanionFile): void {
    this.companions = this.companions.filter((each) => each !== companion);
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

  /** Starts the import of every file, one job each; those that were started before a failure go on. */
  async start(): Promise<JobRecord[]> {
    const jobs: JobRecord[] = [];
    await this.saving.run(async () => {
      const { file } = this.source;
      if (file === null || this.project === null) return;
      const first = { file, name: this.datasetName, part: this.givenPart };
      for (const each of this.#started ? this.companions : [first, ...this.companions]) {
        jobs.push(await this.#startOne(each));
        this.#started = true;
        if (each instanceof CompanionFile) this.leaveOut(each);
      }
    });
    return jobs;
  }

  #startOne({ file, name, part }: { file: FileHandle; name: string; part: Part | null }) {
    return this.#client.call('import.start', {
      fileId: file.fileId,
      projectId: this.project?.id ?? '',
      name: name.trim() || null,
      mapping: this.mapping,
      givenPart: part,
      options: this.options,
    });
  }

  #previewOf({ fileId }: FileHandle) {
    const projectId = this.project?.id;
    if (projectId === undefined) return Promise.resolve(null);
    const { mapping } = this;
    return this.#client.call('import.preview', {
      fileId,
      projectId,
      mapping,
      read: this.source.read,
    });
  }

  #companion(file: FileHandle): CompanionFile {
    return new CompanionFile(file, () => this.#previewOf(file));
  }

  /** Starts from what main suggests, once for each finding. */
  #takeSuggestions(fresh: boolean): void {
    const { inspection } = this.source;
    if (inspection === null || inspection === this.#suggestedBy) return;
    const before = this.#suggestedBy?.columns;
    this.#suggestedBy = inspection;
    this.preview.clear();
    if (!fresh && before?.join('\n') === inspection.columns.join('\n')) return;
    this.#mapLike(this.#fixed ? fittingDataset(this.datasets.value ?? [], inspection) : null);
    if (this.#fixed) return;
    if (fresh) this.name = stem(inspection.file.name);
    this.task = inspection.suggestedTask;
    this.#collectLabels();
  }

  /** Maps as an earlier data set did, else as main suggests. */
  #mapLike(dataset: Dataset | null): void {
    this.mappedLike = dataset;
    this.mapping = dataset?.mapping ?? this.inspection?.suggested ?? emptyMapping;
  }

  #namedValues(): string[] {
    return (this.labelValues ?? []).map((value) => own(this.mapping.labelMap, value) ?? value);
  }

  #collectLabels(): void {
    this.labelText = distinct(this.#namedValues()).join('\n');
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
  ...mappingDefaults,
};
