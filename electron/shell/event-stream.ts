import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StudioEvent } from '../contract/events.ts';
import { securityHeaders } from './security.ts';

const heartbeatMilliseconds = 15_000;
/** A reader this many bytes behind is cut off; it comes back by itself and gets a fresh snapshot. */
const largestBacklog = 4_000_000;

/**
 * Sends events as server-sent events until the reader goes away.
 *
 * @param subscribe adds a listener and returns how to take it back; the listener is first given
 *   every unsettled job
 */
export function streamEvents(
  request: IncomingMessage,
  response: ServerResponse,
  subscribe: (listener: (event: StudioEvent) => void) => () => void,
): void {
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.write('retry: 1000\n\n');
  const unsubscribe = subscribe((event) => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > largestBacklog) response.destroy();
  });
  // A comment line keeps the connection known to be alive on both sides.
  const heartbeat = setInterval(() => response.write(': here\n\n'), heartbeatMilliseconds);
  heartbeat.unref();
  const stop = () => {
    clearInterval(heartbeat);
    unsubscribe();
  };
  response.once('close', stop);
  request.once('error', () => response.destroy());
}
