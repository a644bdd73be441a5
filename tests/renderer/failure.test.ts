import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StudioFailure, toFailure } from '../../renderer/lib/failure.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { Action, Resource } from '../../renderer/lib/resource.svelte.ts';
import Failure from '../../renderer/ui/Failure.svelte';

const failure = new StudioFailure('rows-missing', 'There are no rows.', 'Import a file first.');

afterEach(() => i18n.use('en'));

describe('a failure on screen', () => {
  it('says what happened and what to do next, as an alert', () => {
    render(Failure, { failure });
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('There are no rows.');
    expect(alert.textContent).toContain('Import a file first.');
  });

  it('has a heading in Korean above the words of main', () => {
    i18n.use('ko');
    render(Failure, { failure });
    expect(screen.getByRole('alert').textContent).toMatch(
      /필요한 행이 없습니다.*There are no rows\./s,
    );
  });

  it('says in Korean what to do next where that does not depend on the case', () => {
    i18n.use('ko');
    const capped = new StudioFailure('budget-reached', 'The budget of $1 is reached.', 'Raise it.');
    render(Failure, { failure: capped });
    const shown = screen.getByRole('alert').textContent;
    expect(shown).toMatch(/예산을 넘기 전에.*The budget of \$1 is reached\..*예산을 올리고/s);
    expect(shown).not.toContain('Raise it.');
  });

  it('keeps the advice of main where it depends on the case', () => {
    i18n.use('ko');
    render(Failure, { failure: new StudioFailure('teacher-failed', 'It said: no.', 'Do this.') });
    expect(screen.getByRole('alert').textContent).toMatch(/처리하지 못했습니다.*no\..*Do this\./s);
  });

  it('offers to try again where that helps', async () => {
    const retry = vi.fn();
    render(Failure, { failure, retry });
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it('is not there without a failure', () => {
    render(Failure, { failure: null });
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('toFailure', () => {
  it('keeps a failure and wraps anything else', () => {
    expect(toFailure(failure)).toBe(failure);
    expect(toFailure(new Error('odd'))).toMatchObject({ code: 'internal' });
    expect(toFailure('text').message).toContain('text');
  });
});

describe('an action', () => {
  it('keeps its failure, and forgets it when it is tried again', async () => {
    const action = new Action();
    await expect(action.run(() => Promise.reject(failure))).resolves.toBe(false);
    expect(action.failure).toBe(failure);
    await expect(action.run(() => Promise.resolve())).resolves.toBe(true);
    expect(action.failure).toBeNull();
  });

  it('is not started twice', async () => {
    const action = new Action();
    let finish = (): void => undefined;
    const first = action.run(() => new Promise<void>((done) => (finish = done)));
    await expect(action.run(() => Promise.resolve())).resolves.toBe(false);
    finish();
    await expect(first).resolves.toBe(true);
  });
});

describe('a resource', () => {
  it('drops an answer that a later question overtook', async () => {
    const answers: ((text: string) => void)[] = [];
    const resource = new Resource(() => new Promise<string>((done) => answers.push(done)));
    const first = resource.load();
    const second = resource.load();
    answers[1]?.('new');
    answers[0]?.('old');
    await Promise.all([first, second]);
    expect(resource.value).toBe('new');
  });

  it('keeps the last answer when asking again fails', async () => {
    let fails = false;
    const resource = new Resource(() => (fails ? Promise.reject(failure) : Promise.resolve(1)));
    await resource.load();
    fails = true;
    await resource.load();
    expect(resource.value).toBe(1);
    expect(resource.failure).toBe(failure);
  });
});
