import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import LongText from '../../renderer/ui/LongText.svelte';

describe('a long text', () => {
  it('is cut until it is asked for, and stays text', async () => {
    const text = `<b>${'word '.repeat(2_000)}</b>`;
    const { container } = render(LongText, { text });
    expect(container.textContent?.length).toBeLessThan(600);
    expect(container.querySelector('b')).toBeNull();
    const button = screen.getByRole('button', { name: 'Show all' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await fireEvent.click(button);
    expect(container.textContent).toContain(text);
    expect(screen.getByRole('button', { name: 'Show less' })).toBeTruthy();
  });

  it('of ordinary length is simply shown', () => {
    render(LongText, { text: 'Two and two?' });
    expect(screen.getByText('Two and two?')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
