import type { TrainingRows } from '../contract/entities.ts';

type Reason = TrainingRows['reasons'][number]['reason'];

const reasons: Readonly<Record<Reason, string>> = {
  'no-answer': 'never asked',
  unparsed: 'not parsed',
  empty: 'empty',
  rejected: 'rejected',
  stale: 'of a label edited since',
  'disagrees-with-gold': 'disagree with gold',
  'not-accepted': 'not accepted',
  unhealthy: 'not healthy, or not checked',
};

/** What a run is about to learn from, and why not from more, in one line. */
export function rowsLine(rows: TrainingRows): string {
  const left = rows.reasons.reduce((sum, each) => sum + each.rows, 0);
  const why = rows.reasons.map((each) => `${each.rows} ${reasons[each.reason]}`).join(', ');
  const several = rows.rationales > rows.explained ? ` (${rows.rationales} in all)` : '';
  // A method that learns labels alone leaves out answers that a person rejected, and nothing else.
  const labelsAlone =
    rows.explained === 0 &&
    left === rows.dropped &&
    rows.reasons.every(({ reason }) => reason === 'rejected');
  const explains = !labelsAlone && rows.explained + left > 0;
  return [
    `Learns from ${rows.labels} of ${rows.examples} train rows`,
    ...(explains ? [`${rows.explained} with a rationale${several}`] : []),
    ...(explains && left > 0 ? [`${left} rationales left out: ${why}`] : []),
    ...(explains && rows.dropped > 0 ? [`${rows.dropped} rows left out with them`] : []),
    ...(labelsAlone && left > 0 ? [`${left} rows left out: their answer was rejected`] : []),
    ...(rows.withoutLabel > 0 ? [`${rows.withoutLabel} rows have no label to learn`] : []),
  ]
    .join('; ')
    .concat('.');
}
