import type { CallOutput } from '../../../electron/contract/calls.ts';
import { splitSettingsDefaults } from '../../../electron/contract/entities.ts';
import type {
  Dataset,
  SplitPreview,
  SplitSettings,
  Task,
} from '../../../electron/contract/entities.ts';

/** Ways to divide as a person thinks of them. */
export const ways = ['template', 'random', 'group', 'time', 'given', 'folds'] as const;
export type Way = (typeof ways)[number];

export type Column = CallOutput<'splits.columns'>[number];

/** Kinds of leaks whose clusters can be moved, in the order in which they are shown. */
export const movable = ['exact', 'normalised', 'near', 'template', 'exemplars'] as const;
export type Movable = (typeof movable)[number];

/** How rows that differ in numbers, or in numbers and names, are treated. */
export type Together = 'no' | 'numbers' | 'names';

/** Similarity from which on rows count as near-duplicates at first. */
const usualThreshold = 0.8;
/** A share of rows that repeat a template from which on it is worth a word. */
const repeated = 0.01;

/** What a person has chosen in the wizard up to now. */
export class SplitDraft {
  way = $state<Way>('random');
  validation = $state(0.1);
  test = $state(0.1);
  seed = $state(1);
  stratify = $state(true);
  together = $state<Together>('numbers');
  groupColumn = $state<string | null>(null);
  timeColumn = $state<string | null>(null);
  folds = $state(5);
  threshold = $state(usualThreshold);
  move = $state.raw<readonly Movable[]>([]);
  name = $state('');

  /** Takes a way, with what suits it. */
  choose(way: Way): void {
    this.way = way;
    this.together = way === 'template' || way === 'folds' ? 'names' : 'numbers';
    this.move = [];
  }

  /** The settings without moving anything. */
  get divided(): SplitSettings {
    const { way } = this;
    return {
      ...splitSettingsDefaults,
      kind: way === 'given' || way === 'time' ? way : 'random',
      validation: this.validation,
      test: this.test,
      stratify: this.stratify,
      groupByMaskedText: this.together !== 'no',
      maskNames: this.together === 'names',
      groupColumn: way === 'group' ? this.groupColumn : null,
      timeColumn: way === 'time' ? this.timeColumn : null,
      fold: way === 'folds' ? { of: this.folds, index: 0 } : null,
      seed: this.seed,
    };
  }

  /** Settings of every split that is made: one for each fold. */
  everyFold(settings: SplitSettings): SplitSettings[] {
    const { fold } = settings;
    if (fold === null) return [settings];
    return Array.from({ length: fold.of }, (_, index) => ({
      ...settings,
      fold: { ...fold, index },
    }));
  }

  get settings(): SplitSettings {
    if (this.move.length === 0) return this.divided;
    const has = (kind: Movable) => this.move.includes(kind);
    return {
      ...this.divided,
      move: {
        exact: has('exact'),
        normalised: has('normalised'),
        near: has('near') ? this.threshold : null,
        template: has('template'),
        exemplars: has('exemplars'),
      },
    };
  }
}

/** Names of columns that say who or what a row is from. */
const groupName =
  /(?:group|user|author|writer|speaker|customer|patient|source|document|doc|article|story|session|conversation|dialog|thread|topic|작성|사용자|문서|출처|그룹)/iu;

/** A kept column whose values stand in several rows each, and by its name or its counts make groups. */
export function likelyGroup(columns: readonly Column[]): Column | null {
  const repeats = columns.filter(
    ({ time, distinct, rows }) => !time && distinct > 1 && rows / distinct >= 2,
  );
  return (
    repeats.find(({ column }) => groupName.test(column)) ??
    repeats.find(({ distinct }) => distinct >= 20) ??
    null
  );
}

/** Whether the files, or a column of theirs, say which part rows are for. */
export const isGiven = ({ givenPart, mapping }: Dataset): boolean =>
  givenPart !== null || mapping.part !== null;

/** Rows that tell a story that an earlier row tells of other people or amounts. */
export function repeatedRows({ counts, groups }: SplitPreview): number {
  const rows = counts.train + counts.validation + counts.test;
  return groups === null ? 0 : rows - groups.count;
}

export interface Found {
  readonly datasets: readonly Dataset[];
  readonly columns: readonly Column[];
  /** Of a split by template; null where it could not be counted. */
  readonly byTemplate: SplitPreview | null;
}

/** The way that suits the rows there are. */
export function suggestedWay({ datasets, columns, byTemplate }: Found): Way {
  if (datasets.some(isGiven)) return 'given';
  const rows = datasets.reduce((sum, dataset) => sum + dataset.rows, 0);
  if (byTemplate !== null && repeatedRows(byTemplate) >= Math.max(1, repeated * rows)) {
    return 'template';
  }
  if (likelyGroup(columns)) return 'group';
  return columns.some(({ time, distinct }) => time && distinct > 1) ? 'time' : 'random';
}

/** Which shares still have a say: files that were marked with a part leave less to draw. */
export function openShares(
  way: Way,
  datasets: readonly Dataset[],
): { validation: boolean; test: boolean } {
  if (way === 'folds') return { validation: true, test: false };
  if (way !== 'given') return { validation: true, test: true };
  // A column may say a part for some rows only.
  if (datasets.some(({ givenPart }) => givenPart === null)) return { validation: true, test: true };
  return { validation: !datasets.some(({ givenPart }) => givenPart === 'validation'), test: false };
}

/** Whether the labels of this task can be kept in proportion. */
export const canStratify = (way: Way, task: Task): boolean =>
  task === 'classification' && way !== 'time';
