import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { EngineReport } from '../../electron/contract/entities.ts';
import EngineList from '../../renderer/wizards/train/EngineList.svelte';
import { FakeTransport, inApp } from './fakes.ts';

const report = (changes: Partial<EngineReport>): EngineReport => ({
  id: 'cpu',
  available: true,
  detail: 'On the processor.',
  device: 'A processor',
  gflops: null,
  stepMilliseconds: null,
  fallbacks: [],
  recommended: false,
  ...changes,
});

describe('the engines on the training screen', () => {
  it('are listed at once, and measured when a person asks, again and again', async () => {
    let measured = 0;
    const transport = new FakeTransport({
      'engines.list': (input) => {
        const figures = { gflops: 61.4, stepMilliseconds: 101 + measured, recommended: true };
        if (JSON.stringify(input) !== '{"measure":true}') return [report({})];
        measured += 1;
        return [report(figures), report({ id: 'webgpu', available: false, detail: 'No adapter.' })];
      },
    });
    render(EngineList, { context: inApp(transport).context });
    await screen.findByText(/usable · On the processor\./);
    expect(transport.inputsOf('engines.list')).toEqual([{ measure: false }]);

    const button = screen.getByRole('button', { name: 'Measure how fast they are' });
    await fireEvent.click(button);
    await screen.findByText(/usable · 61 GFLOP\/s, 100 ms a step · On the processor\./);
    await screen.findByText(/not usable · No adapter\./);
    await fireEvent.click(button);
    await expect.poll(() => measured).toBe(2);
    expect(transport.inputsOf('engines.list')).toHaveLength(3);
  });
});
