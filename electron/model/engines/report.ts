import type { EngineId, EngineReport } from '../../contract/entities.ts';
import type { StudioError } from '../../contract/errors.ts';
import type { EngineFigures } from './measure.ts';

/** Says in plain words what was found out about each engine. */

/** An engine that opened and computed. */
export interface FoundEngine {
  readonly id: EngineId;
  readonly device: string | null;
  readonly threads: number;
  /** Null when it was not measured. */
  readonly figures: EngineFigures | null;
}

export function usableReport(found: FoundEngine): EngineReport {
  const { id, device, figures } = found;
  return {
    id,
    available: true,
    detail: [what(found), ...remarks(found)].join(' '),
    device,
    gflops: figures?.gflops ?? null,
    stepMilliseconds: figures?.stepMilliseconds ?? null,
    fallbacks: [...(figures?.fallbacks ?? [])],
    recommended: false,
  };
}

/** An engine that can't be used: the reason, and what helps. */
export function unusableReport(id: EngineId, error: StudioError): EngineReport {
  return {
    id,
    available: false,
    detail: [error.message, error.hint].join(' ').replace(/\s+/g, ' ').trim(),
    device: null,
    gflops: null,
    stepMilliseconds: null,
    fallbacks: [],
    recommended: false,
  };
}

/** Measured times of one engine differ by this much from run to run on a busy computer. */
const CLEARLY_FASTER = 0.8;

/**
 * Recommends the engine with the fastest measured training step, whatever it runs on: a software
 * adapter or a weak GPU loses to the processor, and so does one that is hardly faster. Nothing is
 * recommended without measurements.
 */
export function recommendFastest(reports: readonly EngineReport[]): EngineReport[] {
  const measured = reports.flatMap((report) => {
    const { id, available, stepMilliseconds } = report;
    return available && stepMilliseconds !== null ? [{ id, time: stepMilliseconds }] : [];
  });
  const weighed = ({ id, time }: { id: EngineId; time: number }): number =>
    id === 'cpu' ? CLEARLY_FASTER * time : time;
  const chosen = measured.toSorted((a, b) => weighed(a) - weighed(b))[0];
  if (chosen === undefined) return [...reports];
  return reports.map((report) => {
    const time = measured.find(({ id }) => id === report.id)?.time;
    if (time === undefined) return report;
    const recommended = report.id === chosen.id;
    const said = recommended
      ? 'Recommended: no other engine here trains clearly faster.'
      : compared(time / chosen.time, chosen.id);
    return { ...report, recommended, detail: `${report.detail} ${said}` };
  });
}

function compared(times: number, chosen: EngineId): string {
  const factor = times < 10 ? times.toFixed(1) : String(Math.round(times));
  return `Its training step takes ${factor} times as long as that of ${chosen}.`;
}

function what({ id, device, threads }: FoundEngine): string {
  const on = device ?? 'an adapter whose name the system does not tell';
  switch (id) {
    case 'cpu': {
      const count = threads === 1 ? '1 thread' : `${threads} threads`;
      return `ONNX Runtime on the processor (${on}, ${count}). Always there, and the default.`;
    }
    case 'webgpu':
      return `ONNX Runtime’s WebGPU provider on ${on}.`;
    case 'cuda':
      return `ONNX Runtime’s CUDA provider on ${on}.`;
    case 'tensorflow':
      return `TensorFlow on ${on}.`;
  }
}

function remarks({ device, figures }: FoundEngine): string[] {
  const said: string[] = [];
  if (device?.includes('software adapter')) {
    said.push('It computes on the processor: good for checking results, not for training.');
  }
  if (figures?.projected) said.push('Its step time is projected from that of one row.');
  if (figures !== null && figures.fallbacks.length > 0) {
    said.push(`On the processor run: ${figures.fallbacks.join('; ')}.`);
  }
  return said;
}
