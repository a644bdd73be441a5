import type { Engine } from './engine.ts';

/** ONNX Runtime's CPU provider: always there, the embedded default. */
export declare function openCpuEngine(options?: { threads?: number }): Promise<Engine>;
