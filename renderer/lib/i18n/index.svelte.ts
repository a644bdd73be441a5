import { formatsFor } from '../format.ts';
import { en } from './en.ts';
import type { Dictionary } from './en.ts';
import { ko } from './ko.ts';

export type Language = 'en' | 'ko';
export type { Dictionary };

export const dictionaries: Readonly<Record<Language, Dictionary>> = { en, ko };
const formats = { en: formatsFor('en'), ko: formatsFor('ko') };

/** The language of a system, as far as there is a dictionary for it. */
export function systemLanguage(languages: readonly string[] = navigator.languages): Language {
  const known = languages
    .map((tag) => tag.split('-')[0])
    .find((tag) => tag === 'en' || tag === 'ko');
  return known === 'ko' ? 'ko' : 'en';
}

/** The words and the number formats of the page's language; screens read them and follow a change. */
class Words {
  language = $state<Language>('en');

  get t(): Dictionary {
    return dictionaries[this.language];
  }
  get format() {
    return formats[this.language];
  }

  use(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
  }
}

export const i18n = new Words();
