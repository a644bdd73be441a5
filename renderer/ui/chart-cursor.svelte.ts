/** Where charts that belong together are read: one place on the axis that they share; null: at their end. */
export class ChartCursor {
  at = $state<number | null>(null);
}
