export const steps = [
  'data',
  'teacher',
  'rationales',
  'split',
  'train',
  'compare',
  'export',
] as const;
export type Step = (typeof steps)[number];

export type Route =
  | { readonly at: 'home' }
  | { readonly at: 'new' }
  | {
      readonly at: 'project';
      readonly projectId: string;
      readonly step: Step;
      /** A wizard or a row inside the step; null for the step's own screen. */
      readonly view: string | null;
    };

const isStep = (text: string | undefined): text is Step => steps.some((step) => step === text);

/** `#/`, `#/new`, `#/p/<project>/<step>` and `#/p/<project>/<step>/<view>`; anything else is home. */
export function parseRoute(hash: string): Route {
  const [first, projectId, step, view] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode);
  if (first === 'new') return { at: 'new' };
  if (first !== 'p' || !projectId) return { at: 'home' };
  return { at: 'project', projectId, step: isStep(step) ? step : 'data', view: view || null };
}

export function href(route: Route): string {
  if (route.at === 'home') return '#/';
  if (route.at === 'new') return '#/new';
  const parts = [route.projectId, route.step, ...(route.view === null ? [] : [route.view])];
  return `#/p/${parts.map(encodeURIComponent).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the person is, kept in the address so that reload and back work. */
export class Router {
  route = $state.raw<Route>(parseRoute(location.hash));

  /** Follows the address until the returned function is called. */
  start(): () => void {
    const follow = () => (this.route = parseRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }

  go(route: Route): void {
    this.route = route;
    location.hash = href(route);
  }

  /** Goes to what is another look at the same place: the way back leads past it. */
  replace(route: Route): void {
    this.route = route;
    history.replaceState(history.state, '', href(route));
  }

  /** A step of the project that is open. */
  step(projectId: string, step: Step, view: string | null = null): string {
    return href({ at: 'project', projectId, step, view });
  }
}
