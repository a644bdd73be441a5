import type { Emission } from '../../graph/emission.ts';
import { castTo, int } from '../../graph/onnx.ts';
import type { MatmulForm, Primitives } from '../../graph/primitives.ts';
import type { T5Config } from '../../t5/config.ts';
import { bytesOf, FloatWeights, type Parameters } from './weights.ts';

/**
 * Dynamic quantisation to eight bits (Jacob et al. 2018, section 2, with scales of activations found
 * at each run): x w is about s_x s_w (q_x q_w), where q are small whole numbers. Matrices and the
 * embedding are quantised; normalisation and the bias of positions are not.
 *
 * Scales are symmetric: of each output channel of a matrix, and of each token of an activation. ONNX's
 * `DynamicQuantizeLinear` has one scale for all tokens together, with which a row's answer depends on
 * what else is in its batch.
 */

/**
 * The largest absolute whole number of a weight. Processors without VNNI add two products of 8-bit
 * numbers in 16 bits and cut the sum off there: 2 * 255 * 64 = 32640 is just below its limit, so that
 * every processor computes the same.
 */
const WEIGHT_LIMIT = 64;
/** The same of activations, which are kept unsigned around the number that stands for zero. */
const ACTIVATION_LIMIT = 127;
const ACTIVATION_ZERO = 128;
/** For tokens of nothing but zeros; a normal float32, so that dividing by it is safe. */
const LEAST_SCALE = 1e-30;

/** Names of a matrix' whole numbers and of their scales. */
interface QuantizedMatrix {
  readonly numbers: string;
  /** Of each row of the matrix as Hugging Face has it. */
  readonly scales: string;
}

/** Names of an activation's whole numbers [tokens, width] and of their scales [tokens, 1]. */
interface QuantizedRows {
  readonly numbers: string;
  readonly scales: string;
  readonly zero: string;
}

/** Parameters of which the matrices have eight bits. */
export class QuantizedWeights extends FloatWeights {
  readonly #tiedHead: boolean;

  /** @param options.tiedHead whether the graph also multiplies by the embedding */
  constructor(config: T5Config, parameters: Parameters, options: { readonly tiedHead: boolean }) {
    super(config, parameters);
    this.#tiedHead = options.tiedHead;
  }

  /** Matrices become weights where it is known what they are for. */
  override use(parameter: string): string {
    return isMatrix(parameter) ? parameter : super.use(parameter);
  }

  override primitives(on: Emission): Primitives<string> {
    const quantized = new Map<string, QuantizedRows>();
    // Queries, keys and values are made of the same activation.
    const rows = (a: string): QuantizedRows => {
      const made = quantized.get(a) ?? quantizeRows(on, a);
      quantized.set(a, made);
      return made;
    };
    return {
      ...on,
      matmul: (a: string, b: string, form: MatmulForm) =>
        isMatrix(b) ? product(on, rows(a), this.#columns(b)) : on.matmul(a, b, form),
      gather: (table: string, ids: string) =>
        isMatrix(table) ? this.#lookUp(on, table, ids) : on.gather(table, ids),
    };
  }

  /** Rows of the embedding. Where it is the head, too, it lies in the file as that wants it: across. */
  #lookUp(on: Emission, table: string, ids: string): string {
    const { numbers, scales } = this.#tiedHead ? this.#columns(table) : this.#rows(table);
    const picked = on.node('Gather', [numbers, ids], { axis: int(this.#tiedHead ? 1 : 0) });
    const rows = this.#tiedHead ? on.transpose(picked, [1, 0]) : picked;
    const scale = on.reshape(on.gather(scales, ids), [-1, 1]);
    return on.multiply(on.node('Cast', [rows], { to: castTo('float32') }), scale);
  }

  /** A matrix [out, in] as [in, out], since whole numbers are multiplied as they lie. */
  #columns(matrix: string): QuantizedMatrix {
    const { shape, values } = this.read(matrix);
    const [out = 0, width = 0] = shape;
    return this.#matrix(matrix, [width, out], (scales) => {
      const numbers = new Int8Array(values.length);
      for (let row = 0; row < out; row++) {
        const scale = scales[row] ?? 1;
        for (let column = 0; column < width; column++) {
          numbers[column * out + row] = Math.round((values[row * width + column] ?? 0) / scale);
        }
      }
      return numbers;
    });
  }

  #rows(matrix: string): QuantizedMatrix {
    const { shape, values } = this.read(matrix);
    const [, width = 0] = shape;
    return this.#matrix(matrix, shape, (scales) => {
      const numbers = new Int8Array(values.length);
      for (let at = 0; at < values.length; at++) {
        numbers[at] = Math.round((values[at] ?? 0) / (scales[Math.floor(at / width)] ?? 1));
      }
      return numbers;
    });
  }

  #matrix(
    matrix: string,
    shape: readonly number[],
    quantize: (scales: Float32Array) => Int8Array,
  ): QuantizedMatrix {
    const { shape: source, values } = this.read(matrix);
    const [numbers, scales] = [`${matrix}.int8`, `${matrix}.scales`];
    if (this.weights.has(numbers)) return { numbers, scales };
    const found = scalesOfRows(values, source);
    this.add(numbers, {
      type: 'int8',
      shape,
      byteLength: values.length,
      content: () => bytesOf(quantize(found)),
    });
    this.add(scales, {
      type: 'float32',
      shape: [found.length],
      byteLength: found.byteLength,
      content: () => bytesOf(found),
    });
    return { numbers, scales };
  }
}

/** An activation [tokens, width] in eight bits, a scale for each token. */
function quantizeRows(on: Emission, a: string): QuantizedRows {
  const largest = on.max(on.node('Abs', [a]), -1);
  const scales = on.node('Max', [
    on.multiply(largest, on.scalar(1 / ACTIVATION_LIMIT)),
    on.scalar(LEAST_SCALE),
  ]);
  const zero = on.constant({ type: 'uint8', shape: [], data: Uint8Array.of(ACTIVATION_ZERO) });
  const numbers = on.node('QuantizeLinear', [on.divide(a, scales), on.scalar(1), zero]);
  return { numbers, scales, zero };
}

function product(on: Emission, a: QuantizedRows, matrix: QuantizedMatrix): string {
  const sums = on.node('MatMulInteger', [a.numbers, matrix.numbers, a.zero]);
  const float = on.node('Cast', [sums], { to: castTo('float32') });
  return on.multiply(on.multiply(float, a.scales), matrix.scales);
}

function scalesOfRows(
  values: Float32Array,
  [rows = 0, width = 0]: readonly number[],
): Float32Array {
  return Float32Array.from({ length: rows }, (_unused, row) => {
    let largest = 0;
    for (let at = row * width; at < (row + 1) * width; at++) {
      largest = Math.max(largest, Math.abs(values[at] ?? 0));
    }
    return largest === 0 ? 1 : largest / WEIGHT_LIMIT;
  });
}

const MATRIX = /^(shared|lm_head|.*\.(q|k|v|o|wi|wi_0|wi_1|wo))\.weight$/;

/** Everything that activations are multiplied by, and the embedding. */
const isMatrix = (parameter: string): boolean => MATRIX.test(parameter);
