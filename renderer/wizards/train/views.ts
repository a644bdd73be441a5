/** What the train step shows, as its address says. */
export type TrainView =
  | { readonly at: 'runs'; readonly runId: string | null }
  | { readonly at: 'wizard'; readonly from: string | null }
  | { readonly at: 'import' }
  | { readonly at: 'plan'; readonly kind: StudyKind }
  | { readonly at: 'study'; readonly studyId: string };

export const studyKinds = ['bake-off', 'data-size', 'sweep'] as const;
export type StudyKind = (typeof studyKinds)[number];

/** The ways to begin: one student, or a study of several. */
export const ways = ['new', ...studyKinds] as const;

/** The address at which a student is taken in. */
export const importView = 'import';

/** Addresses of the train step that hold an id. */
export const runView = (runId: string): string => `run:${runId}`;
export const againView = (runId: string): string => `again:${runId}`;
export const studyView = (studyId: string): string => `study:${studyId}`;

/** Reads an address; one that says nothing known is the list of runs. */
export function trainView(view: string | null): TrainView {
  const kind = studyKinds.find((each) => each === view);
  if (kind !== undefined) return { at: 'plan', kind };
  if (view === 'new') return { at: 'wizard', from: null };
  if (view === importView) return { at: 'import' };
  const [what, ...rest] = (view ?? '').split(':');
  const id = rest.join(':');
  if (id !== '') {
    if (what === 'again') return { at: 'wizard', from: id };
    if (what === 'study') return { at: 'study', studyId: id };
    if (what === 'run') return { at: 'runs', runId: id };
  }
  return { at: 'runs', runId: null };
}
