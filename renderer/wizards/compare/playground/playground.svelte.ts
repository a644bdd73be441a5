import { SvelteMap } from 'svelte/reactivity';
import type {
  PlaygroundAnswer,
  PlaygroundSystem,
  SystemKey,
} from '../../../../electron/contract/entities.ts';
import type { App } from '../../../lib/app.svelte.ts';
import { toFailure } from '../../../lib/failure.ts';
import type { StudioFailure } from '../../../lib/failure.ts';
import { Lanes } from './lanes.ts';
import { choicesIn, questionsIn } from './questions.ts';

/** Where the rationale came from that a student read with its question. */
export type RationaleSource = 'typed' | 'teacher' | 'none';

/** One system's answer to one question, as far as it has come. */
export class Card {
  readonly system: PlaygroundSystem;
  /** By which main knows the question while it is under way. */
  readonly questionId = crypto.randomUUID();
  state = $state<'waiting' | 'asked' | 'answered' | 'failed' | 'stopped'>('waiting');
  answer = $state.raw<PlaygroundAnswer | null>(null);
  failure = $state.raw<StudioFailure | null>(null);
  /** Of a student that reads the teacher's rationale; null of others. */
  rationaleFrom = $state<RationaleSource | null>(null);

  constructor(system: PlaygroundSystem) {
    this.system = system;
  }

  get isOpen(): boolean {
    return this.state === 'waiting' || this.state === 'asked';
  }
}

/** One question, and everybody's answers. */
export interface Round {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly string[] | null;
  readonly cards: readonly Card[];
}

/** Systems that are ticked at first: a screenful, of different kinds. */
const tickedAtFirst = 4;

/**
 * What was asked on this visit, and what is typed. Shared by the views of the step, so that it is
 * there again when a person comes back from another tab; nothing of it is saved.
 */
export class Playground {
  readonly projectId: string;
  text = $state('');
  /** Whether each line is a question of its own. */
  byLine = $state(false);
  choices = $state('');
  /** Typed, for students that read the teacher's. */
  rationale = $state('');
  view = $state<'text' | 'file'>('text');
  systems = $state.raw<readonly PlaygroundSystem[]>([]);
  /** The newest first; questions that were put together stand as they were typed. */
  rounds = $state.raw<readonly Round[]>([]);
  /** What a person ticked or took off. */
  readonly #turned = new SvelteMap<SystemKey, boolean>();
  readonly #app: App;
  /** Students share a process, each teacher is a server of its own. */
  readonly #lanes = new Lanes();
  /** Who waits for a card to have its answer, or none. */
  readonly #waits = new WeakMap<Card, PromiseWithResolvers<undefined>>();
  #preferred = $state.raw<readonly SystemKey[]>([]);

  constructor(app: App, projectId: string) {
    this.#app = app;
    this.projectId = projectId;
  }

  readonly ticked: readonly PlaygroundSystem[] = $derived.by(() =>
    this.systems.filter(({ key }) => this.isTicked(key)),
  );
  readonly teachers: readonly PlaygroundSystem[] = $derived.by(() =>
    this.ticked.filter(({ kind }) => kind === 'teacher'),
  );
  readonly students: readonly PlaygroundSystem[] = $derived.by(() =>
    this.ticked.filter(({ kind }) => kind === 'student'),
  );
  readonly questions: readonly string[] = $derived.by(() => questionsIn(this.text, this.byLine));
  readonly open: readonly Card[] = $derived.by(() =>
    this.rounds.flatMap(({ cards }) => cards.filter((card) => card.isOpen)),
  );
  /** One teacher that answers for nothing, and a student of each method; those compared before others. */
  readonly #first: readonly SystemKey[] = $derived.by(() => {
    const preferred = this.#preferred;
    const rank = ({ key }: PlaygroundSystem): number =>
      preferred.includes(key) ? preferred.indexOf(key) : preferred.length;
    const byRank = [...this.systems].sort((a, b) => rank(a) - rank(b));
    const teacher = byRank.find(
      ({ kind, unavailable, costs }) => kind === 'teacher' && unavailable === null && !costs,
    );
    const students = byRank.filter(
      ({ key, kind, method, needsTeacher }) =>
        kind === 'student' &&
        !needsTeacher &&
        byRank.find((other) => other.method === method)?.key === key,
    );
    const first = teacher === undefined ? students : [teacher, ...students];
    return first.slice(0, tickedAtFirst).map(({ key }) => key);
  });

  /** Told by the screen as it learns of them. @param preferred systems that are compared elsewhere */
  take(systems: readonly PlaygroundSystem[], preferred: readonly SystemKey[]): void {
    this.systems = systems;
    this.#preferred = preferred;
  }

  isTicked(key: SystemKey): boolean {
    return this.#turned.get(key) ?? this.#first.includes(key);
  }

  tick(key: SystemKey, on: boolean): void {
    this.#turned.set(key, on);
  }

  /** Puts the questions that are typed to all who are ticked; each card fills as its answer comes. */
  async ask(hasChoices: boolean): Promise<void> {
    const choices = hasChoices ? choicesIn(this.choices) : null;
    const typed = this.rationale.trim() || null;
    const rounds = this.questions.map((text) => ({
      id: crypto.randomUUID(),
      ...{ text, choices },
      cards: this.ticked.map((system) => new Card(system)),
    }));
    this.rounds = [...rounds, ...this.rounds];
    await Promise.all(rounds.map((round) => this.#answer(round, typed)));
  }

  /** Asks a card's question once more. */
  async again(round: Round, old: Card): Promise<void> {
    const card = new Card(old.system);
    const cards = round.cards.map((each) => (each === old ? card : each));
    const renewed = { ...round, cards };
    this.rounds = this.rounds.map((each) => (each.id === round.id ? renewed : each));
    await this.#answerCard(renewed, card, this.rationale.trim() || null);
  }

  /** Lets go what is not answered yet. */
  async stop(): Promise<void> {
    const open = [...this.open];
    const asked = open.filter(({ state }) => state === 'asked');
    for (const card of open) card.state = 'stopped';
    await Promise.all(
      asked.map(({ questionId }) => this.#app.client.call('playground.cancel', { questionId })),
    );
  }

  clear(): void {
    this.rounds = [];
  }

  async #answer(round: Round, typed: string | null): Promise<void> {
    await Promise.all(round.cards.map((card) => this.#answerCard(round, card, typed)));
  }

  async #answerCard(round: Round, card: Card, typed: string | null): Promise<void> {
    const { system } = card;
    if (!system.needsTeacher) return this.#put(round, card, null);
    if (typed !== null) {
      card.rationaleFrom = 'typed';
      return this.#put(round, card, typed);
    }
    const said = await this.#teachersRationale(round);
    card.rationaleFrom = said === null ? 'none' : 'teacher';
    return this.#put(round, card, said);
  }

  /** The reasons of a teacher's answer in the same round, as soon as it is there; one without a label has none. */
  async #teachersRationale({ cards }: Round): Promise<string | null> {
    for (const card of cards) {
      if (card.system.kind !== 'teacher') continue;
      await this.#settled(card);
      const { label, rationale } = card.answer ?? { label: null, rationale: null };
      if (label !== null && rationale) return rationale;
    }
    return null;
  }

  #settled(card: Card): Promise<undefined> {
    if (!card.isOpen) return Promise.resolve(undefined);
    const wait = this.#waits.get(card) ?? Promise.withResolvers<undefined>();
    this.#waits.set(card, wait);
    return wait.promise;
  }

  #put(round: Round, card: Card, teacherRationale: string | null): Promise<void> {
    const lane = card.system.kind === 'student' ? 'students' : card.system.key;
    return this.#lanes.add(lane, async () => {
      if (card.state === 'waiting') await this.#askNow(round, card, teacherRationale);
      this.#waits.get(card)?.resolve(undefined);
    });
  }

  async #askNow(round: Round, card: Card, teacherRationale: string | null): Promise<void> {
    card.state = 'asked';
    try {
      const answer = await this.#app.client.call('playground.ask', {
        ...{ projectId: this.projectId, system: card.system.key, text: round.text },
        ...{ choices: round.choices === null ? null : [...round.choices], teacherRationale },
        questionId: card.questionId,
      });
      if (!this.#isAsked(card)) return;
      card.answer = answer;
      card.state = 'answered';
    } catch (caught) {
      if (!this.#isAsked(card)) return;
      card.failure = toFailure(caught);
      card.state = 'failed';
    }
  }

  /** Whether a person still waits for it: while main answered, it may have been stopped. */
  #isAsked({ state }: Card): boolean {
    return state === 'asked';
  }
}
