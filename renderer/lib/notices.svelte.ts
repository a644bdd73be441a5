import type { StudioFailure } from './failure.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly failure: StudioFailure | null;
  readonly href: string | null;
}

const lastsMilliseconds = 5_000;

/** Short notes in the corner. Good news goes by itself; bad news stays until it is dismissed. */
export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  good(text: string, href: string | null = null): void {
    const id = this.#add({ tone: 'good', text, failure: null, href });
    setTimeout(() => this.dismiss(id), lastsMilliseconds);
  }

  bad(text: string, failure: StudioFailure | null = null, href: string | null = null): void {
    this.#add({ tone: 'bad', text, failure, href });
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
