import type { Handlers } from '../contract/calls.ts';
import { toErrorValue } from '../contract/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import { answerHandlers } from './handlers/answers.ts';
import { appHandlers } from './handlers/app.ts';
import { compareHandlers } from './handlers/compare.ts';
import { comparedRowHandlers } from './handlers/compared-rows.ts';
import { costHandlers } from './handlers/costs.ts';
import { dataExportHandlers } from './handlers/data-export.ts';
import type { HandlerDeps } from './handlers/deps.ts';
import { engineHandlers } from './handlers/engines.ts';
import { exportHandlers } from './handlers/export.ts';
import { extractHandlers } from './handlers/extract.ts';
import { fileHandlers } from './handlers/files.ts';
import { healthHandlers } from './handlers/health.ts';
import { importStudentHandlers } from './handlers/import-student.ts';
import { importHandlers } from './handlers/import.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { judgeHandlers } from './handlers/judge.ts';
import { playgroundHandlers } from './handlers/playground.ts';
import { priceHandlers } from './handlers/prices.ts';
import { projectHandlers } from './handlers/projects.ts';
import { reportHandlers } from './handlers/report.ts';
import { reviewHandlers } from './handlers/reviews.ts';
import { rowHandlers } from './handlers/rows.ts';
import { scoreboardHandlers } from './handlers/scoreboard.ts';
import { sliceHandlers } from './handlers/slices.ts';
import { splitHandlers } from './handlers/split.ts';
import { studentHandlers } from './handlers/students.ts';
import { studyHandlers } from './handlers/studies.ts';
import { teacherHandlers } from './handlers/teacher.ts';
import { templateHandlers } from './handlers/templates.ts';
import { trainHandlers } from './handlers/train.ts';
import { viewHandlers } from './handlers/views.ts';
import { forbiddenCall } from './answer.ts';
import type { Studio } from './studio.ts';

/** One handler for every call of the contract: a missing one does not compile. */
export function createHandlers(deps: HandlerDeps): Handlers {
  return {
    ...appHandlers(deps),
    ...projectHandlers(deps),
    ...fileHandlers(deps),
    ...importHandlers(deps),
    ...templateHandlers(deps),
    ...teacherHandlers(deps),
    ...priceHandlers(deps),
    ...extractHandlers(deps),
    ...answerHandlers(deps),
    ...rowHandlers(deps),
    ...healthHandlers(deps),
    ...reviewHandlers(deps),
    ...viewHandlers(deps),
    ...sliceHandlers(deps),
    ...judgeHandlers(deps),
    ...splitHandlers(deps),
    ...trainHandlers(deps),
    ...importStudentHandlers(deps),
    ...studentHandlers(deps),
    ...studyHandlers(deps),
    ...compareHandlers(deps),
    ...comparedRowHandlers(deps),
    ...scoreboardHandlers(deps),
    ...costHandlers(deps),
    ...playgroundHandlers(deps),
    ...exportHandlers(deps),
    ...dataExportHandlers(deps),
    ...reportHandlers(deps),
    ...jobHandlers(deps),
    ...engineHandlers(deps),
  } satisfies Handlers;
}

/** The channels between preload and main. */
export const channels = {
  /** `invoke(name, input)`, answered with a call result. */
  call: 'studio:call',
  /** `send()`: asks for events from now on; the snapshot comes first. */
  subscribe: 'studio:subscribe',
  /** Main to renderer: one studio event. */
  event: 'studio:event',
} as const;

/** The part of Electron's `WebContents` that events are sent through. */
export interface EventTarget {
  isDestroyed(): boolean;
  send(channel: string, event: StudioEvent): void;
  once(event: 'destroyed', listener: () => void): unknown;
}

/** The part of Electron's `ipcMain` that is used here; `Event` is its invoke event. */
export interface IpcMainLike<Event extends { readonly sender: EventTarget }> {
  handle(channel: string, listener: (event: Event, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: Event, ...args: unknown[]) => void): unknown;
}

/**
 * Connects a studio to Electron's message channels. Messages of senders that are not trusted (a
 * frame that is not the application's own page) are refused before they are read.
 */
export function registerIpc<Event extends { readonly sender: EventTarget }>(
  ipcMain: IpcMainLike<Event>,
  studio: Pick<Studio, 'call' | 'on'>,
  isTrustedSender: (event: Event) => boolean,
): void {
  ipcMain.handle(channels.call, async (event, name, input) => {
    try {
      if (!isTrustedSender(event) || typeof name !== 'string') {
        return { ok: false, error: forbiddenCall() };
      }
      return await studio.call(name, input);
    } catch (caught) {
      return { ok: false, error: toErrorValue(caught) };
    }
  });

  const subscriptions = new Map<EventTarget, () => void>();
  ipcMain.on(channels.subscribe, (event) => {
    if (!isTrustedSender(event)) return;
    const { sender } = event;
    const earlier = subscriptions.get(sender);
    // A page that was loaded again asks again: its new listener gets the snapshot, once.
    if (earlier) earlier();
    else sender.once('destroyed', () => subscriptions.get(sender)?.());
    subscriptions.set(
      sender,
      studio.on((studioEvent) => {
        if (!sender.isDestroyed()) sender.send(channels.event, studioEvent);
      }),
    );
  });
}
