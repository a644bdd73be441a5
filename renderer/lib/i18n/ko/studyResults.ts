import type { Dictionary } from '../en.ts';

export const studyResults: Dictionary['studyResults'] = {
  running: (ended, planned) => `실행 ${planned}개 중 ${ended}개 끝남`,
  now: '지금 학습하는 실행:',
  openRun: (name) => `실행 열기: ${name}`,
  gone: '이 연구는 이제 없습니다.',
  goneAction: '모든 실행 보기',
  incomplete: '미완료',
  incompleteText: '아직 끝나지 않았거나 점수를 내지 않은 실행이 있습니다. 결과가 바뀔 수 있습니다.',
  stopped: '이 연구는 끝나기 전에 멈추었습니다. 지금까지의 결과만 있습니다.',
  waiting: '첫 실행이 학습과 채점을 마치면 결과가 나타납니다.',
  plan: '계획한 내용',
  remove: '연구 삭제',
  removeTitle: '이 연구를 삭제할까요?',
  removeBody: (name) => `“${name}” 연구와 그 결과가 삭제됩니다.`,
  removeRuns: '실행도 함께 삭제',
  removeRunsHint:
    '이 연구가 학습한 실행과 그 체크포인트, 평가를 삭제합니다. 전부터 있던 실행은 남습니다.',

  partNames: { train: '학습', validation: '검증', test: '테스트' },
  rowsOfPart: (part, _, shown) => `${part} ${shown}행`,
  seeds: (_, shown) => `시드 ${shown}개`,
  seedRange: (least, most) => `시드 ${least}–${most}개`,
  evidence: (rows, seedCount) => `${rows}, ${seedCount}`,
  oneSeed:
    '시드를 바꾸지 않고 한 번씩만 학습했습니다. 신뢰 구간에는 행에서 오는 우연만 들어 있으며, 시드를 바꾸면 순서가 달라질 수 있습니다.',
  validationScores:
    '각 실행의 가장 좋은 체크포인트를 고른 검증 행이므로 모든 점수가 조금 높게 나옵니다.',
  conservative: (least) =>
    `행과 시드를 함께 고려해 넉넉하게 잡은 95% 신뢰 구간입니다. 이 행 수의 오차 한계인 ${least}%p보다 작은 차이는 실제 차이라고 하지 않습니다.`,
  manyPairs: (_, shown) =>
    `${shown}쌍을 각각의 신뢰 구간으로 비교했습니다. 쌍이 많으면 그중 하나쯤은 우연히 진짜처럼 보일 수 있습니다.`,

  verdict: '판정',
  verdictWhole: '모든 행을 쓴 결과의 판정',
  leads: (best, score) => `점수가 가장 높은 방법: ${best}, ${score}.`,
  ties: (names, score) => `가장 높은 점수 ${score}: ${names}. 모두 같습니다.`,
  beatsAll: (best, score) => `다른 모든 방법보다 나은 방법: ${best}, ${score}.`,
  beatsOne: (best, other, points) =>
    `더 나은 방법: ${best}. ${other}보다 나으며 차이는 ${points}입니다.`,
  beats: (others) => `다음보다 낫습니다: ${others}.`,
  notOver: (others, evidence) =>
    `다음보다 낫다는 것은 입증되지 않았습니다(${evidence}): ${others}.`,
  noneProven: (evidence) => `다른 방법과의 차이는 하나도 입증되지 않았습니다(${evidence}).`,
  aloneBest: (best, score) =>
    `이 방법은 쓸 때 교사 모델이 필요합니다. 혼자 답하는 방법 가운데 가장 높은 점수: ${best}, ${score}.`,
  nobodyRight:
    '한 행이라도 맞힌 학생 모델이 없어 비교할 수 없습니다. 스텝을 늘리거나 더 큰 학생 모델을 써 보세요.',
  oneArm: '방법이 하나뿐이면 차이를 볼 수 없습니다.',
  noScores: '정답 라벨이 있는 행이 없어 점수를 낼 수 없습니다.',

  scores: '점수',
  scoresCaption: (rows) => `${rows}의 정확도: 시드 평균과 95% 신뢰 구간`,
  arm: '방법',
  mean: '평균',
  from: (low, high) => `${low} ~ ${high}`,
  eachSeed: '시드별 점수',
  seedScore: (seed, score) => `시드 ${seed}: ${score}`,
  pending: '아직 없음',
  time: '학습 시간',
  teacher: '교사 모델',
  teacherNote: '학습하지 않고 한 번 물음',
  dotsTitle: '평균 정확도와 95% 신뢰 구간',
  dotsText:
    '채운 점은 평균, 선은 95% 신뢰 구간, 작은 동그라미는 시드별 점수입니다. 숫자는 표에 있습니다.',

  pairs: '두 방법씩 비교',
  pairsCaption: '방법 사이의 정확도 차이(%p)와 95% 신뢰 구간',
  than: '비교한 방법',
  difference: '차이(%p)',
  pointsFrom: (value, low, high) => `${value}%p(${low}부터 ${high}까지)`,
  claims: {
    better: (value, low, high) => `${value}%p 높음(${low}부터 ${high}까지)`,
    worse: (value, low, high) => `${value}%p 낮음(${low}부터 ${high}까지)`,
    noWorse: (margin) => `낫다고 입증되지 않았지만 ${margin}%p 이상 못하지는 않음`,
    notShown: (evidence) => `입증되지 않음(${evidence})`,
  },

  sizeTitle: '학습 행 수에 따른 정확도',
  sizeText: '점은 시드 평균, 막대와 띠는 95% 신뢰 구간입니다. 숫자는 표에 있습니다.',
  scale: '행 수의 눈금',
  scales: { doublings: '두 배씩', linear: '일정하게' },
  rows: '학습 행',
  matchesTitle: '행이 더 적어도 될까요?',
  at: (arm, share) => `${arm} ${share}`,
  atRows: (arm, share, rows) => `${arm} ${share}(${rows}행)`,
  matchBetter: (a, b, points) => `${a}: ${b}보다 낫습니다. 차이는 ${points}입니다.`,
  matchNoWorse: (a, b, margin, points) =>
    `${a}: ${b}에 못지않습니다. ${margin}%p 이상 낮을 가능성은 배제되었습니다. 차이는 ${points}입니다.`,
  matchNotShown: (a, b, evidence) =>
    `${a}: 어느 비율로 줄여도 ${b}에 못지않다는 것이 입증되지 않았습니다(${evidence}).`,
  noMatches: '방법이 하나뿐이라 견줄 것이 없습니다.',
  matchesCaption: '행을 줄인 방법과 모든 행을 쓴 다른 방법의 정확도 차이(%p)와 95% 신뢰 구간',
  smaller: '행을 줄인 쪽',
  whole: '모든 행을 쓴 쪽',

  growthTitle: '행을 늘리면 얼마나 좋아질까요?',
  lastRose: (from, to, points) =>
    `${from}행에서 ${to}행으로 늘렸을 때 정확도가 올랐습니다: ${points}.`,
  lastFell: (from, to, points) =>
    `${from}행에서 ${to}행으로 늘렸을 때 정확도가 떨어졌습니다: ${points}.`,
  lastOpen: (from, to, points) =>
    `${from}행에서 ${to}행으로 늘렸을 때의 변화는 입증되지 않았습니다: ${points}.`,
  doublingRose: (points) => `전체로 보면 행이 두 배가 될 때마다 올랐습니다: 약 ${points}.`,
  doublingFell: (points) => `전체로 보면 행이 두 배가 될 때마다 떨어졌습니다: 약 ${points}.`,
  doublingOpen: (points) =>
    `전체로 보아도 행을 두 배로 늘린 효과는 입증되지 않았습니다: ${points}.`,
  cost: (_, shown, money, each) =>
    `같은 수의 행(${shown})을 더 얻으려면 근거에 약 ${money}, 하나에 ${each} 듭니다. 정답 라벨에 드는 비용은 따로입니다.`,
  costTeacher: (_, shown, money, each) =>
    `같은 수의 행(${shown})을 더 얻으려면 교사 모델의 답에 약 ${money}, 하나에 ${each} 듭니다.`,
  free: '여기서는 교사 모델의 답에 비용이 들지 않습니다.',
  noCost: '추출에 가격이 정해져 있지 않아 근거 하나의 비용을 알 수 없습니다.',
  advice: {
    more: '행을 더 얻을 만합니다. 늘려서 좋아지는 것이 입증되었습니다.',
    enough: (margin) =>
      `이런 행을 더 사도 얻을 것이 거의 없습니다. ${margin}%p 이상 좋아질 가능성은 배제되었습니다.`,
    unclear: '행을 더 사는 것이 좋은지는 이 점수로 알 수 없습니다.',
  },
  extrapolates: '행을 다시 두 배로 늘리면 어떻게 될지는 지금까지의 변화로 미루어 짐작할 뿐입니다.',

  sweepBest: (score, correct, rows) =>
    `가장 좋은 시도는 검증 ${rows}행 중 ${correct}행을 맞혔습니다(${score}).`,
  sweepLead: (points) => `검증에서 그다음 시도보다 낫습니다: ${points}.`,
  sweepNoLead: (points, rows) =>
    `그다음 시도보다 낫다는 것은 검증 ${rows}행으로 입증되지 않았습니다: ${points}.`,
  sweepLuck:
    '여러 시도 가운데 가장 좋은 것을 고르면 운도 함께 고르게 되어 검증 점수가 실제보다 높습니다. 공정한 점수는 비교 단계에서 확인하세요.',
  again: '이 설정으로 다시 학습',
  trialsTitle: '시도',
  trialsCaption: (rows) => `검증 ${rows}행으로 판단한 시도`,
  trial: '시도',
  trialOf: (index) => `시도 ${index}`,
  bestTrial: '최고',
  validation: '검증',
  step: '스텝',
  endedHead: '끝난 까닭',
  ended: {
    'steps-done': '모든 스텝을 마침',
    'early-stopping': '조기 종료: 검증이 더 오르지 않음',
    'kept-best': '직접 멈추고 가장 좋은 것을 남김',
    'median-rule': '조기 종료: 다른 시도의 중앙값보다 뒤처짐',
    diverged: '손실이 발산함',
  },
  notEnded: '아직 안 끝남',
  sortBy: (column) => `정렬 기준: ${column}`,
  axesTitle: '설정과 그 결과',
  axesText:
    '선 하나가 시도 하나이며, 끊긴 선은 일찍 끝난 시도입니다. 선을 가리키거나 슬라이더를 움직이세요. 좋은 것부터 나옵니다.',
  chooseTrial: '강조할 시도',
  trialWords: (trial, values, score) => `${trial}: ${values}; ${score}`,
  noTrials: '아직 검증을 마친 시도가 없습니다.',
};
