import { i18n } from '../../lib/i18n/index.svelte.ts';
import type { CurveKind } from './curve-kinds.ts';

/** A value of a curve as a person reads it. */
export function curveShown(kind: CurveKind, value: number): string {
  const f = i18n.format;
  if (kind === 'validation') return f.percent(value);
  if (kind === 'memory') return f.bytes(value);
  return f.short(value);
}
