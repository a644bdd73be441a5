import type { Language } from '../../contract/entities.ts';
import type { Store } from '../../store/store.ts';

/** Rows that are looked at: a project is in one language from its first rows on. */
const rowsRead = 100;
/** Numbers, names and quotations in Latin letters stand in Korean texts too. */
const koreanShare = 0.3;

/** The language a project's rows are written in: Korean where a good part of the letters is Hangul. */
export function languageOf(store: Store, projectId: string): Language {
  const { rows } = store.data.page(projectId, { offset: 0, limit: rowsRead });
  return languageOfText(rows.map(({ input }) => input).join('\n'));
}

/** See {@link languageOf}. */
export function languageOfText(text: string): Language {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const hangul = text.match(/\p{Script=Hangul}/gu)?.length ?? 0;
  return letters > 0 && hangul / letters >= koreanShare ? 'ko' : 'en';
}
