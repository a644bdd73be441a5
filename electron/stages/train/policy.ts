import type { RunSettings, Task, TrainingRows } from '../../contract/entities.ts';
import type { TrainRow } from '../../contract/worker.ts';
import { seedFrom } from '../../core/hash.ts';
import { usesRationales } from '../../core/methods.ts';
import { Random } from '../../core/random.ts';
import { isCorrect } from '../../core/score.ts';
import { composeInput } from '../../core/text.ts';
import type { TrainingCandidate } from '../../store/store.ts';

/** The settings that say which rows train, and what each of them teaches. */
export type TrainingPolicy = Pick<
  RunSettings,
  | 'method'
  | 'labelSource'
  | 'rationales'
  | 'withoutRationale'
  | 'rationalesPerRow'
  | 'suspicionLimit'
>;

/** Why a rationale is not learned; of a rejected answer, not its label either. */
export type Reason = TrainingRows['reasons'][number]['reason'];

/** In the order in which they are looked for: a row counts under the first that holds. */
const reasons: readonly Reason[] = [
  'no-answer',
  'unparsed',
  'empty',
  'rejected',
  'stale',
  'disagrees-with-gold',
  'not-accepted',
  'unhealthy',
];

/**
 * Chooses what one run learns, and counts it in the same pass: the numbers that are shown before a
 * run is saved are those of the very rows that it will train on.
 *
 * A row needs the label that the method learns: the gold label, or as teacher's label the one that a
 * person put in its place, else the teacher's own. Where the teacher's labels are learned, a row whose
 * answer a person rejected is dropped whatever the method: it was said to be wrong.
 *
 * Methods that use rationales learn those that {@link withheld} gives no reason against. A row that is
 * left with its label teaches that, or is dropped, as `withoutRationale` says: where the teacher is
 * wrong, `agrees-with-gold` so keeps the gold label and drops the rationale alone, or drops the row.
 */
export function chooseRows(
  candidates: Iterable<TrainingCandidate>,
  policy: TrainingPolicy,
  task: Task,
): { rows: TrainRow[]; counts: TrainingRows } {
  const rows: TrainRow[] = [];
  const withheldRows = new Map<Reason, number>();
  let [examples, withoutLabel, dropped] = [0, 0, 0];
  for (const candidate of candidates) {
    examples += 1;
    const { example } = candidate;
    const label = policy.labelSource === 'gold' ? example.gold : teacherLabel(candidate);
    if (!label) {
      withoutLabel += 1;
      continue;
    }
    const input = composeInput(example.input, example.choices);
    const refused = policy.labelSource === 'teacher' && isRejected(candidate);
    if (!usesRationales(policy.method) && !refused) {
      rows.push({ input, label, rationales: [] });
      continue;
    }
    const reason = refused ? 'rejected' : withheld(candidate, policy, task);
    if (reason !== null) withheldRows.set(reason, (withheldRows.get(reason) ?? 0) + 1);
    if (refused || (reason !== null && policy.withoutRationale === 'drop')) dropped += 1;
    else rows.push({ input, label, rationales: reason === null ? texts(candidate, policy) : [] });
  }
  return {
    rows,
    counts: {
      examples,
      labels: rows.length,
      rationales: rows.reduce((sum, row) => sum + row.rationales.length, 0),
      explained: rows.filter((row) => row.rationales.length > 0).length,
      withoutLabel,
      dropped,
      reasons: reasons.flatMap((reason) => {
        const count = withheldRows.get(reason);
        return count === undefined ? [] : [{ reason, rows: count }];
      }),
    },
  };
}

/**
 * The share of a part's rows that a run uses, in their order. A seed's smaller share is part of its
 * larger one, and methods with the same seed use the same rows, whatever labels these have.
 *
 * @param share above 0, at most 1, which is every row; at least one row is left
 */
export function takeShare<T extends { readonly example: { readonly id: number } }>(
  candidates: readonly T[],
  share: number,
  seed: number,
): readonly T[] {
  if (share >= 1) return candidates;
  const ids = candidates.map(({ example }) => example.id).sort((a, b) => a - b);
  const drawn = new Random(seedFrom(`share ${seed}`)).shuffle(ids);
  const kept = new Set(drawn.slice(0, Math.max(1, Math.round(share * ids.length))));
  return candidates.filter(({ example }) => kept.has(example.id));
}

/**
 * Texts for a tokenizer that is the same for every method: each row's input under both prefixes, its
 * labels, and its rationale. Of very many rows an even part is enough to learn words from.
 */
export function tokenizerTexts(
  candidates: readonly TrainingCandidate[],
  settings: Pick<RunSettings, 'labelPrefix' | 'rationalePrefix' | 'answerMark' | 'rationaleMark'>,
): string[] {
  const every = Math.ceil(candidates.length / TOKENIZER_ROWS);
  return candidates
    .filter((_, index) => index % every === 0)
    .flatMap((candidate) => {
      const { example } = candidate;
      const input = composeInput(example.input, example.choices);
      const labels = new Set([example.gold, teacherLabel(candidate)]);
      const [rationale] = texts(candidate, { rationalesPerRow: 'chosen' });
      return [
        `${settings.labelPrefix.trimEnd()} ${input}`,
        `${settings.rationalePrefix.trimEnd()} ${input}`,
        ...[...labels].flatMap((label) => (label ? [`${settings.answerMark} ${label}`] : [])),
        ...(rationale ? [`${settings.rationaleMark} ${rationale}`] : []),
      ];
    });
}

const TOKENIZER_ROWS = 50_000;

/**
 * Why a row's rationales are not learned; null where they are. Rejected and stale ones never are.
 *
 * - `agrees-with-gold`: not where the label differs from a gold label that there is. An edited label
 *   is compared in place of the teacher's.
 * - `accepted`: only where a person accepted the answer.
 * - `healthy`: only rows that were checked and found less suspicious than the limit. Flags are about
 *   what the teacher wrote: where a person accepted it, or wrote another rationale, that counts.
 */
function withheld(candidate: TrainingCandidate, policy: TrainingPolicy, task: Task): Reason | null {
  const { example, answer, review, suspicion } = candidate;
  if (answer === null) return 'no-answer';
  const label = teacherLabel(candidate);
  if (!label) return 'unparsed';
  if (texts(candidate, policy).length === 0) return 'empty';
  if (isRejected(candidate)) return 'rejected';
  if (review?.stale === true) return 'stale';
  const accepted = review?.verdict === 'accepted';
  switch (policy.rationales) {
    case 'parsed':
      return null;
    case 'agrees-with-gold': {
      if (example.gold === null) return null;
      const right = isRelabelled(candidate)
        ? isCorrect(task, label, example.gold, example.choices)
        : answer.correct !== false;
      return right ? null : 'disagrees-with-gold';
    }
    case 'accepted':
      return accepted ? null : 'not-accepted';
    case 'healthy': {
      const vouched = accepted || (review?.rationale ?? null) !== null;
      const sound = suspicion !== null && suspicion < policy.suspicionLimit;
      return vouched || sound ? null : 'unhealthy';
    }
  }
}

/** The label that stands for the teacher's answer: a person's in place of it, else its own. */
function teacherLabel({ answer, review }: TrainingCandidate): string | null {
  return review?.label ?? answer?.label ?? null;
}

const isRejected = ({ review }: TrainingCandidate): boolean => review?.verdict === 'rejected';

const isRelabelled = ({ answer, review }: TrainingCandidate): boolean =>
  review !== null && review.label !== null && review.label !== answer?.label;

/**
 * The rationales of a row that may be learned, the chosen one first: a person's in place of the
 * chosen answer's, then those of the row's other kept answers. Those argue for the teacher's label,
 * and are left out where a person put another in its place.
 */
function texts(
  candidate: TrainingCandidate,
  { rationalesPerRow }: Pick<TrainingPolicy, 'rationalesPerRow'>,
): string[] {
  const { answer, kept, review } = candidate;
  const own = answer?.rationale ?? '';
  const chosen = review?.rationale ?? own;
  const alone = rationalesPerRow === 'chosen' || isRelabelled(candidate);
  const others = own === '' ? kept : kept.slice(1);
  return [chosen, ...(alone ? [] : others)].filter((text) => text !== '');
}
