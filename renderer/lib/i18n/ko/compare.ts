import type { Dictionary } from '../en.ts';

export const compare: Dictionary['compare'] = {
  title: '비교',
  lead: '학생 모델이 쓸 만한지, 나아진 것이 진짜인지 봅니다. 교사 모델과 학생 모델이 같은 행에 답합니다.',
  viewsLabel: '비교 화면',
  views: {
    scores: '점수',
    rows: '나란히 보기',
    slices: '구간별',
    judge: '직접 판정',
    playground: '시험해 보기',
    money: '비용',
    report: '보고서',
  },
  compared: '비교 대상',
  summary: (part, split, rows, names, more) =>
    `${split}의 ${part}, ${rows}행: ${names}${more === null ? '' : ` 외 ${more}개`}`,
  part: '행',
  parts: { train: '학습 부분', validation: '검증 부분', test: '테스트 부분' },
  partOption: (part, rows) => `${part} · ${rows}행`,
  trainHint: '학생 모델이 이미 배운 행입니다. 이 점수로는 새 행에서 어떨지 알 수 없습니다.',
  teachers: '교사 모델',
  practice: '연습용 교사 모델, 지어낸 답',
  askedSome: (asked, rows) => `${rows}행 중 ${asked}행에만 물어봄`,
  askRest: (rows) => `나머지 ${rows}행도 묻기`,
  noTeacher: '이 부분의 행에 답한 교사 모델이 없습니다.',
  evaluateAgain: (_, shown) => `학생 모델 ${shown}개의 확신도와 속도 추가`,
  againHint:
    '이전 버전에서 평가한 학생 모델이라 확신도와 속도가 저장되어 있지 않습니다. 답은 그대로입니다.',
  trimmed: (shown) => `처음 ${shown}개만 비교합니다. 더 많으면 나란히 놓을 수 없습니다.`,
  nothingCompared: '아직 비교할 것이 없습니다. 위에서 누가 답할지 고르고 학생 모델을 평가하세요.',
  generatedRows:
    '이 프로젝트의 행은 만들어 낸 것입니다. 이 숫자는 스튜디오가 어떻게 동작하는지 보여 줄 뿐, 실제 글에서 모델이 어떨지는 알려 주지 않습니다.',
  withSeed: (name, seed) => `${name} (시드 ${seed})`,
  gone: '지금은 없음',
  emptyTitle: '아직 학습한 학생 모델이 없습니다',
  emptyText: '학생 모델이 첫 검증을 마치면 여기서 비교할 수 있습니다.',
  emptyAction: '학생 모델 학습',
  split: '분할',
  splitOption: (name, rows) => `${name} · 테스트 ${rows}행`,
  runs: '학생 모델',
  evaluated: '평가함',
  evaluate: (_, shown) => `학생 모델 ${shown}개 평가`,
  evaluateHint: (rows) =>
    `각 모델이 테스트 ${rows}행에 한 번씩 답합니다. 답을 저장하므로 두 번 계산하지 않습니다.`,
  allEvaluated: '고른 학생 모델의 답이 모두 저장되어 있습니다.',
  wholeStudy: (name) => `${name}의 학생 모델 모두`,
  ofStudy: (chosen, all) => `학생 모델 ${all}개 중 ${chosen}개 선택`,
  sweepHint:
    '탐색의 시도는 검증 결과로 판단합니다. 모두 평가하지 말고 실제로 쓸 것만 평가하세요. 테스트 점수는 볼 때마다 알려 주는 것이 적어집니다.',
  noneChosen: '고른 학생 모델이 없습니다.',
  noneShown: '고른 학생 모델은 아직 이 분할에서 평가하지 않았습니다.',
  trainShare: (share) => `학습 행의 ${share}`,
  beside: (shown, all) =>
    `학생 모델 ${all}개 중 처음 ${shown}개입니다. 나머지를 보려면 위에서 다른 모델의 선택을 해제하세요.`,
  scoreboard: '점수판',
  scoreCaption: (rows) => `테스트 ${rows}행의 정확도와 95% 신뢰 구간`,
  who: '답한 모델',
  method: '방법',
  accuracy: '정확도',
  intervalHead: '95% 신뢰 구간',
  interval: (value, low, high) => `${value}, 95% 신뢰 구간 ${low}부터 ${high}까지`,
  lowHigh: (low, high) => `${low}–${high}`,
  scale: '0%–100%',
  teacher: '교사 모델',
  teacherNeeds: (unparsed) => `해석 안 된 ${unparsed}개는 오답으로 셈`,
  teacherCost: (money) => `답 전체에 든 비용 ${money}`,
  allOverlap: (rows) =>
    `학생 모델의 신뢰 구간이 모두 겹칩니다. 테스트 ${rows}행으로는 차이가 입증되지 않습니다.`,
  someApart: (pairs, rows) =>
    `${pairs}의 신뢰 구간은 겹치지 않습니다. 그 밖의 학생 모델 사이의 차이는 테스트 ${rows}행으로 입증되지 않습니다.`,
  manyApart: (pairs, all, rows) =>
    `${all}쌍 가운데 ${pairs}쌍은 신뢰 구간이 겹치지 않습니다. 나머지 차이는 테스트 ${rows}행으로 입증되지 않습니다. 쌍이 이렇게 많으면 몇 쌍은 우연히 달라 보일 수 있습니다.`,
  highest: (name, n, above) =>
    n === 0
      ? `점수가 가장 높은 모델은 ${name}이지만, 다른 모델보다 높다고 입증되지는 않았습니다.`
      : `점수가 가장 높은 모델: ${name}. 다른 모델 ${above}개보다 신뢰 구간이 위에 있습니다.`,
  needsTeacher: (names) =>
    `학생 모델 혼자 낸 점수가 아닙니다: ${names}. 질문마다 교사 모델의 근거를 함께 읽으므로, 교사 모델이 계속 답할 때만 이 점수가 나옵니다.`,
  oneOnly: '학생 모델이 하나뿐이면 차이를 볼 수 없습니다. 같은 분할에서 다른 모델도 평가해 보세요.',
  pair: (a, b) => `${a} – ${b}`,
  noGold: '정답 라벨이 있는 테스트 행이 없어 점수를 낼 수 없습니다. 답은 아래에 나란히 있습니다.',
  looks: (_, shown) =>
    `이 테스트 점수는 지금까지 ${shown}번 보았습니다. 점수를 보고 다음 시도를 정하는 일이 잦을수록, 처음 보는 행에 대해 알려 주는 것이 적어집니다.`,
  noneYet: '이 분할에서 평가한 학생 모델이 아직 없습니다.',
  sideBySide: '나란히 보기',
  tableCaption: '나란히 놓은 답',
  filters: { all: '전체', disagree: '답이 다른 행' },
  filter: '보기',
  noDisagreement: '해당하는 행이 없습니다. 모두 같은 답을 냈습니다.',
  noAnswer: '답 없음',
  next: '점수가 나왔습니다. 이제 학생 모델을 폴더로 내보내세요.',
  nextAction: '내보내기',
};
