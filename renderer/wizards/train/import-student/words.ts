import type { ExportFormat } from '../../../../electron/contract/entities.ts';
import type { Dictionary } from '../../../lib/i18n/en.ts';

type Words = Dictionary['importStudent'];

/** What a folder is, in the page's language. */
export function kindOf({ kinds }: Words, exported: ExportFormat | null): string {
  switch (exported) {
    case null:
      return kinds.none;
    case 'huggingface':
    case 'huggingface-bfloat16':
    case 'huggingface-float16':
    case 'training':
      return kinds[exported];
    default:
      return kinds.other;
  }
}
