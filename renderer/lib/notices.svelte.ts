import type { StudioFailure } from './failure.ts';

/** What can be done about what a notice says: its button, and what that does. */
export interface NoticeAction {
  readonly text: string;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly failure: StudioFailure | null;
  readonly href: string | null;
  readonly action: NoticeAction | null;
}

const lastsMilliseconds = 5_000;
/** With something to decide on. */
const lastsWithAction = 12_000;

/** Short notes in the corner. Good news goes by itself; bad news stays until it is dismissed. */
export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  good(text: string, href: string | null = null, action: NoticeAction | null = null): void {
    const id = this.#add({ tone: 'good', text, failure: null, href, action });
    setTimeout(() => this.dismiss(id), action ? lastsWithAction : lastsMilliseconds);
  }

  bad(text: string, failure: StudioFailure | null = null, href: string | null = null): void {
    this.#add({ tone: 'bad', text, failure, href, action: null });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list.slice(-3), { ...notice, id }];
    return id;
  }
}
