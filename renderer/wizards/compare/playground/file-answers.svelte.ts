import type { FileInspection } from '../../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../../electron/contract/jobs.ts';
import type { Client } from '../../../lib/client.ts';
import { ImportSource } from '../../import/source.svelte.ts';
import type { Playground } from './playground.svelte.ts';

/** A file that students are to answer: which it is, and what its columns are for. */
export class FileDraft {
  readonly source: ImportSource;
  format = $state<'csv' | 'jsonl'>('csv');
  /** In the order of the file. */
  columns = $state.raw<readonly string[]>([]);
  choices = $state('');
  rationale = $state('');
  readonly #client: Client;
  /** The inspection that the columns were suggested for. */
  #suggestedFor: FileInspection | null = null;

  constructor(client: Client) {
    this.#client = client;
    this.source = new ImportSource(client);
  }

  /** Takes what the file's columns seem to be for, once for each reading of it. */
  suggest(inspection: FileInspection, hasChoices: boolean): void {
    if (this.#suggestedFor === inspection) return;
    this.#suggestedFor = inspection;
    const { columns, suggested } = inspection;
    const input = suggested.input ?? columns[0];
    this.columns = input === undefined ? [] : [input];
    this.choices = hasChoices ? (suggested.choices[0] ?? '') : '';
    this.rationale = suggested.rationale ?? '';
  }

  turn(column: string, on: boolean, all: readonly string[]): void {
    this.columns = all.filter((each) => (each === column ? on : this.columns.includes(each)));
  }

  /** Waits for another file. */
  letGo(): void {
    this.source.file = null;
    this.source.reading.clear();
  }

  /** Lets the ticked students answer it. @throws StudioFailure */
  start(playground: Playground): Promise<JobRecord> {
    const { file, read } = this.source;
    const reads = playground.students.some(({ needsTeacher }) => needsTeacher);
    return this.#client.call('playground.predictFile', {
      projectId: playground.projectId,
      runIds: playground.students.map(({ key }) => key.slice('run:'.length)),
      fileId: file?.fileId ?? '',
      columns: [...this.columns],
      choices: this.choices === '' ? null : this.choices,
      rationale: !reads || this.rationale === '' ? null : this.rationale,
      read,
      format: this.format,
    });
  }
}
