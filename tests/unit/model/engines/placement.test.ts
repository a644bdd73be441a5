import { describe, expect, it } from 'vitest';
import {
  bookkeepingOnly,
  readPlacement,
  summarize,
} from '../../../../electron/model/engines/placement.ts';

const said = (text: string): string =>
  `2026-01-01 [V:onnxruntime:, session_state.cc:1383 VerifyEachNodeIsAssignedToAnEp] ${text}`;

describe('the log of where operations run', () => {
  it('names those on the processor, without the copies between', () => {
    const log = [
      said('Node placements'),
      said(' Node(s) placed on [CPUExecutionProvider]. Number of nodes: 3'),
      said('   Cast (argmax/Cast#v108)'),
      said('   MemcpyToHost (Memcpy)'),
      said('   OneHot (loss/OneHot#v2)'),
      'another line of the log',
      said(' Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 2'),
      said('   Gather (gather/Gather#v0)'),
      said('   MemcpyToHost (Memcpy)'),
    ];
    expect(readPlacement(log.join('\n'))).toEqual([
      'Cast (argmax/Cast#v108)',
      'OneHot (loss/OneHot#v2)',
    ]);
  });

  it('is empty when all operations are on the provider, or when it does not tell', () => {
    const all = said(' All nodes placed on [WebGpuExecutionProvider]. Number of nodes: 579');
    expect(readPlacement(all)).toEqual([]);
    expect(readPlacement('Segmentation fault\n')).toEqual([]);
  });
});

describe('operations on the processor', () => {
  it('are allowed when all only count or move indices', () => {
    expect(bookkeepingOnly(['Cast (a)', 'Shape (b)'])).toBe(true);
    expect(bookkeepingOnly(['Cast (a)', 'Gemm (b)'])).toBe(false);
    // The provider said that there are some: not knowing which is no reason to allow them.
    expect(bookkeepingOnly([])).toBe(false);
  });

  it('are counted by type for a sentence', () => {
    expect(summarize(['Softmax (a)', 'OneHot (b)', 'Softmax (c)'])).toBe('Softmax (2), OneHot (1)');
    expect(summarize([])).toBe('some operations');
  });
});
