import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

export interface SystemMemory {
  /** Bytes that a new process can have without anything being swapped out. */
  readonly available: number;
  readonly total: number;
}

/**
 * Memory of this machine, within the limit that this process was started under, if there is one. Linux
 * itself says what is available: files that it only keeps at hand are not in anybody's way.
 */
export function systemMemory(): SystemMemory {
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(totalmem(), limit) : totalmem();
  const free = [availableOf(meminfo()) ?? freemem(), process.availableMemory()];
  return { available: Math.min(total, ...free.filter((bytes) => bytes > 0)), total };
}

/** Of the text of `/proc/meminfo`, in bytes; null where it does not say. */
export function availableOf(text: string): number | null {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? null : 1024 * Number(kilobytes);
}

function meminfo(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync('/proc/meminfo', 'utf8');
  } catch {
    return '';
  }
}
