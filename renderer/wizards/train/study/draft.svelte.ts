import type {
  Arm,
  RunSettings,
  Study,
  StudyPlan,
  StudyPreview,
} from '../../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../../electron/contract/jobs.ts';
import type { Client } from '../../../lib/client.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { Action, Resource } from '../../../lib/resource.svelte.ts';
import { TrainDraft } from '../draft.svelte.ts';
import { methodOrder } from '../methods.ts';
import type { StudyKind } from '../views.ts';
import { allArms, sameArm } from './arms.ts';
import { axisKeys, axisOf, suggestedAxis } from './axes.ts';
import type { AxisDraft } from './axes.ts';

/** The paper's amounts of data, as shares of the train rows. */
export const usualShares: readonly number[] = [0.125, 0.25, 0.5, 0.75, 1];
/** The fewest that tell a method's gain from a seed's luck at all. */
export const usualSeeds = 3;

/** What is chosen before anybody chose, of the arms that the project can train. */
export function usualArms(kind: StudyKind, possible: readonly Arm[]): Arm[] {
  if (kind === 'bake-off') return [...possible];
  const [source] = possible.filter(({ method }) => method === 'step-by-step');
  const plain = possible.find(
    ({ method, labelSource }) =>
      (method === 'finetune' || method === 'distill') &&
      labelSource === (source?.labelSource ?? labelSource),
  );
  const pair = [source, plain].filter((arm) => arm !== undefined);
  return kind === 'sweep' ? pair.slice(0, 1) : pair;
}

/** How the choices of one study stand. Student, rows and shared settings are those of a training. */
export class StudyDraft {
  readonly kind: StudyKind;
  readonly train: TrainDraft;
  arms = $state.raw<readonly Arm[]>([]);
  shares = $state.raw<readonly number[]>(usualShares);
  seedCount = $state(usualSeeds);
  part = $state<'test' | 'validation'>('test');
  /** Points of accuracy. */
  margin = $state(2);
  axes = $state.raw<readonly AxisDraft[]>([]);
  search = $state<'grid' | 'random'>('grid');
  trials = $state(12);
  searchSeed = $state(1);
  medianRule = $state(true);
  name = $state('');
  readonly starting = new Action();
  readonly preview: Resource<StudyPreview>;
  readonly #client: Client;

  constructor(client: Client, projectId: string, kind: StudyKind, possible: readonly Arm[]) {
    this.#client = client;
    this.kind = kind;
    this.arms = usualArms(kind, possible);
    this.train = new TrainDraft(client, projectId, this.#methods());
    this.preview = new Resource(() => this.#ask());
  }

  async load(): Promise<void> {
    await this.train.load();
    this.#suggestAxes();
  }

  async useArms(arms: readonly Arm[]): Promise<void> {
    this.arms = allArms.filter((arm) => arms.some((each) => sameArm(each, arm)));
    await this.train.useMethods(this.#methods());
    this.#suggestAxes();
  }

  /** Ready-made values follow the settings that are suggested, but for those of a person. */
  refreshAxes(): void {
    this.#suggestAxes();
  }

  setAxis(key: AxisDraft['key'], change: Partial<AxisDraft>): void {
    this.axes = this.axes.map((axis) =>
      axis.key === key ? { ...axis, ...change, touched: true } : axis,
    );
  }

  /** Seeds in a row from the first one, which is the seed of the settings. */
  get seeds(): number[] {
    const first = this.train.settings?.seed ?? 1;
    return Array.from({ length: this.seedCount }, (_, index) => first + index);
  }

  get usedAxes(): AxisDraft[] {
    return this.axes.filter(({ use }) => use);
  }

  /** The plan as it stands; null while something in it is missing or wrong. */
  get plan(): StudyPlan | null {
    const { settings } = this.train;
    return settings === null ? null : this.#planWith(settings);
  }

  async start(): Promise<{ study: Study; job: JobRecord } | null> {
    const { plan } = this;
    if (plan === null) return null;
    const given = this.name.trim();
    let started: { study: Study; job: JobRecord } | null = null;
    await this.starting.run(async () => {
      const name = given === '' ? await this.#freeName() : given;
      started = await this.#client.call('studies.start', { ...this.#rows(), name, plan });
    });
    return started;
  }

  /** A name in the language of the screen, the first number that no other study has. */
  async #freeName(): Promise<string> {
    const { projectId } = this.train;
    const studies = await this.#client.call('studies.list', { projectId });
    const taken = studies.map(({ name }) => name);
    const kind = i18n.t.studies.names[this.kind];
    let number = 1;
    while (taken.includes(`${kind} ${number}`)) number += 1;
    return `${kind} ${number}`;
  }

  #planWith(settings: RunSettings): StudyPlan | null {
    const { kind, arms, seeds, part } = this;
    const [arm] = arms;
    if (arm === undefined) return null;
    if (kind === 'sweep') {
      const axes = this.usedAxes.map((axis) => axisOf(axis, this.search));
      const good = axes.filter((axis) => axis !== null);
      if (good.length === 0 || good.length < axes.length) return null;
      const search =
        this.search === 'grid'
          ? { kind: 'grid' as const }
          : { kind: 'random' as const, trials: this.trials, seed: this.searchSeed };
      return { kind, arm, settings, axes: good, search, medianRule: this.medianRule };
    }
    const shared = { arms: [...arms], seeds, settings, part, margin: this.margin / 100 };
    if (kind === 'bake-off') return { kind, ...shared };
    const shares = [...this.shares].sort((a, b) => a - b);
    return arms.length < 2 || shares.length < 2 ? null : { kind, ...shared, shares };
  }

  async #ask(): Promise<StudyPreview> {
    const { plan } = this;
    if (plan === null) throw new Error('The plan is not whole.');
    return this.#client.call('studies.preview', { ...this.#rows(), plan });
  }

  #rows(): { projectId: string; splitId: string; extractionId: string | null } {
    const { projectId, splitId, extractionId } = this.train;
    return { projectId, splitId, extractionId };
  }

  #methods(): (typeof methodOrder)[number][] {
    return methodOrder.filter((method) => this.arms.some((arm) => arm.method === method));
  }

  #suggestAxes(): void {
    const { settings } = this.train;
    const [arm] = this.arms;
    if (this.kind !== 'sweep' || settings === null || arm === undefined) return;
    const kept = this.axes.filter(({ touched }) => touched);
    this.axes = axisKeys(arm.method).map(
      (key) => kept.find((axis) => axis.key === key) ?? suggestedAxis(key, settings),
    );
  }
}
