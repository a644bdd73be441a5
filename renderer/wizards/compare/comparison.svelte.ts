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

  /** A short name that no other system here has: seeds tell students of a study apart. */
  nameOf(key: SystemKey): string {
    const all = this.all?.systems ?? [];
    const system = all.find((each) => each.key === key);
    if (system === undefined) return i18n.t.compare.gone;
    const isShared = all.some((each) => each.key !== key && each.name === system.name);
    if (!isShared || system.seed === null) return system.name;
    return i18n.t.compare.withSeed(system.name, String(system.seed));
  }

  /**
   * Students that are looked at unless a person says otherwise: not the trials of a search, which are
   * for validation; and of the teachers the one whose answers the split's students learned from.
   */
  #isChosenAtFirst(key: SystemKey): boolean {
    const { kind, id } = systemOf(key);
    if (kind === 'teacher') return id === this.#teacherId;
    const run = this.runs.find((each) => each.id === id);
    const study = this.studies.find((each) => each.id === run?.studyId);
    return study?.plan.kind !== 'sweep';
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

/** Whether there is anything to compare: a teacher's answers as far as they go, all of a student's. */
const isReady = ({ kind, answered, complete }: System): boolean =>
  kind === 'teacher' ? answered > 0 : complete;

const kept = new WeakMap<App, Map<string, Comparison>>();

/** The comparison of a project: the same one each time its screen is opened. */
export function comparisonOf(app: App, projectId: string): Comparison {
  const ofApp = kept.get(app) ?? new Map<string, Comparison>();
  kept.set(app, ofApp);
  const comparison = ofApp.get(projectId) ?? new Comparison(app, projectId);
  ofApp.set(projectId, comparison);
  return comparison;
}
