/** How a person looks at curves; kept while the app is open, from one run to the next. */
class CurveView {
  log = $state(false);
  /** Weight of what was in an exponential moving average, 0 to 0.99; 0 shows the values themselves. */
  smoothing = $state(0);
}

export const curveView = new CurveView();

export const runTabs = ['learning', 'samples', 'gradients', 'machine', 'settings'] as const;

/** Which side of a run is shown; the same one when another run is chosen. */
class DetailView {
  tab = $state<(typeof runTabs)[number]>('learning');
}

export const detailView = new DetailView();
