import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import Stepper from '../../renderer/ui/Stepper.svelte';

const children = createRawSnippet(() => ({ render: () => '<p>the step</p>' }));
const props = (more: object = {}) => ({
  label: 'Import',
  steps: ['File', 'Columns', 'Part'],
  current: 1,
  onmove: vi.fn(),
  onnext: vi.fn(),
  children,
  ...more,
});

describe('the stepper', () => {
  it('marks the current step, and says it aloud', () => {
    render(Stepper, props());
    const current = screen
      .getAllByRole('listitem')
      .filter((item) => item.getAttribute('aria-current') === 'step');
    expect(current.map((item) => item.textContent?.trim())).toEqual(['2Columns']);
    expect(screen.getByText('Step 2 of 3: Columns')).toBeTruthy();
  });

  it('goes back by name to earlier steps only', async () => {
    const given = props();
    render(Stepper, given);
    expect(screen.queryByRole('button', { name: /Part/ })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: /File/ }));
    expect(given.onmove).toHaveBeenCalledWith(0);
  });

  it('goes on and back by its buttons', async () => {
    const given = props({ nextLabel: 'Start' });
    render(Stepper, given);
    await fireEvent.click(screen.getByRole('button', { name: 'Start' }));
    expect(given.onnext).toHaveBeenCalledOnce();
    await fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(given.onmove).toHaveBeenCalledWith(0);
  });

  it('does not go on while the step is unanswered or busy', async () => {
    const unanswered = props({ canNext: false });
    const { unmount } = render(Stepper, unanswered);
    const next = screen.getByRole<HTMLButtonElement>('button', { name: 'Continue' });
    expect(next.disabled).toBe(true);
    unmount();
    const busy = props({ busy: true });
    render(Stepper, busy);
    const working = screen.getByRole<HTMLButtonElement>('button', { name: 'Continue' });
    expect(working.getAttribute('aria-disabled')).toBe('true');
    working.focus();
    await fireEvent.click(working);
    expect(busy.onnext).not.toHaveBeenCalled();
    expect(document.activeElement, 'work under way takes the focus from no one').toBe(working);
  });

  it('has no way back from the first step, and cancels where that is offered', async () => {
    const oncancel = vi.fn();
    render(Stepper, props({ current: 0, oncancel }));
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(oncancel).toHaveBeenCalledOnce();
  });

  it('goes to a field that is wrong instead of on, even in a closed part', async () => {
    const wrong = createRawSnippet(() => ({
      render: () => '<details><summary>More</summary><input aria-invalid="true" /></details>',
    }));
    const given = props({ children: wrong });
    render(Stepper, given);
    await fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
    expect(given.onnext).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(screen.getByRole('textbox'));
    expect(screen.getByRole('group').hasAttribute('open')).toBe(true);
  });

  it('begins each new step at its first control for the keyboard', async () => {
    const { rerender } = render(Stepper, props({ current: 0 }));
    screen.getByRole('button', { name: 'Continue' }).focus();
    await rerender({ current: 1 });
    const focused = document.activeElement;
    expect(focused?.textContent).toBe('the step');
    expect(focused?.querySelector('button')).toBeNull();
  });
});
