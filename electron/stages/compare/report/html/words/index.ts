import type { Language } from '../../../../../contract/entities.ts';
import { en } from './en/index.ts';
import type { Words } from './en/index.ts';
import { ko } from './ko/index.ts';

const languages: Readonly<Record<Language, Words>> = { en, ko };

export const wordsOf = (language: Language): Words => languages[language];
