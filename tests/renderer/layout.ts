/** jsdom lays nothing out, so nothing has a size that could change: what components ask all the same. */
export class NoResizeObserver {
  observe(): void {
    return undefined;
  }
  unobserve(): void {
    return undefined;
  }
  disconnect(): void {
    return undefined;
  }
}
