import { describe, expect, it } from 'vitest';
import type { EngineId } from '../../../../electron/contract/entities.ts';
import { StudioError } from '../../../../electron/contract/errors.ts';
import {
  recommendFastest,
  unusableReport,
  usableReport,
} from '../../../../electron/model/engines/report.ts';

const measured = (id: EngineId, stepMilliseconds: number, fallbacks: string[] = []) =>
  usableReport({
    id,
    device: id === 'webgpu' ? 'SwiftShader, a software adapter' : null,
    threads: 2,
    figures: { gflops: 50, stepMilliseconds, projected: stepMilliseconds > 3_000, fallbacks },
  });
const recommended = (times: Partial<Record<EngineId, number>>): string[] => {
  const ids: EngineId[] = ['cpu', 'webgpu', 'cuda', 'tensorflow'];
  const reports = ids.flatMap((id) => {
    const time = times[id];
    return time === undefined ? [] : [measured(id, time)];
  });
  return recommendFastest(reports)
    .filter((report) => report.recommended)
    .map(({ id }) => id);
};

describe('the recommendation', () => {
  it('goes to the fastest measured step, not to a GPU for being one', () => {
    expect(recommended({ cpu: 100, cuda: 10 })).toEqual(['cuda']);
    expect(recommended({ cpu: 100, webgpu: 9_000 })).toEqual(['cpu']);
    expect(recommended({ cpu: 100, webgpu: 20, cuda: 10 })).toEqual(['cuda']);
    expect(recommended({ webgpu: 20, cuda: 30 })).toEqual(['webgpu']);
  });

  it('stays with the processor when another is hardly faster', () => {
    expect(recommended({ cpu: 100, tensorflow: 85 })).toEqual(['cpu']);
    expect(recommended({ cpu: 100, tensorflow: 75 })).toEqual(['tensorflow']);
  });

  it('is not given without measurements', () => {
    const quick = usableReport({ id: 'cpu', device: null, threads: 1, figures: null });
    expect(recommendFastest([quick])).toEqual([quick]);
  });

  it('says how the others compare', () => {
    const reports = recommendFastest([measured('cpu', 100), measured('webgpu', 26_000)]);
    expect(reports[0]?.detail).toMatch(
      /Recommended: no other engine here trains clearly faster\.$/,
    );
    expect(reports[1]?.detail).toMatch(
      /Its training step takes 260 times as long as that of cpu\.$/,
    );
  });
});

describe('a report', () => {
  it('says what is notable: a software adapter, a projected time, operations on the processor', () => {
    const { detail, fallbacks } = measured('webgpu', 9_000, ['decoder step: Cast (argmax)']);
    expect(detail).toBe(
      'ONNX Runtime’s WebGPU provider on SwiftShader, a software adapter. It computes on the processor: good for checking results, not for training. Its step time is projected from that of one row. On the processor run: decoder step: Cast (argmax).',
    );
    expect(fallbacks).toEqual(['decoder step: Cast (argmax)']);
  });

  it('joins reason and help of an engine that cannot be used', () => {
    const error = new StudioError('engine-failed', 'No GPU\nwas found.', 'Use the processor.');
    expect(unusableReport('cuda', error)).toMatchObject({
      available: false,
      detail: 'No GPU was found. Use the processor.',
      gflops: null,
      recommended: false,
    });
  });
});
