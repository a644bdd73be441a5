import type { Dictionary } from '../en.ts';

export const judge: Dictionary['judge'] = {
  title: '어느 근거가 더 낫나요?',
  lead: '두 모델이 같은 행을 설명합니다. 누가 썼는지는 가려져 있고, 좌우는 행마다 무작위로 정합니다.',
  first: '한 모델',
  second: '다른 모델',
  tooFewTitle: '근거를 쓰는 모델이 둘 필요합니다',
  tooFewText:
    '위에서 교사 모델과 근거를 쓰는 학생 모델(step-by-step 또는 single-task)을 고르거나, 그런 학생 모델 둘을 고르세요. 다른 방법의 학생 모델은 라벨만 씁니다.',
  noPairs: '두 모델이 서로 다른 근거를 쓴 행이 없습니다. 다른 두 모델을 고르세요.',
  loading: '두 모델이 모두 근거를 쓴 행을 찾고 있습니다…',
  progress: (judged, _, pairs) => `${pairs}쌍 중 ${judged}쌍 판정함`,
  progressLabel: '판정한 쌍',
  row: (id) => `행 ${id}`,
  gold: '정답 라벨',
  choices: '보기',
  left: '왼쪽',
  right: '오른쪽',
  answer: '답',
  noAnswer: '답 없음',
  choose: '판정',
  options: {
    left: '왼쪽이 나음',
    right: '오른쪽이 나음',
    both: '둘 다 좋음',
    neither: '둘 다 별로',
  },
  undo: '되돌리기',
  keys: '키: 1 왼쪽, 2 오른쪽, 3 둘 다 좋음, 4 둘 다 별로, U 되돌리기.',
  next: (id) => `다음: 행 ${id}`,
  again: (id) => `되돌렸습니다. 행 ${id}에 다시 답해 주세요`,
  nothingToUndo: '되돌릴 판정이 없습니다.',
  done: '모든 쌍을 판정했습니다.',
  reveal: '결과 보기',
  revealHint:
    '어느 모델이 더 낫다는 판정을 받았는지 알려 줍니다. 그 뒤의 판정은 더 이상 눈가림이 아닙니다.',
  revealed: (_, shown) =>
    `판정 ${shown}개를 마친 뒤 결과를 처음 보았습니다. 그 뒤의 판정은 결과에 영향을 받았을 수 있습니다.`,

  result: '결과',
  hide: '결과 숨기기',
  noneJudged: '아직 판정한 것이 없습니다.',
  noPreference: '아직 우열이 없습니다. 판정한 쌍이 모두 둘 다 좋거나 둘 다 별로였습니다.',
  preferred: (name, count, of) =>
    `더 낫다는 판정을 받은 모델: ${name}. 우열을 가린 판정 ${of}개 중 ${count}개입니다.`,
  notShown: (count, of, name) =>
    `우열이 드러나지 않았습니다. 우열을 가린 판정 ${of}개 중 ${count}개가 ${name} 쪽입니다.`,
  interval: (share, low, high) =>
    `${share}, 95% 신뢰 구간 ${low}부터 ${high}까지. 비기면 50%입니다.`,
  p: (p) => `정확 부호 검정, 양측: p = ${p}.`,
  table: '판정',
  said: '판정',
  count: '쌍',
  prefer: (name) => `${name} 쪽이 나음`,
  yours: '이 행들에 대한 한 사람의 취향이며, 얼마나 맞히는지를 뜻하지 않습니다.',
};
