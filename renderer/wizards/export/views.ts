/** What the Export step shows: what there is, or the wizard, from the start or with a student chosen. */
export type ExportView =
  { readonly at: 'list' } | { readonly at: 'wizard'; readonly runId: string | null };

/** `new`, or `new:` and a run's id; anything else is the list. */
export function exportView(view: string | null): ExportView {
  if (view === 'new') return { at: 'wizard', runId: null };
  if (view?.startsWith('new:')) return { at: 'wizard', runId: view.slice('new:'.length) };
  return { at: 'list' };
}
