/** Which student is trained: one from scratch, or a pretrained folder. */
export const trainStudent = {
  title: 'Which student?',
  why: 'A larger student can learn more and takes longer. The last step times yours before anything starts.',
  kinds: {
    micro: 'micro, from scratch',
    mini: 'mini, from scratch',
    small: 'small, from scratch',
    folder: 'A pretrained folder',
  },
  texts: {
    micro:
      'About a million parameters and a tokenizer of its own. Minutes on a processor: for a first look.',
    mini: 'About 9 million parameters. Up to an hour or so on a processor.',
    small:
      'About 60 million parameters, the shape of T5-small. Many hours on a processor: better with a graphics card.',
    folder:
      'T5, T5 v1.1, Flan-T5 or mT5 from Hugging Face, on this disk. It knows language already, so it needs fewer rows.',
  },
  list: 'Pretrained students',
  none: 'No folder is on the list yet. Nothing is downloaded: put the folder on this disk first.',
  choose: 'Add a folder…',
  path: 'Folder with config.json, model.safetensors and tokenizer.json',
  pathHint: 'On the computer that Stepwise Studio runs on.',
  check: 'Check the folder',
  checking: 'Reading the folder…',
  add: 'Put it on the list',
  discard: 'Leave it',
  usable: 'This folder can be used.',
  unusable: 'This folder can’t be used as it is.',
  findings: 'What was found',
  severity: { error: 'problem', warning: 'remark' },
  family: 'Family',
  parameters: 'Parameters',
  layers: 'Layers',
  layersShown: (encoder: string, decoder: string, width: string, heads: string) =>
    `${encoder} encoder, ${decoder} decoder, width ${width}, ${heads} heads`,
  vocabulary: 'Vocabulary',
  vocabularyShown: (rows: string, tokens: string) =>
    `${rows} rows, ${tokens} tokens in the tokenizer`,
  stored: 'Weights',
  storedShown: (bytes: string, type: string) => `${bytes} as ${type}`,
  memory: 'Memory to train it',
  memoryShown: (full: string, lora: string) =>
    `${full} whole, ${lora} with LoRA, one row at a time`,
  available: (shown: string) => `${shown} are free now`,
  tooLarge:
    'Training it whole needs more memory than is free now. Use LoRA, or close other programs.',
  tooLargeAnyway: 'It needs more memory than is free now, even with LoRA.',
  folder: 'Folder',
  removeOf: (name: string) => `Take ${name} off the list`,
  removeTitle: 'Take this student off the list?',
  removeBody: (name: string) =>
    `“${name}” leaves the list. Its folder stays as it is, and so do runs that began from it.`,
  gone: (name: string) =>
    `The run began from “${name}”, which is no longer on the list. Add its folder again, or train another student.`,

  parts: 'Which parts learn?',
  partsWhy: 'All of them, unless memory or rows are short.',
  lora: 'Train small additions only (LoRA)',
  loraHint:
    'The student’s own weights stay; small matrices beside them learn. Much less memory, and a learning rate of its own, since the usual one does not suit it. An export adds them in.',
  rank: 'Rank',
  rankHint: 'Size of the additions. Usual: 8 or 16.',
  loraAlpha: 'α of LoRA',
  loraAlphaHint: 'Scale of what is added: α divided by rank.',
  freezeEmbeddings: 'Freeze the embeddings',
  freezeEmbeddingsHint:
    'Words keep the meaning they had. Saves memory where the vocabulary is large.',
  freezeEncoder: 'Freeze the encoder',
  freezeEncoderHint:
    'Reading stays as it is, and only writing is learned. The embeddings stay, too.',
};
