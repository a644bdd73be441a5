import type { CallInput, CallOutput } from '../../../../electron/contract/calls.ts';
import type {
  Price,
  PriceEntry,
  Provider,
  Teacher,
} from '../../../../electron/contract/entities.ts';
import { providerPresets } from '../../../../electron/contract/providers.ts';
import type { Client } from '../../../lib/client.ts';
import { toFailure } from '../../../lib/failure.ts';
import { Action } from '../../../lib/resource.svelte.ts';
import { addressProblem, isLoopback, originOf, presetOf, providerAt } from './address.ts';

export type ProbeAnswer = CallOutput<'teachers.probe'>;

/** A server that answers, as it is typed: where it is, which model, with which key, at which price. */
export class EndpointDraft {
  /** The saved teacher that the form began from, or was saved as. */
  teacher = $state.raw<Teacher | null>(null);
  provider = $state<Provider>('openai');
  name = $state('');
  /** Whether the person gave the name; until then it follows the server. */
  named = $state(false);
  baseUrl = $state('');
  model = $state('');
  /** Azure's; empty for its `/openai/v1` address. */
  apiVersion = $state('');
  contextTokens = $state<number | null>(null);
  /** Typed, sent once, then forgotten: the page never keeps or gets back a key. */
  key = $state('');
  /** What the last look at the server brought; null after something that decides it was changed. */
  answer = $state.raw<ProbeAnswer | null>(null);
  price = $state.raw<PriceEntry | null>(null);
  /** Whether `price` is that of the saved teacher, or not yet known. */
  priced = $state(false);
  /** Rises when a price was read, not when one was entered: what is typed is left alone. */
  priceReadings = $state(0);
  readonly looking = new Action();
  readonly pricing = new Action();
  readonly forgetting = new Action();
  readonly #client: Client;
  readonly #projectId: string;
  #saved = $state.raw<readonly Teacher[]>([]);
  /** Rises when the form turns to another teacher, so that late answers about the last one are known. */
  #form = 0;

  constructor(client: Client, projectId: string) {
    this.#client = client;
    this.#projectId = projectId;
    this.use(null);
  }

  /** Saved teachers that are servers, the oldest first. */
  get saved(): readonly Teacher[] {
    return this.#saved;
  }

  set saved(teachers: readonly Teacher[]) {
    this.#saved = teachers.filter(({ kind }) => kind === 'openai-compatible');
  }

  get problem() {
    return addressProblem(this.baseUrl);
  }

  /** Whether the address says enough to look at the server. */
  get reachable(): boolean {
    return this.name.trim() !== '' && this.problem === null;
  }

  /** Whether it says enough to be asked for answers. */
  get complete(): boolean {
    return this.reachable && this.model.trim() !== '';
  }

  get local(): boolean {
    return isLoopback(this.baseUrl);
  }

  /** Whether the form still says what was saved. */
  get same(): boolean {
    const { teacher } = this;
    return (
      teacher !== null &&
      teacher.provider === this.provider &&
      teacher.name === this.name.trim() &&
      teacher.baseUrl === this.baseUrl.trim() &&
      teacher.model === this.model.trim() &&
      teacher.apiVersion === this.#apiVersion &&
      teacher.contextTokens === this.contextTokens
    );
  }

  /** What the server was seen to honour; null when nobody looked, or at another server or model. */
  get findings() {
    const { teacher } = this;
    const found = teacher?.capabilities ?? null;
    if (found === null || teacher === null) return null;
    const there = teacher.provider === this.provider && teacher.baseUrl === this.baseUrl.trim();
    return there && found.model === this.model.trim() && found.model !== '' ? found : null;
  }

  /** Models that the server lists; null when it does not, or was not asked. */
  get models(): readonly string[] | null {
    const { teacher } = this;
    return teacher !== null && teacher.baseUrl === this.baseUrl.trim()
      ? (teacher.capabilities?.models ?? null)
      : null;
  }

  /** Whether the kept key was given for another server than the one typed: it will not be sent there. */
  get keyOfOther(): boolean {
    const kept = this.teacher?.keyKept;
    return (
      (kept === 'keychain' || kept === 'session') &&
      this.problem === null &&
      originOf(this.teacher?.baseUrl ?? null) !== originOf(this.baseUrl)
    );
  }

  /** Fills the form from a saved teacher, or begins a new one. */
  use(teacher: Teacher | null): void {
    this.#form += 1;
    this.teacher = teacher;
    this.#forgetAnswer();
    this.looking.failure = null;
    this.key = '';
    this.named = teacher !== null;
    if (teacher === null) {
      this.#fill(providerPresets[0]?.provider ?? 'other');
      return;
    }
    this.provider = teacher.provider;
    this.name = teacher.name;
    this.baseUrl = teacher.baseUrl ?? '';
    this.model = teacher.model;
    this.apiVersion = teacher.apiVersion ?? '';
    this.contextTokens = teacher.contextTokens;
    void this.loadPrice();
  }

  /** Another kind of server: the one of it that was saved last, or a new one at its usual address. */
  useProvider(provider: Provider): void {
    this.use(this.saved.findLast((teacher) => teacher.provider === provider) ?? null);
    if (this.teacher === null) this.#fill(provider);
  }

  /** To be called when the address was changed by hand: it may speak of another kind of server. */
  readdressed(): void {
    const provider = providerAt(this.baseUrl, this.provider);
    if (provider !== this.provider) {
      this.provider = provider;
      if (!this.named) this.name = presetOf(provider)?.name ?? hostOf(this.baseUrl);
    } else if (provider === 'other' && !this.named) this.name = hostOf(this.baseUrl);
    this.edited();
  }

  /** To be called when the person changed something: the last look may no longer hold. */
  edited(): void {
    this.#forgetAnswer();
    this.looking.failure = null;
  }

  /** Saves the teacher and its key, lists the server's models and tries the chosen one. */
  look(): Promise<boolean> {
    return this.looking.run(async () => {
      this.answer = null;
      const form = this.#form;
      const teacher = await this.save();
      const answer = await this.#client.call('teachers.probe', { teacherId: teacher.id });
      if (!this.#keep(answer.teacher, form)) return;
      this.answer = answer;
      await this.#readPrice();
    });
  }

  /** Takes one of the models that the server lists, and tries it. */
  async choose(model: string): Promise<void> {
    this.model = model;
    this.edited();
    if (this.reachable) await this.look();
  }

  /** Saves what is typed. @throws StudioFailure */
  async save(): Promise<Teacher> {
    const wanted: CallInput<'teachers.save'> = {
      teacherId: this.teacher?.id ?? null,
      projectId: this.#projectId,
      kind: 'openai-compatible',
      provider: this.provider,
      name: this.name.trim(),
      baseUrl: this.baseUrl.trim(),
      model: this.model.trim(),
      apiVersion: this.#apiVersion,
      contextTokens: this.contextTokens,
    };
    const form = this.#form;
    let teacher =
      this.same && this.teacher ? this.teacher : await this.#client.call('teachers.save', wanted);
    const { key } = this;
    if (this.#keep(teacher, form) && key !== '') {
      teacher = await this.#client.call('teachers.setKey', { teacherId: teacher.id, key });
      if (this.#keep(teacher, form)) this.key = '';
    }
    return teacher;
  }

  forgetKey(): Promise<boolean> {
    return this.forgetting.run(async () => {
      const teacherId = this.teacher?.id;
      const form = this.#form;
      if (teacherId === undefined) return;
      this.#keep(await this.#client.call('teachers.setKey', { teacherId, key: '' }), form);
    });
  }

  async loadPrice(): Promise<void> {
    try {
      await this.#readPrice();
    } catch (caught) {
      this.pricing.failure = toFailure(caught);
    }
  }

  /** Enters what the model costs; null brings the built-in price back, where there is one. */
  setPrice(price: Price | null): Promise<boolean> {
    return this.pricing.run(async () => {
      const model = this.teacher?.model ?? '';
      if (price !== null) {
        this.price = await this.#client.call('prices.save', { model, price });
        return;
      }
      await this.#client.call('prices.remove', { model: this.price?.model ?? model });
      await this.#readPrice();
    });
  }

  /** Takes up what main says of a teacher; false when the form is about another one by now. */
  #keep(teacher: Teacher, form: number): boolean {
    this.#saved = [...this.#saved.filter(({ id }) => id !== teacher.id), teacher];
    if (form !== this.#form) return false;
    this.teacher = teacher;
    return true;
  }

  async #readPrice(): Promise<void> {
    const { teacher } = this;
    const form = this.#form;
    if (teacher === null || teacher.model === '') return;
    const price = await this.#client.call('prices.of', { teacherId: teacher.id });
    if (form !== this.#form || this.teacher?.model !== teacher.model) return;
    this.price = price;
    this.priced = true;
    this.priceReadings += 1;
  }

  get #apiVersion(): string | null {
    const text = this.apiVersion.trim();
    return this.provider === 'azure' && text !== '' ? text : null;
  }

  #fill(provider: Provider): void {
    const preset = presetOf(provider);
    this.provider = provider;
    this.name = preset?.name ?? '';
    this.baseUrl = preset?.baseUrl ?? '';
    this.model = '';
    this.apiVersion = '';
    this.contextTokens = preset?.contextTokens ?? null;
  }

  #forgetAnswer(): void {
    this.answer = null;
    this.priced = false;
    this.price = null;
  }
}

const hostOf = (address: string): string =>
  URL.canParse(address.trim()) ? new URL(address.trim()).host : '';
