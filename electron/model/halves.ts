/**
 * Half-precision numbers: bfloat16 (the upper half of a float32) and IEEE 754 binary16. JavaScript
 * engines of the oldest supported version have neither, so both are converted by their bits.
 */

/** How numbers lie in a file. */
export type FloatType = 'float32' | 'bfloat16' | 'float16';

const bits = new Uint32Array(1);
const number = new Float32Array(bits.buffer);

/** Exact: every bfloat16 is a float32. */
export function widenBfloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] ?? 0) << 16;
  return values;
}

/** Exact: every binary16 is a float32. */
export function widenFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = widenOne(halves[i] ?? 0);
  return values;
}

/** Rounds to the nearest bfloat16, ties to the even one; what is too large becomes infinite. */
export function narrowBfloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    number[0] = values[i] ?? 0;
    const word = bits[0] ?? 0;
    const isNan = (word & 0x7fff_ffff) > 0x7f80_0000;
    const odd = (word >>> 16) & 1;
    halves[i] = isNan ? (word >>> 16) | 0x40 : (word + 0x7fff + odd) >>> 16;
  }
  return halves;
}

/** Rounds to the nearest binary16, ties to the even one; what is too large becomes infinite. */
export function narrowFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    number[0] = values[i] ?? 0;
    halves[i] = narrowWord(bits[0] ?? 0);
  }
  return halves;
}

/** 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function widenOne(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A float32's bits as a binary16's. */
function narrowWord(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  const exponent = (magnitude >>> 23) - 127 + 15;
  if (exponent >= 0x1f) return sign | 0x7c00;
  if (exponent <= 0) {
    // Below 2^-14 the fraction loses its leading one and counts in steps of 2^-24.
    if (exponent < -10) return sign;
    return sign | shiftToEven((magnitude & 0x7f_ffff) | 0x80_0000, 14 - exponent);
  }
  // A carry out of the fraction goes up into the exponent, and from the largest number to infinity.
  return sign | shiftToEven((exponent << 23) | (magnitude & 0x7f_ffff), 13);
}

/** `value / 2^places`, rounded to the nearest whole number and halves to the even one. */
function shiftToEven(value: number, places: number): number {
  const kept = value >>> places;
  const rest = value & ((1 << places) - 1);
  const half = 1 << (places - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
