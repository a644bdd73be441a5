import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Cores that compute independently. Two threads on the two halves of one core get in each other's
 * way in matrix products, so this, not the count of logical processors, is the number of threads.
 */
export function physicalCores(): number {
  const logical = availableParallelism();
  if (process.platform === 'linux') {
    const cores = linuxCores();
    return cores === null ? logical : Math.min(cores, logical);
  }
  // Arm processors have one thread per core; on x86 elsewhere, assume two.
  return process.arch === 'arm64' ? logical : Math.max(1, Math.ceil(logical / 2));
}

/** Distinct (package, core) pairs of /proc/cpuinfo, or null where it does not tell. */
function linuxCores(): number | null {
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
  return countCores(text);
}

/** Counts the physical cores that a Linux `cpuinfo` text describes; null when it names none. */
export function countCores(cpuinfo: string): number | null {
  const cores = new Set<string>();
  for (const processor of cpuinfo.split(/\n\s*\n/)) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    const chip = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1] ?? '0';
    if (core !== undefined) cores.add(`${chip}/${core}`);
  }
  return cores.size > 0 ? cores.size : null;
}
