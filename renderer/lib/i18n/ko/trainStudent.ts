import type { Dictionary } from '../en.ts';

export const trainStudent: Dictionary['trainStudent'] = {
  title: '어떤 학생 모델을 학습할까요?',
  why: '클수록 더 많이 배우지만 오래 걸립니다. 시작하기 전 마지막 단계에서 실제로 시간을 재어 봅니다.',
  kinds: {
    micro: 'micro, 처음부터',
    mini: 'mini, 처음부터',
    small: 'small, 처음부터',
    folder: '사전 학습된 폴더',
  },
  texts: {
    micro:
      '매개변수 약 100만 개와 자체 토크나이저. 프로세서로 몇 분이면 되어 처음 시험하기에 좋습니다.',
    mini: '매개변수 약 900만 개. 프로세서로 길어야 한 시간쯤 걸립니다.',
    small:
      '매개변수 약 6천만 개로 T5-small과 같은 크기입니다. 프로세서로는 여러 시간이 걸려 그래픽 카드가 좋습니다.',
    folder:
      '이 디스크에 있는 Hugging Face의 T5, T5 v1.1, Flan-T5, mT5 폴더. 이미 언어를 알아서 행이 적어도 됩니다.',
  },
  list: '사전 학습된 학생 모델',
  none: '아직 목록에 폴더가 없습니다. 내려받지 않으므로 폴더를 먼저 이 디스크에 두세요.',
  choose: '폴더 추가…',
  path: 'config.json, model.safetensors, tokenizer.json이 있는 폴더',
  pathHint: 'Stepwise Studio가 돌아가는 컴퓨터의 경로입니다.',
  check: '폴더 확인',
  checking: '폴더를 읽는 중…',
  add: '목록에 넣기',
  discard: '넣지 않기',
  usable: '쓸 수 있는 폴더입니다.',
  unusable: '이대로는 쓸 수 없는 폴더입니다.',
  findings: '확인한 내용',
  severity: { error: '문제', warning: '참고' },
  family: '계열',
  parameters: '매개변수',
  layers: '층',
  layersShown: (encoder, decoder, width, heads) =>
    `인코더 ${encoder}, 디코더 ${decoder}, 너비 ${width}, 헤드 ${heads}`,
  vocabulary: '어휘',
  vocabularyShown: (rows, tokens) => `임베딩 ${rows}행, 토크나이저 ${tokens}토큰`,
  stored: '가중치',
  storedShown: (bytes, type) => `${bytes}, ${type} 형식`,
  memory: '학습에 드는 메모리',
  memoryShown: (full, lora) => `한 행씩 읽을 때 전체 ${full}, LoRA로 ${lora}`,
  available: (shown) => `지금 ${shown} 비어 있음`,
  tooLarge: '전체를 학습하기에는 빈 메모리가 모자랍니다. LoRA를 쓰거나 다른 프로그램을 닫으세요.',
  tooLargeAnyway: 'LoRA를 써도 빈 메모리가 모자랍니다.',
  folder: '폴더',
  removeOf: (name) => `목록에서 ${name} 빼기`,
  removeTitle: '이 학생 모델을 목록에서 뺄까요?',
  removeBody: (name) =>
    `목록에서 “${name}” 항목을 뺍니다. 폴더와, 이것으로 시작한 실행은 그대로 남습니다.`,
  gone: (name) =>
    `이 실행이 시작한 학생 모델(${name})은 이제 목록에 없습니다. 폴더를 다시 추가하거나 다른 모델을 고르세요.`,

  parts: '어느 부분을 배우게 할까요?',
  partsWhy: '메모리나 행이 모자라지 않으면 모두 배우게 하세요.',
  lora: '작은 덧붙임만 학습(LoRA)',
  loraHint:
    '원래 가중치는 그대로 두고 옆에 둔 작은 행렬만 배웁니다. 메모리가 훨씬 적게 듭니다. 보통 학습률은 맞지 않아 LoRA만의 학습률을 씁니다. 내보낼 때 합쳐집니다.',
  rank: '랭크',
  rankHint: '덧붙임의 크기입니다. 보통 8이나 16을 씁니다.',
  loraAlpha: 'LoRA의 α 값',
  loraAlphaHint: '덧붙임의 배율입니다. α를 랭크로 나눈 값을 곱합니다.',
  freezeEmbeddings: '임베딩 고정',
  freezeEmbeddingsHint: '낱말의 뜻을 그대로 둡니다. 어휘가 클 때 메모리를 아낍니다.',
  freezeEncoder: '인코더 고정',
  freezeEncoderHint: '읽는 부분은 그대로 두고 쓰는 법만 배웁니다. 임베딩도 함께 고정됩니다.',
};
