import { SvelteMap } from 'svelte/reactivity';
import { CompareFilter, systemOf } from '../../../electron/contract/entities.ts';
import type {
  Comparing,
  Part,
  Run,
  Split,
  Study,
  System,
  SystemKey,
  Systems,
} from '../../../electron/contract/entities.ts';
import type { App } from '../../lib/app.svelte.ts';
import { i18n } from '../../lib/i18n/index.svelte.ts';
import { armName } from '../train/study/arms.ts';
import { compareAddress } from './views.ts';

/** Every row, in import order. */
export const everyComparedRow: CompareFilter = CompareFilter.parse({});

/** What one comparison can hold; contract `Comparing`. */
const mostSystems = 64;

/**
 * What is compared on which rows. Shared by the views of the step, so that choosing in one holds in
 * all of them, and kept while one looks at other steps.
 */
export class Comparison {
  readonly projectId: string;
  splitId = $state<string | null>(null);
  part = $state<Part>('test');
  filter = $state.raw<CompareFilter>(everyComparedRow);
  /** Told by the screen as it learns of them. */
  all = $state.raw<Systems | null>(null);
  runs = $state.raw<readonly Run[]>([]);
  studies = $state.raw<readonly Study[]>([]);
  /** What a person ticked or took off. */
  readonly #turned = new SvelteMap<SystemKey, boolean>();
  readonly #app: App;

  constructor(app: App, projectId: string) {
    this.#app = app;
    this.projectId = projectId;
  }

  /** Systems that are compared, teachers first; each has answers. */
  readonly systems: readonly System[] = $derived.by(() =>
    (this.all?.systems ?? [])
      .filter((system) => this.isChosen(system.key) && isReady(system))
      .slice(0, mostSystems),
  );

  /** The systems with a run or an extraction that are ticked but have no answers on these rows yet. */
  readonly isTrimmed: boolean = $derived.by(
    () =>
      (this.all?.systems ?? []).filter((system) => this.isChosen(system.key) && isReady(system))
        .length > mostSystems,
  );

  /** The question that every view asks; null while nothing is compared. */
  readonly comparing: Comparing | null = $derived.by(() => {
    const { projectId, splitId, part, systems } = this;
    if (splitId === null || systems.length === 0) return null;
    return { projectId, splitId, part, systems: systems.map(({ key }) => key) };
  });

  /** The teacher that students are set against: the first that is compared. */
  readonly teacher: System | null = $derived.by(
    () => this.systems.find(({ kind }) => kind === 'teacher') ?? null,
  );

  /**
   * Where students differ by their seed alone, the first of them; all others. What shows rows rather
   * than scores begins with these: seeds stand for one another there.
   */
  readonly oneOfEach: readonly System[] = $derived.by(() =>
    this.systems.filter(
      ({ group }, place) =>
        group === null || this.systems.findIndex((each) => each.group === group) === place,
    ),
  );

  readonly students: readonly System[] = $derived.by(() =>
    this.systems.filter(({ kind }) => kind === 'student'),
  );

  isChosen(key: SystemKey): boolean {
    return this.#turned.get(key) ?? this.#isChosenAtFirst(key);
  }

  turn(keys: readonly SystemKey[], on: boolean): void {
    for (const key of keys) this.#turned.set(key, on);
  }

  /** Takes a split, its test part and all rows of it. */
  useSplit(split: Split): void {
    if (this.splitId === split.id) return;
    this.splitId = split.id;
    this.part = split.counts.test > 0 ? 'test' : 'validation';
    this.all = null;
    this.filter = everyComparedRow;
  }

  usePart(part: Part): void {
    if (this.part === part) return;
    this.part = part;
    this.all = null;
    this.filter = everyComparedRow;
  }

  /** Goes to the rows that a filter leaves; what it does not say is not filtered by. */
  showRows(filter: Partial<CompareFilter>): void {
    this.filter = { ...everyComparedRow, ...filter };
    this.#app.router.go({
      at: 'project',
      projectId: this.projectId,
      step: 'compare',
      view: compareAddress('rows'),
    });
  }

  /**
   * A short name that no other system here has: of a study's student what was tried and its seed, as
   * long as that tells it apart, else its own name.
   */
  nameOf(key: SystemKey): string {
    return this.#names[key] ?? i18n.t.compare.gone;
  }

  readonly #names: Readonly<Record<SystemKey, string>> = $derived.by(() => {
    const all = this.all?.systems ?? [];
    const tried = all.map(triedName);
    const named = all.map((system, place) =>
      tried.some((other, at) => at !== place && other === tried[place])
        ? system.name
        : (tried[place] ?? system.name),
    );
    return Object.fromEntries(
      all.map(({ key, seed }, place) => {
        const name = named[place] ?? '';
        const isShared = named.some((other, at) => at !== place && other === name);
        const full = isShared && seed !== null ? i18n.t.compare.withSeed(name, String(seed)) : name;
        return [key, full];
      }),
    );
  });

  /**
   * Students that are looked at unless a person says otherwise: not the trials of a search, which are
   * for validation, nor those that a study taught a share of the rows; and of the teachers the one whose
   * answers the split's students learned from.
   */
  #isChosenAtFirst(key: SystemKey): boolean {
    const { kind, id } = systemOf(key);
    if (kind === 'teacher') return id === this.#teacherId;
    const run = this.runs.find((each) => each.id === id);
    const study = this.studies.find((each) => each.id === run?.studyId);
    if (study === undefined) return true;
    return study.plan.kind !== 'sweep' && run?.settings.trainShare === 1;
  }

  readonly #teacherId: string | null = $derived.by(() => {
    const teachers = (this.all?.systems ?? []).filter(({ kind }) => kind === 'teacher');
    const used = this.runs.findLast(
      (run) => run.splitId === this.splitId && run.extractionId !== null,
    )?.extractionId;
    const chosen = teachers.find(({ key }) => systemOf(key).id === used) ?? teachers[0];
    return chosen === undefined ? null : systemOf(chosen.key).id;
  });
}

/** What a study tried with a student, and its seed; null of others. */
function triedName({ studyId, method, labelSource, seed }: System): string | null {
  if (studyId === null || method === null || labelSource === null) return null;
  return i18n.t.compare.ofSeed(armName(i18n.t, { method, labelSource }), String(seed ?? 1));
}

/** Whether there is anything to compare: a teacher's answers as far as they go, all of a student's. */
const isReady = ({ kind, answered, complete }: System): boolean =>
  kind === 'teacher' ? answered > 0 : complete;

const kept = new WeakMap<App, Record<string, Comparison>>();

/** The comparison of a project: the same one each time its screen is opened. */
export function comparisonOf(app: App, projectId: string): Comparison {
  const ofApp = kept.get(app) ?? {};
  kept.set(app, ofApp);
  return (ofApp[projectId] ??= lasting(() => new Comparison(app, projectId)));
}

/** Makes what outlives the screen that asks for it first: its derived values are not ended with that. */
function lasting<Made>(make: () => Made): Made {
  const made: Made[] = [];
  $effect.root(() => {
    made.push(make());
  });
  return made[0] ?? make();
}
