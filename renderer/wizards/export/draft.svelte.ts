import { usualProofRows } from '../../../electron/contract/entities.ts';
import type {
  CheckpointChoice,
  ExportFormat,
  ExportOptions,
  FileHandle,
  Run,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { Action, Resource } from '../../lib/resource.svelte.ts';
import { keepsTeacher } from '../train/methods.ts';
import { folderPath, folderSlug } from './folders.ts';
import { bytesOf, inOrder } from './purposes.ts';

type Checkpoint = ExportOptions['checkpoints'][number];

/** One export while it is chosen: student, formats, place. */
export class ExportDraft {
  runId = $state<string | null>(null);
  name = $state('');
  proofRows = $state(usualProofRows);
  /** The workspace's own folder for exports, or another. */
  place = $state<'own' | 'other'>('own');
  /** Chosen in the system's dialog; null before. */
  folder = $state.raw<FileHandle | null>(null);
  /** Typed where there is no dialog. */
  path = $state('');
  readonly options = new Resource<ExportOptions | null>(() => this.#ask());
  readonly choosing = new Action();
  readonly starting = new Action();
  readonly #client: Client;
  #chosen = $state.raw<CheckpointChoice>({ which: 'best' });
  #ticked = $state.raw<readonly ExportFormat[]>(['huggingface']);

  constructor(client: Client) {
    this.#client = client;
  }

  /** Another student: what can be had of it is asked anew, and its best checkpoint is chosen. */
  async use(runId: string): Promise<void> {
    this.runId = runId;
    this.#chosen = { which: 'best' };
    this.options.clear();
    await this.options.load();
  }

  /** The checkpoint that is written; null while it is not known what there is. */
  readonly checkpoint: Checkpoint | null = $derived.by(() => {
    const all = this.options.value?.checkpoints ?? [];
    return all.find(({ choice }) => isSame(choice, this.#chosen)) ?? all[0] ?? null;
  });

  useCheckpoint({ choice }: Checkpoint): void {
    this.#chosen = choice;
  }

  /** What is ticked and can be written, in the order in which it is. */
  readonly formats: readonly ExportFormat[] = $derived.by(() => {
    const offered = this.options.value?.formats ?? [];
    return inOrder(this.#ticked).filter((format) =>
      offered.some((each) => each.format === format && each.refused === null),
    );
  });

  tick(format: ExportFormat, on: boolean): void {
    this.#ticked = [...this.#ticked.filter((each) => each !== format), ...(on ? [format] : [])];
  }

  /** Bytes of all that is ticked, roughly. */
  readonly bytes: number = $derived(
    this.options.value === null ? 0 : bytesOf(this.options.value, this.formats),
  );

  /** Whether it is known that the disk has too little room. */
  readonly tooLarge: boolean = $derived(
    this.place === 'own' &&
      this.options.value !== null &&
      this.bytes > this.options.value.freeBytes,
  );

  /** Rows that can be tried at most; no more than the validation part has. */
  readonly mostRows: number = $derived(
    Math.max(1, Math.min(10_000, this.options.value?.validationRows ?? usualProofRows)),
  );
  readonly rows: number = $derived(Math.min(this.proofRows, this.mostRows));

  readonly placed: boolean = $derived(
    this.place === 'own' || this.folder !== null || this.path.trim() !== '',
  );

  /** The folder in which the exports are made, as far as it can be named. */
  readonly into: string = $derived(
    this.place === 'own'
      ? (this.options.value?.folder ?? '')
      : (this.folder?.name ?? this.path.trim()),
  );

  /** Where a format goes, as it is shown before. */
  folderOf(format: ExportFormat): string {
    return folderPath(this.into, folderSlug(this.name) || (this.options.value?.name ?? ''), format);
  }

  /** Lets the person choose a folder; nothing changes when they choose none. */
  chooseFolder(): Promise<boolean> {
    return this.choosing.run(async () => {
      this.folder = (await this.#client.chooseFolder()) ?? this.folder;
    });
  }

  /** Starts the job; null when that failed, see `starting`. */
  async start(): Promise<JobRecord | null> {
    const { runId, checkpoint } = this;
    if (runId === null || checkpoint === null) return null;
    let job: JobRecord | null = null;
    await this.starting.run(async () => {
      job = await this.#client.call('exports.start', {
        ...{ runId, name: this.name.trim() || null, checkpoint: checkpoint.choice },
        ...{ formats: [...this.formats], into: this.#source(), proofRows: this.rows },
      });
    });
    return job;
  }

  async #ask(): Promise<ExportOptions | null> {
    const { runId } = this;
    return runId === null ? null : this.#client.call('exports.options', { runId });
  }

  #source(): { fileId: string } | { path: string } | null {
    if (this.place === 'own') return null;
    return this.folder === null ? { path: this.path.trim() } : { fileId: this.folder.fileId };
  }
}

/** Runs that can be exported: the best by validation first, those that need the teacher last. */
export function rankedRuns(runs: readonly Run[]): Run[] {
  const helped = ({ settings }: Run): number => Number(keepsTeacher(settings.method));
  return runs
    .filter(({ bestStep }) => bestStep !== null)
    .toSorted(
      (a, b) => helped(a) - helped(b) || (b.bestValidation ?? -1) - (a.bestValidation ?? -1),
    );
}

export const isSame = (a: CheckpointChoice, b: CheckpointChoice): boolean =>
  a.which === b.which && (a.which !== 'step' || b.which !== 'step' || a.step === b.step);
