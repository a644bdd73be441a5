import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../electron/model/files.ts';
import { readSentencePiece, sentencePieceJson } from '../../electron/model/sentencepiece.ts';
import { Tokenizer } from '../../electron/model/tokenizer.ts';
import { absent, finding } from './finding.ts';
import type { Outcome } from './finding.ts';
import type { TokenizerCase } from './fixture.ts';

/** No recorded string comes near it. */
const NO_LIMIT = 1_000_000;

export const tokenizerFiles = ['tokenizer.json', 'spiece.model'] as const;

/** Ids and texts from one of a folder's tokenizer files. */
export async function checkTokenizer(
  folder: string,
  file: (typeof tokenizerFiles)[number],
  cases: readonly TokenizerCase[],
): Promise<Outcome[]> {
  if (!(await exists(join(folder, file)))) return [absent(file, 'the folder does not have it')];
  const tokenizer = Tokenizer.fromJson(await tokenizerText(folder, file), file);
  const ids = await tokenizer.encodeAll(
    cases.map(({ text }) => text),
    NO_LIMIT,
  );
  const texts = await tokenizer.decodeAll(cases.map((item) => item.ids));
  const agreed = (item: TokenizerCase): boolean => item.all_references_agree;
  const found = cases.map((item, index) => ({
    item,
    ids: [...(ids[index] ?? [])],
    text: texts[index] ?? '',
  }));
  const decoded = found.filter(({ item }) => recordedTexts(item).length > 0);
  return [
    differing(
      'strings with other ids, where the references agree',
      found.filter(({ item }) => agreed(item)),
      ({ item, ids: own }) => sameIds(own, item.ids),
    ),
    differing(
      'strings with ids of no reference, where they disagree',
      found.filter(({ item }) => !agreed(item)),
      ({ item, ids: own }) => recordedIds(item).some((one) => sameIds(own, one)),
    ),
    decoded.length === 0
      ? absent('texts decoded from ids', 'expected.json records none')
      : differing('ids decoded to a text of no reference', decoded, ({ item, text }) =>
          recordedTexts(item).includes(text),
        ),
  ];
}

interface Found {
  readonly item: TokenizerCase;
  readonly ids: readonly number[];
  readonly text: string;
}

/** How many are not right, and the first of them. */
function differing(
  quantity: string,
  found: readonly Found[],
  right: (one: Found) => boolean,
): Outcome {
  const wrong = found.filter((one) => !right(one));
  const first = wrong[0] ? JSON.stringify(wrong[0].item.text.slice(0, 40)) : '';
  return finding(`${quantity} (of ${found.length})`, wrong.length, 0, first);
}

async function tokenizerText(
  folder: string,
  file: (typeof tokenizerFiles)[number],
): Promise<string> {
  const bytes = await readFile(join(folder, file));
  if (file === 'tokenizer.json') return bytes.toString('utf8');
  return sentencePieceJson(readSentencePiece(bytes), { extraIds: 100 });
}

const recordedIds = ({ ids, disagree }: TokenizerCase): (readonly number[])[] => [
  ids,
  ...Object.values(disagree),
];

/** Texts without special tokens, as the references write them; some keep the tokens, which we never do. */
function recordedTexts({ decode = {} }: TokenizerCase): string[] {
  return Object.entries(decode).flatMap(([name, text]) =>
    name.includes('skip_special') ? [text] : [],
  );
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
