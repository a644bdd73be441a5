import type { Preferences } from '../../electron/contract/entities.ts';
import type { Client } from './client.ts';
import { i18n, systemLanguage } from './i18n/index.svelte.ts';

/** What the person chose for the app as a whole, kept by main; applied to the page at once. */
export class PreferenceState {
  current = $state.raw<Preferences>({
    language: 'system',
    theme: 'system',
    reviewer: '',
    shortcuts: true,
    resumeQueue: false,
  });
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async load(): Promise<void> {
    this.#apply(await this.#client.call('app.preferences', {}));
  }

  async save(change: Partial<Preferences>): Promise<void> {
    const wanted = { ...this.current, ...change };
    this.#apply(wanted);
    await this.#client.call('app.savePreferences', wanted);
  }

  #apply(preferences: Preferences): void {
    this.current = preferences;
    i18n.use(preferences.language === 'system' ? systemLanguage() : preferences.language);
    if (preferences.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = preferences.theme;
  }
}
