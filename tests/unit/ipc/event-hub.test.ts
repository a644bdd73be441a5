import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import { EventHub } from '../../../electron/ipc/event-hub.ts';
import { collectingLog, FakeClock } from '../jobs/support.ts';

function open() {
  const clock = new FakeClock();
  const { log, lines } = collectingLog();
  const hub = new EventHub(log, clock);
  const heard: StudioEvent[] = [];
  const stop = hub.add((event) => heard.push(event));
  const areas = () =>
    heard.flatMap((event) => (event.name === 'saved' ? [event.payload.area] : []));
  const seqs = () => heard.flatMap((event) => (event.name === 'saved' ? [event.payload.seq] : []));
  return { clock, hub, heard, stop, lines, areas, seqs };
}

describe('EventHub', () => {
  it('merges what is saved often, for each area of each project, and tells the last', () => {
    const { clock, hub, areas, seqs } = open();
    for (let n = 0; n < 50; n++) {
      hub.saved('one', 'runs');
      clock.advance(10);
    }
    hub.saved('one', 'data');
    hub.saved('two', 'data');
    clock.advance(1_000);
    expect(areas().filter((area) => area === 'runs')).toHaveLength(4);
    expect(areas().filter((area) => area === 'data')).toHaveLength(2);
    expect(seqs()).toEqual(seqs().toSorted((a, b) => a - b));
    expect(new Set(seqs()).size).toBe(seqs().length);
  });

  it('is not disturbed by a listener that throws, and logs it', () => {
    const { hub, heard, lines } = open();
    hub.add(() => {
      throw new Error('a broken screen');
    });
    const last: StudioEvent[] = [];
    hub.add((event) => last.push(event));
    hub.saved(null, 'projects');
    expect(heard).toHaveLength(1);
    expect(last).toHaveLength(1);
    expect(JSON.stringify(lines)).toContain('a broken screen');
  });

  it('tells nothing after a listener has stopped or the hub is closed', () => {
    const { clock, hub, heard, stop } = open();
    hub.saved('one', 'runs');
    stop();
    clock.advance(1_000);
    hub.saved('one', 'runs');
    expect(heard).toHaveLength(1);
    const late: StudioEvent[] = [];
    hub.add((event) => late.push(event));
    hub.saved('one', 'runs');
    hub.close();
    clock.advance(1_000);
    expect(late).toEqual([]);
  });
});
