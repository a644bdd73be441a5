import { ReadOptions } from '../../../electron/contract/entities.ts';
import type { FileHandle, FileInspection } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { Action, Resource } from '../../lib/resource.svelte.ts';

/** How a file is read when main finds out everything by itself. */
export const detected: ReadOptions = ReadOptions.parse({});

/** The file that the wizard stands on: what was chosen, how it is read, what was found in it. */
export class ImportSource {
  file = $state.raw<FileHandle | null>(null);
  read = $state.raw<ReadOptions>(detected);
  readonly opening = new Action();
  /** What main found under `read`. */
  readonly reading: Resource<FileInspection | null>;

  constructor(client: Client) {
    this.reading = new Resource(async () => {
      const fileId = this.file?.fileId;
      if (fileId === undefined) return null;
      return client.call('import.inspect', { fileId, read: this.read });
    });
  }

  get inspection(): FileInspection | null {
    return this.reading.value;
  }

  /** Whether what is shown is what `read` gives. */
  get ready(): boolean {
    const { value, failure, loading } = this.reading;
    return value !== null && failure === null && !loading && !this.opening.busy;
  }

  /** Looks at another file, from scratch. */
  async look(file: FileHandle): Promise<void> {
    this.file = file;
    this.read = detected;
    this.reading.clear();
    await this.reading.load();
  }

  /** Reads the same file in another way; the answer to the latest wish counts. */
  async reread(wish: Partial<ReadOptions>): Promise<void> {
    const { entry } = this.read;
    this.read = { ...this.read, ...wish };
    // Another table is another text: what was said about the one before does not hold for it.
    if (wish.entry !== undefined && wish.entry !== entry) {
      this.read = { ...detected, entry: wish.entry };
    }
    await this.reading.load();
  }
}
