import {
  inputOf,
  nth,
  sameShape,
  showShape,
  type Dimension,
  type Node,
  type Operation,
  type Shape,
} from '../graph.ts';
import { unbroadcast } from './shape.ts';

/** Arithmetic on corresponding elements, with NumPy's broadcasting. */

const sameAsFirst = (inputs: readonly Shape[]): Shape => nth(inputs, 0);

/** The common shape of two arrays; axes of size 1, or absent ones, stretch. */
export function broadcastShape(inputs: readonly Shape[]): Shape {
  const [a, b] = [nth(inputs, 0), nth(inputs, 1)];
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_unused, axis): Dimension => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`${x} and ${y} do not broadcast`);
    return x === 1 ? y : x;
  });
}

const addOperation: Operation = {
  name: 'add',
  shape: broadcastShape,
  vjp: (node, d) => node.inputs.map((input) => () => unbroadcast(d, input.shape)),
  compute: ({ on, input }) => on.add(input(0), input(1)),
};

export const add = (a: Node, b: Node): Node => a.graph.apply(addOperation, [a, b]);

const subtractOperation: Operation = {
  name: 'subtract',
  shape: broadcastShape,
  vjp: (node, d) => [
    () => unbroadcast(d, inputOf(node, 0).shape),
    () => unbroadcast(scale(d, -1), inputOf(node, 1).shape),
  ],
  compute: ({ on, input }) => on.subtract(input(0), input(1)),
};

export const subtract = (a: Node, b: Node): Node => a.graph.apply(subtractOperation, [a, b]);

const multiplyOperation: Operation = {
  name: 'multiply',
  shape: broadcastShape,
  vjp: (node, d) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [
      () => unbroadcast(multiply(d, b), a.shape), //
      () => unbroadcast(multiply(d, a), b.shape),
    ];
  },
  compute: ({ on, input }) => on.multiply(input(0), input(1)),
};

export const multiply = (a: Node, b: Node): Node => a.graph.apply(multiplyOperation, [a, b]);

const divideOperation: Operation = {
  name: 'divide',
  shape: broadcastShape,
  vjp: (node, d) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [
      () => unbroadcast(divide(d, b), a.shape),
      () => unbroadcast(scale(divide(multiply(d, node), b), -1), b.shape),
    ];
  },
  compute: ({ on, input }) => on.divide(input(0), input(1)),
};

export const divide = (a: Node, b: Node): Node => a.graph.apply(divideOperation, [a, b]);

/** `factor * a`, the factor fixed when the graph is built. */
export function scale(a: Node, factor: number): Node {
  const operation: Operation = {
    name: 'scale',
    shape: sameAsFirst,
    vjp: (_node, d) => [() => scale(d, factor)],
    compute: ({ on, input }) => on.multiply(input(0), on.scalar(factor)),
  };
  return a.graph.apply(operation, [a]);
}

const addAllOperation: Operation = {
  name: 'addAll',
  shape: (inputs) => {
    const first = sameAsFirst(inputs);
    const other = inputs.find((shape) => !sameShape(shape, first));
    if (other !== undefined) throw new RangeError(`${showShape(other)} is another shape`);
    return first;
  },
  vjp: (node, d) => node.inputs.map(() => () => d),
  compute: ({ on, inputs }) => inputs.reduce((total, next) => on.add(total, next)),
};

/** The sum of equally shaped values; one value is returned as it is. */
export function addAll(values: readonly Node[]): Node {
  const first = nth(values, 0);
  return values.length === 1 ? first : first.graph.apply(addAllOperation, values);
}

const reluOperation: Operation = {
  name: 'relu',
  shape: sameAsFirst,
  vjp: (node, d) => [() => node.graph.apply(reluGradientOperation, [d, node])],
  compute: ({ on, input }) => on.relu(input(0)),
};

export const relu = (a: Node): Node => a.graph.apply(reluOperation, [a]);

/** Passes the cotangent where relu's result is above zero. */
const reluGradientOperation: Operation = {
  name: 'reluGradient',
  shape: sameAsFirst,
  compute: ({ on, input }) => on.multiply(input(0), on.step(input(1))),
};

/** GELU's constants in the tanh approximation (Hendrycks and Gimpel 2016, `gelu_new` in Hugging Face). */
const GELU_CUBIC = 0.044715;
const GELU_SCALE = 2 * Math.sqrt(2 / Math.PI);

/**
 * 0.5 x (1 + tanh(u)) equals x sigmoid(2u), which takes fewer passes over memory;
 * 2u = GELU_SCALE (x + GELU_CUBIC x^3).
 */
const geluOperation: Operation = {
  name: 'gelu',
  shape: sameAsFirst,
  auxiliaries: { sigmoid: sameAsFirst, square: sameAsFirst },
  vjp: (node, d) => [
    () => {
      const { graph } = node;
      const sigmoid = graph.auxiliary(node, 'sigmoid');
      const square = graph.auxiliary(node, 'square');
      return graph.apply(geluGradientOperation, [d, node, sigmoid, square]);
    },
  ],
  compute: ({ on, input, keep }) => {
    const x = input(0);
    const square = on.multiply(x, x);
    const cubic = on.multiply(square, on.scalar(GELU_SCALE * GELU_CUBIC));
    const sigmoid = on.sigmoid(on.multiply(x, on.add(cubic, on.scalar(GELU_SCALE))));
    keep('sigmoid', sigmoid);
    keep('square', square);
    return on.multiply(x, sigmoid);
  },
};

/** The tanh approximation of the Gaussian error linear unit. */
export const gelu = (a: Node): Node => a.graph.apply(geluOperation, [a]);

/** With s the sigmoid and y = x s: dy/dx = s + y (1 - s) d(2u)/dx. */
const geluGradientOperation: Operation = {
  name: 'geluGradient',
  shape: sameAsFirst,
  compute: ({ on, input }) => {
    const [d, y, sigmoid, square] = [input(0), input(1), input(2), input(3)];
    const quadratic = on.multiply(square, on.scalar(3 * GELU_SCALE * GELU_CUBIC));
    const slope = on.add(quadratic, on.scalar(GELU_SCALE));
    const rest = on.subtract(on.scalar(1), sigmoid);
    const curve = on.multiply(on.multiply(y, rest), slope);
    return on.multiply(d, on.add(curve, sigmoid));
  },
};
