import type { Teacher, TeacherKind } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { Action } from '../../lib/resource.svelte.ts';
import { EndpointDraft } from './endpoint/endpoint.svelte.ts';
import { PromptDraft } from './prompt/template.svelte.ts';

const names = { recorded: 'Recorded completions', practice: 'Practice teacher' } as const;

/** How the choices of one extraction stand: who answers, and what is asked. */
export class ExtractionDraft {
  kind = $state<TeacherKind>('openai-compatible');
  readonly endpoint: EndpointDraft;
  readonly prompt: PromptDraft;
  readonly loading = new Action();
  readonly saving = new Action();
  readonly projectId: string;
  readonly #client: Client;
  /** The recorded and the practice teacher, once they exist. */
  #others = $state.raw<readonly Teacher[]>([]);

  constructor(client: Client, projectId: string, kind: TeacherKind) {
    this.#client = client;
    this.projectId = projectId;
    this.kind = kind;
    this.endpoint = new EndpointDraft(client, projectId);
    this.prompt = new PromptDraft(client, projectId);
  }

  /** The saved teacher that is to answer; null before it was saved. */
  get teacher(): Teacher | null {
    if (this.kind === 'openai-compatible') return this.endpoint.teacher;
    return this.#others.find(({ kind }) => kind === this.kind) ?? null;
  }

  /** The saved prompt to ask with; null for the built-in one, and for teachers that read no prompt. */
  get templateId(): string | null {
    return this.kind === 'openai-compatible' ? this.prompt.savedId : null;
  }

  /** Whether the first step says enough to go on. */
  get answered(): boolean {
    return this.kind !== 'openai-compatible' || this.endpoint.complete;
  }

  /** Everything that earlier extractions left to begin from. */
  load(): Promise<boolean> {
    const { projectId } = this;
    return this.loading.run(async () => {
      const [teachers] = await Promise.all([
        this.#client.call('teachers.list', { projectId }),
        this.prompt.load(),
      ]);
      this.#others = teachers.filter(({ kind }) => kind !== 'openai-compatible');
      this.endpoint.saved = teachers;
      const last = this.endpoint.saved.at(-1);
      if (last) this.endpoint.use(last);
    });
  }

  /** Saves the teacher of the first step, and the key that was typed. */
  saveTeacher(): Promise<boolean> {
    return this.saving.run(async () => {
      const { kind, projectId } = this;
      if (kind === 'openai-compatible') return void (await this.endpoint.save());
      if (this.teacher !== null) return;
      const teacher = await this.#client.call('teachers.save', {
        teacherId: null,
        projectId,
        kind,
        name: names[kind],
        baseUrl: null,
        model: kind,
      });
      this.#others = [...this.#others, teacher];
    });
  }

  /** Saves what was changed of the prompt as a new version; afterwards `templateId` says which it is. */
  savePrompt(): Promise<boolean> {
    return this.saving.run(() => this.prompt.save());
  }
}
