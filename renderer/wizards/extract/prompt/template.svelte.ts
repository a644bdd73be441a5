import type { CallOutput } from '../../../../electron/contract/calls.ts';
import { TemplateDraft } from '../../../../electron/contract/entities.ts';
import type {
  Exemplar,
  ExemplarPack,
  PromptStyle,
  PromptTemplate,
} from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';

export type { TemplateDraft };

/** What a template was taken from. */
export type Origin =
  | { readonly from: 'built-in' }
  | { readonly from: 'pack'; readonly id: string }
  | { readonly from: 'saved'; readonly id: string };

/** An exemplar that was taken out, and where it stood. */
export interface Removed {
  readonly exemplar: Exemplar;
  readonly index: number;
}

/** A template that made way for another. */
interface SetAside {
  readonly template: TemplateDraft;
  readonly begun: TemplateDraft;
  readonly origin: Origin;
}

/** A field that keeps a template from being used. */
export type Gap = 'name' | 'input-template' | 'answer-phrase' | 'rules';

/** What main puts a row's text, or parts of it, in the place of. */
export const inputPlaceholders = ['{input}', '{text}', '{choices}'] as const;
/** What main puts the label set, and the form that the style asks for, in the place of. */
export const instructionPlaceholders = ['{labels}', '{format}'] as const;

/** Names in single braces, once each; doubled braces are meant as they stand. */
const namesIn = (text: string): string[] => {
  const found: string[] = text.replace(/\{\{|\}\}/g, '').match(/\{\w+\}/g) ?? [];
  return found.filter((name, index) => found.indexOf(name) === index);
};

/** Names in braces that stand for nothing in an input template. */
export const unknownPlaceholders = (text: string): string[] =>
  namesIn(text).filter((found) => !inputPlaceholders.some((known) => known === found));

/** Whether a row's own text would stand in the prompt. */
export const showsInput = (text: string): boolean =>
  namesIn(text).some((name) => name === '{input}' || name === '{text}');

/** The prompt of an extraction as it is written, and what it can begin from. */
export class PromptDraft {
  template = $state<TemplateDraft | null>(null);
  origin = $state.raw<Origin>({ from: 'built-in' });
  /** Saved versions, the oldest first. */
  saved = $state.raw<readonly PromptTemplate[]>([]);
  packs = $state.raw<readonly ExemplarPack[]>([]);
  removed = $state.raw<Removed | null>(null);
  /** What was changed and not saved when another beginning was chosen. */
  setAside = $state.raw<SetAside | null>(null);
  readonly projectId: string;
  readonly #client: Client;
  #suggested = $state.raw<TemplateDraft | null>(null);
  /** What the template was before anything was changed. */
  #begun = $state.raw<TemplateDraft | null>(null);

  constructor(client: Client, projectId: string) {
    this.#client = client;
    this.projectId = projectId;
  }

  /** The saved version that says exactly this; null for the built-in prompt, or what is not saved yet. */
  readonly savedId = $derived.by(() => {
    const { template } = this;
    return template === null || this.builtIn
      ? null
      : (this.saved.findLast((saved) => same(template, draftOf(saved)))?.id ?? null);
  });

  get builtIn(): boolean {
    const [template, suggested] = [this.template, this.#suggested];
    return template !== null && suggested !== null && same(template, suggested);
  }

  /** Whether going on would make a new version. */
  get unsaved(): boolean {
    return this.template !== null && !this.builtIn && this.savedId === null;
  }

  /** Whether something was changed since it was taken from where it began. */
  get changed(): boolean {
    const [template, begun] = [this.template, this.#begun];
    return template !== null && begun !== null && !same(template, begun);
  }

  /** The number that a new version of this name gets. */
  get nextVersion(): number {
    const name = this.template?.name.trim() ?? '';
    const versions = this.saved
      .filter((saved) => saved.name === name)
      .map((saved) => saved.version);
    return Math.max(0, ...versions) + 1;
  }

  /** What is still missing, in the order of the form. */
  get gaps(): Gap[] {
    const { template } = this;
    if (template === null) return [];
    const gaps: Gap[] = [];
    if (template.name.trim() === '') gaps.push('name');
    if (template.inputTemplate.trim() === '') gaps.push('input-template');
    if (template.answerPhrase.trim() === '') gaps.push('answer-phrase');
    if (!TemplateDraft.shape.parse.safeParse(template.parse).success) gaps.push('rules');
    return gaps;
  }

  get complete(): boolean {
    return this.template !== null && this.gaps.length === 0;
  }

  /** @throws StudioFailure */
  async load(): Promise<void> {
    const { projectId } = this;
    const [saved, suggested, packs] = await Promise.all([
      this.#client.call('templates.list', { projectId }),
      this.#client.call('templates.suggest', { projectId }),
      this.#client.call('templates.packs', { projectId }),
    ]);
    this.saved = saved;
    this.#suggested = suggested;
    this.packs = packs;
    const last = saved.at(-1);
    if (last) this.useSaved(last.id);
    else this.useBuiltIn();
  }

  useBuiltIn(): void {
    if (this.#suggested) this.#begin(this.#suggested, { from: 'built-in' });
  }

  useSaved(id: string): void {
    const saved = this.saved.find((template) => template.id === id);
    if (saved) this.#begin(draftOf(saved), { from: 'saved', id });
  }

  usePack(id: string, draft: TemplateDraft): void {
    this.#begin(draft, { from: 'pack', id });
  }

  /** What a pack holds, to be looked at before it is taken. @throws StudioFailure */
  pack(packId: string): Promise<TemplateDraft> {
    return this.#client.call('templates.fromPack', { projectId: this.projectId, packId });
  }

  /** Another style; answers in JSON get a rule that reads them. */
  useStyle(style: PromptStyle): void {
    const { template } = this;
    if (template === null) return;
    template.style = style;
    const { rules } = template.parse;
    if (style === 'structured' && !rules.some(({ kind }) => kind === 'json'))
      rules.unshift({ kind: 'json', answer: 'answer', rationale: 'rationale' });
  }

  add(exemplars: readonly Exemplar[]): void {
    this.template?.exemplars.push(...structuredClone(exemplars));
  }

  replace(exemplars: readonly Exemplar[]): void {
    if (this.template) this.template.exemplars = structuredClone([...exemplars]);
    this.removed = null;
  }

  duplicate(index: number): void {
    const exemplar = this.template?.exemplars[index];
    if (exemplar) this.template?.exemplars.splice(index + 1, 0, $state.snapshot(exemplar));
  }

  remove(index: number): void {
    const [exemplar] = this.template?.exemplars.splice(index, 1) ?? [];
    this.removed = exemplar ? { exemplar: $state.snapshot(exemplar), index } : null;
  }

  /** Puts the exemplar that was removed last back where it stood. */
  putBack(): void {
    const { template, removed } = this;
    if (template && removed) template.exemplars.splice(removed.index, 0, removed.exemplar);
    this.removed = null;
  }

  /** Moves an exemplar one place; where it stands then. */
  move(index: number, by: -1 | 1): number {
    const exemplars = this.template?.exemplars ?? [];
    const moved = exemplars[index];
    const to = index + by;
    if (moved === undefined || to < 0 || to >= exemplars.length) return index;
    exemplars.splice(index, 1);
    exemplars.splice(to, 0, moved);
    return to;
  }

  /** Rows drawn as exemplars, and how many there were to draw from. @throws StudioFailure */
  draw(
    how: 'random' | 'diverse',
    count: number,
    seed: number,
  ): Promise<CallOutput<'templates.drawExemplars'>> {
    const { projectId } = this;
    return this.#client.call('templates.drawExemplars', { projectId, how, count, seed });
  }

  /** Saves what was changed as a new version, unless a saved one says the same. @throws StudioFailure */
  async save(): Promise<void> {
    const { template } = this;
    if (template === null || !this.unsaved) return;
    template.name = template.name.trim();
    const saved = await this.#client.call('templates.save', $state.snapshot(template));
    this.saved = [...this.saved, saved];
    this.origin = { from: 'saved', id: saved.id };
    this.#begun = draftOf(saved);
  }

  /** Brings back what another beginning took the place of. */
  bringBack(): void {
    const before = this.setAside;
    if (before === null) return;
    this.template = before.template;
    this.#begun = before.begun;
    this.origin = before.origin;
    this.setAside = null;
    this.removed = null;
  }

  #begin(template: TemplateDraft, origin: Origin): void {
    const [before, begun] = [this.template, this.#begun];
    this.setAside =
      this.changed && before && begun && this.unsaved
        ? { template: $state.snapshot(before), begun, origin: this.origin }
        : null;
    this.template = structuredClone(template);
    this.#begun = template;
    this.origin = origin;
    this.removed = null;
  }
}

/** A saved version as a draft that can be changed and saved anew. */
export function draftOf(saved: PromptTemplate): TemplateDraft {
  const { projectId, name, style, instruction, inputTemplate } = saved;
  const { exemplars, selection, answerPhrase, parse } = saved;
  const texts = { projectId, name, style, instruction, inputTemplate, answerPhrase };
  return structuredClone({ ...texts, exemplars, selection, parse });
}

/** Whether two templates say the same; the order of their fields does not matter. */
function same(a: TemplateDraft, b: TemplateDraft): boolean {
  return canonical(a) === canonical(b);
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
