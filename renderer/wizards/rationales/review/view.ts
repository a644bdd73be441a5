import { RowQuery, everyRow } from '../../../../electron/contract/entities.ts';

export const pages = ['rows', 'health', 'people'] as const;
export type ReviewPage = (typeof pages)[number];

/** What the rationales' screen shows, as it stands in the address: reload and back keep it. */
export interface ReviewView {
  readonly page: ReviewPage;
  /** Null for the newest extraction. */
  readonly extractionId: string | null;
  readonly query: RowQuery;
}

/** Names in the address of what a query asks for with one word. */
const words = {
  text: 'find',
  datasetId: 'data',
  gold: 'gold',
  answers: 'answers',
  label: 'label',
  verdict: 'verdict',
  tag: 'tag',
  sort: 'sort',
} as const;
const worded = [
  'text',
  'datasetId',
  'gold',
  'answers',
  'label',
  'verdict',
  'tag',
  'sort',
] as const satisfies readonly (keyof typeof words)[];

/** A view written into an address; null where it is the first that a person meets. */
export function writeView({ page, extractionId, query }: ReviewView): string | null {
  const parts = new URLSearchParams();
  if (page !== 'rows') parts.set('page', page);
  if (extractionId !== null) parts.set('of', extractionId);
  for (const key of worded) {
    const value = query[key];
    if (value !== null && value !== everyRow[key]) parts.set(words[key], value);
  }
  if (query.flags.length > 0) parts.set('flags', query.flags.join(' '));
  if (query.split) parts.set('part', `${query.split.part} ${query.split.splitId}`);
  return parts.toString() || null;
}

/** The view of an address. What can't be understood is left out; one word alone is a filter of answers. */
export function readView(address: string | null): ReviewView {
  const parts = new URLSearchParams(
    address === null || address.includes('=') ? (address ?? '') : { answers: address },
  );
  const page = pages.find((each) => each === parts.get('page')) ?? 'rows';
  return { page, extractionId: parts.get('of'), query: readQuery(parts) };
}

function readQuery(parts: URLSearchParams): RowQuery {
  const [part, splitId] = parts.get('part')?.split(' ') ?? [];
  const asked: readonly (readonly [string, unknown])[] = [
    ...worded.map((key) => [key, parts.get(words[key])] as const),
    ['flags', parts.get('flags')?.split(' ') ?? null],
    ['split', part && splitId ? { part, splitId } : null],
  ];
  let query = everyRow;
  for (const [key, value] of asked) {
    const next = value === null ? null : RowQuery.safeParse({ ...query, [key]: value });
    if (next?.success) query = next.data;
  }
  return query;
}

/** One thing that a query asks for, and the query without it. */
export interface Filter {
  readonly kind: Exclude<keyof RowQuery, 'sort'>;
  readonly value: string;
  readonly without: RowQuery;
}

/** What is on, in the order of the fields that turn it on; each flag by itself. */
export function filtersOf(query: RowQuery): Filter[] {
  const found: (Filter | null)[] = [
    query.text.trim() === ''
      ? null
      : { kind: 'text', value: query.text.trim(), without: { ...query, text: '' } },
    query.answers === 'all'
      ? null
      : { kind: 'answers', value: query.answers, without: { ...query, answers: 'all' } },
    query.verdict === 'any'
      ? null
      : { kind: 'verdict', value: query.verdict, without: { ...query, verdict: 'any' } },
    ...query.flags.map((flag) => ({
      kind: 'flags' as const,
      value: flag,
      without: { ...query, flags: query.flags.filter((each) => each !== flag) },
    })),
    ...(['tag', 'label', 'gold', 'datasetId'] as const).map((kind) => {
      const value = query[kind];
      return value === null ? null : { kind, value, without: { ...query, [kind]: null } };
    }),
    query.split === null
      ? null
      : {
          kind: 'split',
          value: `${query.split.part} ${query.split.splitId}`,
          without: { ...query, split: null },
        },
  ];
  return found.filter((each) => each !== null);
}
