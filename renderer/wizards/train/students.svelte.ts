import type { Student, StudentReport } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { Action } from '../../lib/resource.svelte.ts';

/** A folder as it is named to main: by its dialog, or typed where there is no dialog. */
export type StudentSource = { readonly fileId: string } | { readonly path: string };

/** A folder on its way to the list of pretrained students: chosen, looked at, put there or left. */
export class FolderCheck {
  report = $state.raw<StudentReport | null>(null);
  path = $state('');
  readonly checking = new Action();
  readonly adding = new Action();
  readonly removing = new Action();
  readonly #client: Client;
  #source: StudentSource | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Lets the person choose a folder and looks at it; nothing happens when they choose none. */
  choose(): Promise<boolean> {
    return this.checking.run(async () => {
      const chosen = await this.#client.chooseFolder();
      if (chosen !== null) await this.#look({ fileId: chosen.fileId });
    });
  }

  /** Looks at the folder that is typed. */
  checkPath(): Promise<boolean> {
    return this.checking.run(() => this.#look({ path: this.path.trim() }));
  }

  /** Puts the folder that was looked at on the list. */
  async add(): Promise<Student | null> {
    const source = this.#source;
    if (source === null) return null;
    let added: Student | null = null;
    await this.adding.run(async () => {
      added = await this.#client.call('students.add', source);
      this.discard();
      this.path = '';
    });
    return added;
  }

  /** Takes a student off the list; its folder stays. */
  remove(studentId: string): Promise<boolean> {
    return this.removing.run(() => this.#client.call('students.remove', { studentId }));
  }

  discard(): void {
    this.report = null;
    this.#source = null;
  }

  async #look(source: StudentSource): Promise<void> {
    this.discard();
    this.report = await this.#client.call('students.check', source);
    this.#source = source;
  }
}

/** How the memory that is free now fits what training a student needs; null where it is not known. */
export function memoryFit(report: StudentReport): 'fits' | 'lora' | 'none' | null {
  const { trainingBytes, memoryBytes } = report;
  if (trainingBytes === null) return null;
  if (trainingBytes.full <= memoryBytes.available) return 'fits';
  return trainingBytes.lora <= memoryBytes.available ? 'lora' : 'none';
}
