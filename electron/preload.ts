import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import { callNames } from './contract/calls.ts';
import { eventNames } from './contract/events.ts';
import type { StudioEvent } from './contract/events.ts';

/** The channels of `ipc/register.ts`, which a sandboxed preload can't import from main. */
const channels = {
  call: 'studio:call',
  subscribe: 'studio:subscribe',
  event: 'studio:event',
} as const;

const knownCalls: ReadonlySet<string> = new Set(callNames);
const knownEvents: ReadonlySet<string> = new Set(eventNames);

/**
 * All that a page can reach: the contract's calls and its events. No channel name, no file and no
 * Electron object passes through.
 */
contextBridge.exposeInMainWorld('stepwise', {
  /** Puts a call to main; the answer is a call result, never a throw of main's. */
  invoke(name: string, input: unknown): Promise<unknown> {
    if (!knownCalls.has(name)) return Promise.reject(new Error(`There is no call “${name}”.`));
    return ipcRenderer.invoke(channels.call, name, input);
  },
  /** Listens to every event, after a snapshot of the unsettled jobs. Returns how to stop. */
  on(listener: (event: StudioEvent) => void): () => void {
    const forward = (_event: IpcRendererEvent, event: StudioEvent) => {
      if (knownEvents.has(event.name)) listener(event);
    };
    ipcRenderer.on(channels.event, forward);
    ipcRenderer.send(channels.subscribe);
    return () => ipcRenderer.removeListener(channels.event, forward);
  },
});
