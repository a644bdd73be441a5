/**
 * Tallest element that is laid out exactly: from 2^24 pixels on, a scroll position is no longer
 * kept to the pixel, and Chromium ends at 2^25.
 */
export const tallest = 16_000_000;

/** The heights that decide where rows stand, in pixels. */
export interface Extent {
  /** Of all rows together. */
  readonly rows: number;
  /** Of the part that is seen. */
  readonly view: number;
}

/**
 * Where a table stands whose rows together may be taller than an element can be. The element that
 * scrolls is `height` tall; rows stand as if it were taller: small movements move them by as much,
 * large ones (a dragged scroll bar, a jump) by as much more as they are taller.
 */
export class ScrollScale {
  /** Pixels of rows above the part that is seen. */
  top = 0;
  /** The scroll position that `top` was last worked out from. */
  #scrollTop = 0;
  readonly #extent: Extent;

  constructor(extent: Extent) {
    this.#extent = extent;
  }

  /** Of the element that scrolls. */
  get height(): number {
    return Math.min(this.#extent.rows, tallest);
  }

  get #mostTop(): number {
    return Math.max(0, this.#extent.rows - this.#extent.view);
  }
  get #mostScroll(): number {
    return Math.max(0, this.height - this.#extent.view);
  }

  /** The scroll position that fits `top`. */
  get scrollTop(): number {
    if (this.#mostTop === 0) return 0;
    return Math.round((this.top / this.#mostTop) * this.#mostScroll);
  }

  /** Follows the element after it was scrolled. */
  follow(scrollTop: number): void {
    const moved = scrollTop - this.#scrollTop;
    const near = Math.abs(moved) <= 2 * this.#extent.view;
    this.#scrollTop = scrollTop;
    if (this.#mostScroll === this.#mostTop) this.top = scrollTop;
    else if (scrollTop <= 0) this.top = 0;
    else if (scrollTop >= this.#mostScroll) this.top = this.#mostTop;
    else if (near) this.top = this.#within(this.top + moved);
    else this.top = (scrollTop / this.#mostScroll) * this.#mostTop;
  }

  /** Moves by itself; gives the scroll position that the element is to take. */
  moveTo(top: number): number {
    this.top = this.#within(top);
    this.#scrollTop = this.scrollTop;
    return this.#scrollTop;
  }

  /** The same place in other heights. */
  resized(extent: Extent): ScrollScale {
    const next = new ScrollScale(extent);
    next.moveTo(this.top);
    return next;
  }

  #within(top: number): number {
    return Math.min(this.#mostTop, Math.max(0, top));
  }
}

/** The least movement after which a row is wholly in view. */
export function topToShow(
  index: number,
  rowHeight: number,
  { top, view }: { top: number; view: number },
): number {
  const rowTop = index * rowHeight;
  if (rowTop < top) return rowTop;
  return Math.max(top, rowTop + rowHeight - view);
}
