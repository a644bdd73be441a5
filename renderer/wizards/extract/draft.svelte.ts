import type { CallInput, CallOutput } from '../../../electron/contract/calls.ts';
import type {
  ExtractionSettings,
  PromptTemplate,
  Teacher,
  TeacherKind,
} from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Client } from '../../lib/client.ts';
import { Action } from '../../lib/resource.svelte.ts';

export type TemplateDraft = CallOutput<'templates.suggest'>;
type TestAnswer = CallOutput<'teachers.test'>;

/** Where the servers that people run by themselves usually listen. */
export const presets = [
  { id: 'openai', name: 'OpenAI', baseUrl: 'https://api.openai.com/v1' },
  { id: 'ollama', name: 'Ollama', baseUrl: 'http://localhost:11434/v1' },
  { id: 'lmstudio', name: 'LM Studio', baseUrl: 'http://localhost:1234/v1' },
  { id: 'llamacpp', name: 'llama.cpp', baseUrl: 'http://localhost:8080/v1' },
  { id: 'vllm', name: 'vLLM', baseUrl: 'http://localhost:8000/v1' },
] as const;

const defaultSettings: ExtractionSettings = {
  concurrency: 8,
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 60,
  retries: 4,
  limit: null,
};

/** How the choices of one extraction stand: who answers, what is asked, how much. */
export class ExtractionDraft {
  kind = $state<TeacherKind>('openai-compatible');
  teacher = $state.raw<Teacher | null>(null);
  name = $state<string>(presets[0].name);
  baseUrl = $state<string>(presets[0].baseUrl);
  model = $state('');
  /** Typed, sent once, then forgotten: the page never keeps or gets back a key. */
  key = $state('');
  tested = $state.raw<TestAnswer | null>(null);
  template = $state<TemplateDraft | null>(null);
  savedTemplates = $state.raw<readonly PromptTemplate[]>([]);
  settings = $state<ExtractionSettings>({ ...defaultSettings });
  readonly loading = new Action();
  readonly saving = new Action();
  readonly testing = new Action();
  readonly projectId: string;
  readonly #client: Client;
  #teachers = $state.raw<readonly Teacher[]>([]);
  #suggested: TemplateDraft | null = null;

  constructor(client: Client, projectId: string, kind: TeacherKind) {
    this.#client = client;
    this.projectId = projectId;
    this.kind = kind;
  }

  readonly endpoints = $derived(
    this.#teachers.filter((teacher) => teacher.kind === 'openai-compatible'),
  );

  get urlGood(): boolean {
    return /^https?:\/\/[^\s/]+/.test(this.baseUrl.trim());
  }

  /** Forgets the last test: what it tested has been changed since. */
  edited(): void {
    this.tested = null;
    this.testing.failure = null;
  }

  /** Whether the first step says enough to go on. */
  get answered(): boolean {
    if (this.kind !== 'openai-compatible') return true;
    return this.name.trim() !== '' && this.urlGood && this.model.trim() !== '';
  }

  load(): Promise<boolean> {
    const { projectId } = this;
    return this.loading.run(async () => {
      const [teachers, templates, suggested] = await Promise.all([
        this.#client.call('teachers.list', { projectId }),
        this.#client.call('templates.list', { projectId }),
        this.#client.call('templates.suggest', { projectId }),
      ]);
      this.#teachers = teachers;
      this.savedTemplates = templates;
      this.#suggested = suggested;
      this.template = templates.at(-1) ? draftOf(templates.at(-1), suggested) : suggested;
      const last = this.endpoints.at(-1);
      if (last) this.useTeacher(last);
    });
  }

  /** Fills the form from a saved teacher, or empties it for a new one. */
  useTeacher(teacher: Teacher | null): void {
    this.teacher = teacher;
    this.tested = null;
    this.key = '';
    this.name = teacher?.name ?? presets[0].name;
    this.baseUrl = teacher?.baseUrl ?? presets[0].baseUrl;
    this.model = teacher?.model ?? '';
  }

  usePreset(id: string): void {
    const preset = presets.find((each) => each.id === id);
    if (!preset) return;
    this.baseUrl = preset.baseUrl;
    this.name = preset.name;
    this.tested = null;
  }

  useTemplate(id: string | null): void {
    const saved = this.savedTemplates.find((template) => template.id === id);
    if (this.#suggested) this.template = draftOf(saved, this.#suggested);
  }

  /** Saves the teacher of the first step, and the key that was typed. */
  saveTeacher(): Promise<boolean> {
    return this.saving.run(() => this.#saveTeacher());
  }

  test(): Promise<boolean> {
    this.tested = null;
    return this.testing.run(async () => {
      const teacher = await this.#saveTeacher();
      this.tested = await this.#client.call('teachers.test', { teacherId: teacher.id });
    });
  }

  forgetKey(): Promise<boolean> {
    return this.saving.run(async () => {
      if (!this.teacher) return;
      this.#keep(
        await this.#client.call('teachers.setKey', { teacherId: this.teacher.id, key: '' }),
      );
    });
  }

  async start(): Promise<JobRecord | null> {
    let job: JobRecord | null = null;
    await this.saving.run(async () => {
      const teacher = this.teacher ?? (await this.#saveTeacher());
      job = await this.#client.call('extractions.start', {
        projectId: this.projectId,
        teacherId: teacher.id,
        templateId: this.kind === 'openai-compatible' ? await this.#saveTemplate() : null,
        settings: $state.snapshot(this.settings),
      });
    });
    return job;
  }

  async #saveTeacher(): Promise<Teacher> {
    const { projectId, kind } = this;
    if (kind !== 'openai-compatible') {
      const known = this.#teachers.find((teacher) => teacher.kind === kind);
      const teacher =
        known ??
        (await this.#client.call('teachers.save', {
          teacherId: null,
          projectId,
          kind,
          name: kind === 'recorded' ? 'Recorded completions' : 'Practice teacher',
          baseUrl: null,
          model: kind,
        }));
      return this.#keep(teacher);
    }
    const wanted: CallInput<'teachers.save'> = {
      teacherId: this.teacher?.kind === kind ? this.teacher.id : null,
      projectId,
      kind,
      name: this.name.trim(),
      baseUrl: this.baseUrl.trim(),
      model: this.model.trim(),
    };
    let teacher = await this.#client.call('teachers.save', wanted);
    if (this.key !== '') {
      teacher = await this.#client.call('teachers.setKey', {
        teacherId: teacher.id,
        key: this.key,
      });
      this.key = '';
    }
    return this.#keep(teacher);
  }

  /** The version to use: null for the built-in one, a saved one, or a new version of what was changed. */
  async #saveTemplate(): Promise<string | null> {
    const wanted = $state.snapshot(this.template);
    if (wanted === null || this.#suggested === null || same(wanted, this.#suggested)) return null;
    const suggested = this.#suggested;
    const known = this.savedTemplates.find((saved) => same(wanted, draftOf(saved, suggested)));
    if (known) return known.id;
    const saved = await this.#client.call('templates.save', wanted);
    this.savedTemplates = [...this.savedTemplates, saved];
    return saved.id;
  }

  #keep(teacher: Teacher): Teacher {
    this.teacher = teacher;
    this.#teachers = [...this.#teachers.filter(({ id }) => id !== teacher.id), teacher];
    return teacher;
  }
}

/** A saved version as a draft that can be changed and saved anew. */
function draftOf(saved: PromptTemplate | undefined, otherwise: TemplateDraft): TemplateDraft {
  if (!saved) return otherwise;
  const { projectId, name, instruction, exemplars, answerPhrase, parse } = saved;
  return { projectId, name, instruction, exemplars, answerPhrase, parse };
}

const same = (a: TemplateDraft, b: TemplateDraft): boolean => {
  const parts = (template: TemplateDraft) => [
    template.name,
    template.instruction,
    template.answerPhrase,
    template.parse.answerPhrases,
    template.parse.stopSequences,
    template.exemplars.map(({ input, choices, rationale, answer }) => [
      input,
      choices,
      rationale,
      answer,
    ]),
  ];
  return JSON.stringify(parts(a)) === JSON.stringify(parts(b));
};
