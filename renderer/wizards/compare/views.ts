/** What the compare step shows, as its address says; the scores where it says nothing known. */
export const compareViews = [
  'scores',
  'rows',
  'slices',
  'judge',
  'playground',
  'money',
  'report',
] as const;
export type CompareView = (typeof compareViews)[number];

export const compareView = (view: string | null): CompareView =>
  compareViews.find((each) => each === view) ?? 'scores';

/** The scores are the step's own screen, and have no address of their own. */
export const compareAddress = (view: CompareView): string | null =>
  view === 'scores' ? null : view;
