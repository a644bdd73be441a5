import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
import { batchMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul.js';
import { multipliesSmall, multiplySmall } from '../model/portable/small-products.ts';
import type { WasmMemory } from '../model/optimizer/wasm.ts';

/**
 * The backend's `BatchMatMul` for large products, which XNNPACK computes; attention's many small ones,
 * which it would compute number by number, with {@link multiplySmall} in the backend's memory.
 */
export const quickBatchMatMulConfig: KernelConfig = {
  ...batchMatMulConfig,
  kernelFunc: (call) => {
    const { inputs, backend, attrs } = call;
    const { a, b } = inputs;
    const memory = backend instanceof BackendWasm ? memoryOf(backend.wasm) : null;
    const form = a && b && attrs ? formOf(a, b, attrs) : null;
    if (!(backend instanceof BackendWasm) || !a || !b || memory === null || form === null) {
      return batchMatMulConfig.kernelFunc(call);
    }
    const out = backend.makeOutput([...form.batch, form.rows, form.columns], 'float32');
    multiplySmall(memory, {
      ...form,
      a: backend.getMemoryOffset(a.dataId),
      b: backend.getMemoryOffset(b.dataId),
      out: backend.getMemoryOffset(out.dataId),
    });
    return out;
  },
};

type Matrices = Pick<Tensor, 'shape' | 'dtype'>;

/** The sizes of many small products; null for what the backend's own kernel computes. */
function formOf(a: Matrices, b: Matrices, { transposeA, transposeB: turned }: object & Attributes) {
  const batch = a.shape.slice(0, -2);
  const [rows = 0, inner = 0] = a.shape.slice(-2);
  const transposeB = Boolean(turned);
  const columns = b.shape.at(transposeB ? -2 : -1) ?? 0;
  const count = batch.reduce((product, size) => product * size, 1);
  const alike = batch.join() === b.shape.slice(0, -2).join();
  const fits = !transposeA && alike && inner === b.shape.at(transposeB ? -1 : -2);
  if (!fits || count < 2 || a.dtype !== 'float32' || b.dtype !== 'float32') return null;
  const form = { batch, count, rows, inner, columns, transposeB };
  return multipliesSmall(form) ? form : null;
}

interface Attributes {
  readonly transposeA?: unknown;
  readonly transposeB?: unknown;
}

/** The memory that Emscripten's module has among its exports. */
function memoryOf(module: object): WasmMemory | null {
  const exported: unknown = Reflect.get(module, 'asm');
  if (typeof exported !== 'object' || exported === null) return null;
  const memory: unknown = Reflect.get(exported, 'memory');
  return isMemory(memory) ? memory : null;
}

const isMemory = (value: unknown): value is WasmMemory =>
  typeof value === 'object' &&
  value !== null &&
  'buffer' in value &&
  value.buffer instanceof ArrayBuffer;
