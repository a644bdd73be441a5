import type { Dictionary } from '../en.ts';

export const money: Dictionary['money'] = {
  title: '비용',
  lead: '모든 금액은 미국 달러입니다.',
  settings: '비용 기준',
  machineHour: '이 컴퓨터 한 시간의 비용(달러)',
  machineHourHint: '임대료, 또는 전기료와 감가상각입니다. 비워 두면 계산에 넣지 않습니다.',
  machineHourProblem: (min, max) => `${min}부터 ${max}까지의 금액을 입력하세요.`,
  suggestion: (amount) =>
    `${amount}는 스튜디오가 제안한 값이며 실제 컴퓨터의 가격이 아닙니다. 바꾸기 전까지는 제안으로 표시됩니다.`,
  suggested: '제안',
  notCounted: '컴퓨터 사용 시간은 계산에 넣지 않습니다.',
  volume: '한 달에 필요한 답의 수',
  volumeHint: '각각의 한 달 비용을 이 값으로 계산합니다.',
  volumeProblem: (min, max) => `${min}부터 ${max}까지의 정수를 입력하세요.`,
  teacherPrice: (name) => `${name}의 답 1,000개 비용(달러)`,
  teacherPriceHints: {
    'openai-compatible': '직접 정한 값입니다. 비워 두면 저장된 답으로 계산합니다.',
    recorded:
      '다른 곳에서 기록된 답이라 비용은 직접 알려 주셔야 합니다. 입력한 값은 사용자의 값으로 표시됩니다.',
    practice:
      '비용이 들지 않습니다. 연습 삼아 실제 교사 모델의 비용을 입력해 보세요. 입력한 값은 사용자의 값으로 표시됩니다.',
  },
  askPrice: (name) =>
    `${name}의 답 1,000개가 얼마인지 알 수 없습니다. 위에 입력하세요. 그 전에는 손익분기를 계산할 수 없습니다.`,
  fromModel: '모델 가격으로 계산하기',
  fromModelLead:
    '가격표의 모델 가격에 질문 하나의 토큰 수를 곱한 제안입니다. 둘 다 바꿀 수 있습니다.',
  model: '모델',
  modelPrice: (name, input, output, asOf) =>
    `${name}: 백만 토큰당 입력 ${input}, 출력 ${output}(${asOf})`,
  promptTokens: '프롬프트의 토큰 수',
  completionTokens: '답의 토큰 수',
  tokensProblem: (min, max) => `${min}부터 ${max}까지의 정수를 입력하세요.`,
  useFigure: (amount) => `1,000개에 ${amount} 사용`,

  caption: '비교하는 각각의 답 1,000개 비용, 한 달 비용, 만드는 비용',
  tableName: '비용',
  who: '대상',
  perThousand: '답 1,000개',
  basis: '계산 방법',
  basisWords: {
    entered: '직접 입력한 값',
    saved: '저장된 답과 그 가격',
    measured: '측정한 속도',
    free: '비용이 들지 않음',
    unknown: '알 수 없음',
  },
  needsTeacher: '교사 모델 비용 포함',
  unmeasured: '속도를 측정하지 않음',
  teacherUnpriced: '교사 모델의 가격을 알 수 없음',
  build: '만들기(한 번)',
  buildRationales: (rationales) => `교사 모델의 답 ${rationales}`,
  buildTraining: (training) => `학습 ${training}`,
  buildRationalesUnknown: '교사 모델의 답 비용을 알 수 없음',
  buildTrainingUnknown: '학습 시간을 알 수 없음',
  hours: (hours) => `학습 시간 ${hours}`,
  aMonth: '한 달',
  volumeOf: (_, shown) => `답 ${shown}개`,
  goldLabels:
    '정답 라벨은 이미 있는 것으로 봅니다. 라벨을 단 사람에게 든 비용은 여기 어느 숫자에도 없습니다.',
  breakEven: '교사 모델보다 싸지는 시점',
  after: (_, shown) => `답 ${shown}개부터`,
  afterAtLeast: (_, shown) => `적어도 답 ${shown}개부터: 만드는 비용 일부를 알 수 없음`,
  never: '없음: 답의 비용이 더 적지 않음',
  breakEvenUnknown: '알 수 없음',
  isTeacher: '비교 기준',
  otherTeacher: '다른 교사 모델',
  measure: '속도 측정',
  measureLead: (_, shown) => `학생 모델 ${shown}개의 속도를 아직 측정하지 않았습니다.`,
  noTeacher:
    '비교하는 교사 모델이 없습니다. 학생 모델이 언제 이득이 되는지 보려면 위에서 교사 모델을 선택하세요.',
  measuredLead:
    '측정한 속도: 이 컴퓨터 한 시간의 비용을 그동안 학생 모델이 쓰는 답의 수로 나눈 값입니다.',
  averaged: '시드만 다른 학생 모델은 한 줄에 있습니다. 한 학생 모델의 값을 평균한 것입니다.',
  practice:
    '연습용 교사 모델은 프로그램입니다. 이것과 견준 비용은 실제 교사 모델에 대해 아무것도 알려 주지 않습니다.',

  picture: '손익분기',
  notQuality: '비용이 적다고 해서 정확한 것은 아닙니다.',
  toScores: '각각의 정답률 보기',
  sentence: (name, teacher, _, shown) => `${name}: 답 ${shown}개부터 ${teacher}보다 쌉니다.`,
  sentenceAtLeast: (name, teacher, _, shown) =>
    `${name}: 적어도 답 ${shown}개부터 ${teacher}보다 쌉니다. 만드는 비용을 다 알지는 못합니다.`,
  sentenceNever: (name, teacher) =>
    `${name}: 답 1,000개의 비용이 더 적지 않아 ${teacher}보다 싸지지 않습니다.`,
  chartTitle: '답의 수에 따른 전체 비용(만드는 비용 포함)',
  chartAbout: (volume) =>
    `두 축 모두 로그 눈금입니다. 선이 만나는 곳에서 학생 모델이 이득이 되기 시작합니다. 한 달에 필요한 답은 ${volume}개입니다.`,
  chartX: '답의 수',
  chartSome: (_, shown) => ` 먼저 이득이 되는 학생 모델 ${shown}개만 그렸습니다.`,

  cascade: '학생 모델 먼저, 나머지는 교사 모델',
  cascadeLead:
    '학생 모델이 충분히 확신하는 행은 학생 모델이 답하고 나머지는 교사 모델에게 넘깁니다. 임계값은 검증 행에서 고른 뒤 테스트 행에서 확인하며, 테스트 행은 선택에 쓰지 않습니다.',
  student: '학생 모델',
  teacher: '교사 모델',
  noStudents: '스스로 답하는 학생 모델과 교사 모델을 위에서 선택하세요.',
  onlyNeedy:
    '교사 모델의 근거를 읽는 학생 모델은 모든 행마다 교사 모델에게 물어야 하므로 아낄 비용이 없습니다.',
  goal: '임계값을 고르는 목표',
  goals: {
    student: '학생 모델이 한 답의 정답률',
    together: '함께 답할 때의 손실 한도',
    threshold: '임계값 직접 지정',
  },
  goalFields: {
    student: '학생 모델이 한 답의 최소 정답률(%)',
    together: '교사 모델과 비교한 최대 손실(%p)',
    threshold: '이 확신도부터 학생 모델이 답함(%)',
  },
  goalProblem: (min, max) => `${min}부터 ${max}까지의 수를 입력하세요.`,
  missing: '먼저 필요한 것이 있습니다',
  missingParts: { validation: '검증', test: '테스트' },
  lacksPredictions: (name, part) => `${name}: 아직 ${part} 행에 모두 답하지 않았습니다.`,
  lacksConfidence: (name, part) =>
    `${name}: 이전 버전이 ${part} 행의 확신도를 저장하지 않았으므로 다시 답하게 합니다.`,
  lacksTeacher: (name, part) => `${name}: ${part} 행을 하나도 묻지 않았습니다.`,
  lacksSome: (name, asked, rows, part) =>
    `${name}: ${part} 행 ${rows}개 중 ${asked}개만 물었습니다. 나머지는 계산에서 뺍니다.`,
  lacksRows: (part) => `이 분할에는 ${part} 행이 없습니다.`,
  evaluate: (part) => `${part} 행에서 평가`,
  askTeacher: '교사 모델에게 묻기',
  noRows: '정답 라벨과 두 쪽의 답이 모두 있는 검증 행이 없어 임계값을 고를 수 없습니다.',
  curveTitle: '검증: 학생 모델이 직접 답하는 비율과 정답률',
  curveAbout: (rows) => `검증 행 ${rows}개에서 계산했습니다. 띠는 95% 신뢰 구간입니다.`,
  curveX: '학생 모델이 답하는 비율',
  own: '학생 모델이 한 답의 정답률',
  together: '함께 답할 때의 정답률',
  alone: '교사 모델만',
  chosen: (coverage, accuracy, low, high) =>
    `검증 행에서 학생 모델이 ${coverage}에 답하고 정답률은 ${accuracy}입니다(${low}–${high}).`,
  chosenAll: '이때 교사 모델에게는 전혀 묻지 않습니다.',
  chosenTogether: (together, teacher) =>
    `함께 답하면 정답률 ${together}, 교사 모델만 답하면 ${teacher}입니다.`,
  chosenThreshold: (threshold) => `임계값: 확신도 ${threshold}.`,
  cheaper: (times) => `교사 모델만 쓸 때보다 ${times}배 저렴합니다.`,
  asDear: '교사 모델만 쓸 때와 비용이 거의 같습니다.',
  dearer: '교사 모델만 쓸 때보다 비용이 더 듭니다.',
  priceUnknown: '얼마나 아끼는지 알 수 없습니다. 위에 가격이나 학생 모델의 속도가 빠져 있습니다.',
  unreached:
    '검증 행에서 이 목표에 닿는 임계값이 없습니다. 목표를 낮추거나 다른 학생 모델을 선택하세요.',
  unreachedByHand:
    '이 임계값에서는 학생 모델이 검증 행에 하나도 답하지 않습니다. 더 낮은 값을 선택하세요.',
  fewRows: (part, _, shown, least) =>
    `학생 모델이 직접 답한 ${part} 행이 ${shown}개뿐으로 ${least}개보다 적어 정답률을 대략만 알 수 있습니다.`,
  points: '모든 임계값',
  pointsCaption: '검증 행의 임계값, 학생 모델만 답할 때부터 교사 모델만 답할 때까지',
  threshold: '임계값',
  coverage: '학생 모델이 답함',
  times: '비용 절감 배수',
  everything: '교사 모델만',
  confirm: '테스트 행에서 확인',
  confirmLead: (n, shown) =>
    `테스트 행의 점수를 보게 됩니다. 지금까지 ${n === 0 ? '본 적이 없습니다' : `${shown}번 보았습니다`}. 이미 본 것은 다시 세지 않습니다.`,
  saved: '확인한 임계값',
  savedLead: '학생 모델마다 가장 새로운 것이 내보내기에 들어갑니다.',
  savedOf: (student, teacher) => `${student}, 교사 모델 ${teacher}`,
  newest: '내보내기에 들어감',
  older: '이전 것',
  result: (coverage, accuracy) =>
    `학생 모델이 ${coverage}에 ${accuracy}의 정답률로 답하고 나머지는 교사 모델이 답합니다`,
  resultAll: (accuracy) =>
    `학생 모델이 모두 ${accuracy}의 정답률로 답하며 교사 모델에게는 묻지 않습니다`,
  resultCheaper: (sentence, times) => `${sentence}. ${times}배 저렴합니다.`,
  resultAsDear: (sentence) => `${sentence}. 교사 모델만 쓸 때와 비용이 거의 같습니다.`,
  resultDearer: (sentence) => `${sentence}. 교사 모델만 쓸 때보다 비용이 더 듭니다.`,
  resultPlain: (sentence) => `${sentence}.`,
  targetWords: {
    student: (share) => `목표: 학생 모델이 한 답의 정답률 ${share} 이상`,
    together: (_, shown) => `목표: 함께 답할 때의 손실 ${shown}%p 이하`,
    threshold: (share) => `직접 정한 임계값: ${share}`,
  },
  besideCaption: (name) => `검증과 테스트 비교: ${name}`,
  part: '행',
  partRows: (part, _, shown) => `${part} ${shown}행`,
  met: (measured, target, low, high) =>
    `테스트 행에서도 확인되었습니다: ${measured}(${low}–${high}), 목표 ${target}.`,
  short: (measured, target) =>
    `테스트 행에서는 ${measured}로 목표 ${target}보다 낮습니다. 행이 적어 우연인지 알 수 없습니다.`,
  missed: (measured, target, low, high) =>
    `테스트 행에서는 확인되지 않았습니다: ${measured}(${low}–${high})로 목표 ${target}에 미치지 못합니다.`,
  answersNone: '테스트 행에서는 확인되지 않았습니다: 학생 모델이 답하는 행이 하나도 없습니다.',
  remove: '삭제',
  removeOf: (name) => `임계값 삭제: ${name}`,
};
