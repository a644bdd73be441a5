import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import type { OnnxRuntime } from '../model/portable/onnx.ts';

/** ONNX Runtime, compiled to WebAssembly: the same file runs wherever Node does. */
export interface Runtime extends OnnxRuntime {
  /** For example `ONNX Runtime 1.30.0 (WebAssembly)`. */
  readonly name: string;
}

/**
 * @param wasm the runtime's compiled code, so that nothing is fetched
 */
export function openRuntime(wasm: Uint8Array<ArrayBuffer>): Runtime {
  env.wasm.wasmBinary = wasm;
  // In Node its threads would need files beside this one.
  env.wasm.numThreads = 1;
  env.logLevel = 'error';
  const version = env.versions.web ?? env.versions.common;
  return { InferenceSession, Tensor, name: `ONNX Runtime ${version} (WebAssembly)` };
}
