import type { FloatType } from '../../halves.ts';

/** Transformers reads `torch_dtype` before version 4.56, and `dtype` since. */
const KEYS = ['torch_dtype', 'dtype'] as const;

/**
 * A `config.json` that says how its weights lie in the file. Only these keys change in the text: a
 * number written as `1.0` stays so, which Python's strict configurations ask for.
 */
export function withDtype(config: string, dtype: FloatType): string {
  return KEYS.reduce((text, key) => withKey(text, key, dtype), config);
}

function withKey(text: string, key: (typeof KEYS)[number], value: string): string {
  const entry = `"${key}": "${value}"`;
  const present =
    key === 'dtype' ? /"dtype"\s*:\s*("[^"]*"|null)/ : /"torch_dtype"\s*:\s*("[^"]*"|null)/;
  if (present.test(text)) return text.replace(present, entry);
  return text.replace(/^\s*\{/, `{\n  ${entry},`);
}
