import {
  loadAt,
  plus,
  storeAt,
  times,
  wasm,
  type Code,
  type ValueType,
  type WasmFunction,
} from './wasm.ts';

const { get, set } = wasm;

/**
 * Moments below this become zero. A row that is never seen again would otherwise sink into
 * subnormal numbers and stay there, where arithmetic is many times slower on some processors.
 */
const SMALLEST_MOMENT = 1e-36;

/** Puts the smallest moment into every lane of a local. */
export const spreadSmallest = (smallest: number): Code => [
  ...[...wasm.f32Const(SMALLEST_MOMENT), ...wasm.splat, ...set(smallest)],
];

/** Replaces lanes of a local that are below the smallest moment by zero. */
export const orZero = (local: number, smallest: number): Code => [
  ...get(local),
  ...[...get(local), ...wasm.vAbs, ...get(smallest), ...wasm.vGreater],
  ...[...wasm.and, ...set(local)],
];

/**
 * (parameters, gradients, first, second, bytes, b1, 1-b1, b2, 1-b2, decay, stepSize, rootScale,
 * epsilon, gradientScale): the formulas of `AdamW.update`, four floats at a time.
 */
export function adamwFunction(): WasmFunction {
  const [parameters, gradients, first, second, bytes] = [0, 1, 2, 3, 4];
  const scalars = { beta1: 5, rest1: 6, beta2: 7, rest2: 8, decay: 9 } as const;
  const more = { stepSize: 10, rootScale: 11, epsilon: 12, gradientScale: 13 } as const;
  const offset = 14;
  // Every scalar is spread over four lanes once, into the local 10 places further on.
  const lanes = (scalar: number): Code => get(scalar + 10);
  const [g, m, v, smallest] = [24, 25, 26, 27];
  const spread = Array.from({ length: 9 }, (_unused, index): Code => [
    ...[...get(5 + index), ...wasm.splat, ...set(15 + index)],
  ]);
  const newFirst = plus(
    times(loadAt(first, offset), lanes(scalars.beta1)),
    times(get(g), lanes(scalars.rest1)),
  );
  const newSecond = plus(
    times(loadAt(second, offset), lanes(scalars.beta2)),
    times(times(get(g), get(g)), lanes(scalars.rest2)),
  );
  const denominator = plus(
    times([...get(v), ...wasm.vSqrt], lanes(more.rootScale)),
    lanes(more.epsilon),
  );
  const updated: Code = [
    ...times(loadAt(parameters, offset), lanes(scalars.decay)),
    ...[...times(get(m), lanes(more.stepSize)), ...denominator, ...wasm.vDiv],
    ...wasm.vSub,
  ];
  const floats = Array.from({ length: 9 }, (): ValueType => 'f32');
  return {
    name: 'adamw',
    parameters: ['i32', 'i32', 'i32', 'i32', 'i32', ...floats],
    result: null,
    locals: ['i32', ...Array.from({ length: 13 }, (): ValueType => 'v128')],
    body: [
      ...spread,
      spreadSmallest(smallest),
      wasm.every(16, offset, bytes, [
        [...times(loadAt(gradients, offset), lanes(more.gradientScale)), ...set(g)],
        [...newFirst, ...set(m)],
        orZero(m, smallest),
        [...newSecond, ...set(v)],
        orZero(v, smallest),
        storeAt(first, offset, get(m)),
        storeAt(second, offset, get(v)),
        storeAt(parameters, offset, updated),
      ]),
    ],
  };
}
