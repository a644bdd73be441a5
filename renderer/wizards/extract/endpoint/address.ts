import { providerPresets } from '../../../../electron/contract/providers.ts';
import type { ProviderPreset } from '../../../../electron/contract/providers.ts';
import type { Provider } from '../../../../electron/contract/entities.ts';

/** What keeps an address from being used as it stands. */
export type AddressProblem = 'wrong' | 'secret' | 'query' | 'placeholder';

/** What a person may want to know of an address that can be used. */
export type AddressAdvice =
  | { readonly kind: 'call'; readonly better: string }
  | { readonly kind: 'version'; readonly better: string }
  | { readonly kind: 'open-network' };

const read = (address: string): URL | null => {
  const text = address.trim();
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : null;
};

/** Why an address can't be used; null when it can. */
export function addressProblem(address: string): AddressProblem | null {
  const url = read(address);
  if (url === null || url.hostname === '') return 'wrong';
  if (url.username !== '' || url.password !== '') return 'secret';
  if (url.search !== '' || url.hash !== '') return 'query';
  // Browsers read host names in small letters.
  return url.hostname.startsWith('resource.openai.') ? 'placeholder' : null;
}

/** Whether a server listens on this machine only. */
export function isLoopback(address: string): boolean {
  const host = read(address)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}

/** A slip that is common and easily mended, the likeliest first. */
export function addressAdvice(address: string, provider: Provider): AddressAdvice | null {
  const url = read(address);
  if (url === null || addressProblem(address) !== null) return null;
  const trimmed = address.trim().replace(/\/+$/, '');
  const base = trimmed.replace(/\/(?:chat\/completions|completions|models)$/, '');
  if (base !== trimmed) return { kind: 'call', better: base };
  if (provider !== 'azure' && url.pathname === '/')
    return { kind: 'version', better: `${trimmed}/v1` };
  return url.protocol === 'http:' && !isLoopback(address) ? { kind: 'open-network' } : null;
}

/** The preset of a provider; null for `other`. */
export const presetOf = (provider: Provider): ProviderPreset | null =>
  providerPresets.find((preset) => preset.provider === provider) ?? null;

/** Scheme, host and port: what a key was given for. */
export const originOf = (address: string | null): string | null =>
  address === null ? null : (read(address)?.origin ?? null);

const azureHosts = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.com$/;

/** The provider that an address speaks of, given what it was taken for until now. */
export function providerAt(address: string, until: Provider): Provider {
  const url = read(address);
  if (url === null) return until;
  if (azureHosts.test(url.hostname)) return 'azure';
  const preset = providerPresets.find(({ baseUrl }) => originOf(baseUrl) === url.origin);
  if (until === 'other' && preset) return preset.provider;
  if (url.hostname === 'api.openai.com') return 'openai';
  // Other servers, and Azure behind a gateway, answer at any address.
  return until === 'openai' ? 'other' : until;
}
