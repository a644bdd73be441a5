/** Relative positions and masks: small tables that depend on lengths alone. */

/**
 * What is added to the score of a key that must not be attended to. Finite, so that a row without
 * any visible key stays a number; large enough that its probability is exactly zero.
 */
export const MASKED = -1e9;

export interface BucketSettings {
  readonly buckets: number;
  readonly maxDistance: number;
  /** The encoder looks both ways: half of the buckets are for keys after the query. */
  readonly bidirectional: boolean;
}

/**
 * The bucket of a relative position (key minus query): one per offset when near, then
 * logarithmically wider up to `maxDistance`, all farther ones in the last.
 *
 * T5's `_relative_position_bucket` in Hugging Face; the logarithm is taken in float32 and truncated.
 */
export function relativePositionBucket(position: number, settings: BucketSettings): number {
  let { buckets } = settings;
  let offset = 0;
  let distance = Math.max(-position, 0);
  if (settings.bidirectional) {
    buckets = Math.floor(buckets / 2);
    if (position > 0) offset = buckets;
    distance = Math.abs(position);
  }
  const exact = Math.floor(buckets / 2);
  if (distance < exact) return offset + distance;
  const ratio = Math.fround(Math.log(Math.fround(distance / exact)));
  const span = Math.log(settings.maxDistance / exact);
  const logarithmic = exact + Math.trunc((ratio / span) * (buckets - exact));
  return offset + Math.min(logarithmic, buckets - 1);
}

/**
 * Buckets of every key seen from every query: [queries, keys], row-major. Queries stand at
 * `firstQuery`, `firstQuery + 1`, …; keys at 0, 1, ….
 */
export function relativePositionBuckets(
  queries: number,
  keys: number,
  settings: BucketSettings,
  firstQuery = 0,
): Int32Array {
  const table = new Int32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      const position = key - query - firstQuery;
      table[query * keys + key] = relativePositionBucket(position, settings);
    }
  }
  return table;
}

/** [length, length]: `MASKED` where the key comes after the query, else zero. */
export function causalMask(length: number): Float32Array {
  const mask = new Float32Array(length * length);
  for (let query = 0; query < length; query++) {
    mask.fill(MASKED, query * length + query + 1, (query + 1) * length);
  }
  return mask;
}
