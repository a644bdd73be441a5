import type { Dictionary } from '../en.ts';

export const studies: Dictionary['studies'] = {
  kinds: {
    'bake-off': '방법 비교',
    'data-size': '데이터가 얼마나 필요할까?',
    sweep: '설정 찾기',
  },
  sources: { gold: '정답 라벨', teacher: '교사 라벨' },
  armOf: (method, source) => `${method}(${source})`,
  copying: {
    text: '텍스트로 복사',
    csv: 'CSV로 복사',
    of: (verb, table) => `${verb}: ${table}`,
    refused: '이 페이지에서 클립보드에 쓸 수 없습니다. 선택해 둔 텍스트를 직접 복사하세요.',
  },

  steps: {
    arms: '방법',
    arm: '방법',
    shares: '데이터 양',
    axes: '시험할 설정',
    search: '찾는 방식',
    seeds: '시드',
    student: '학생 모델',
    settings: '설정',
    scored: '채점',
    check: '확인하고 시작',
  },
  leads: {
    'bake-off':
      '고른 방법을 모두 같은 행과 여러 시드로 학습한 다음, 어떤 차이가 진짜인지 알려 줍니다.',
    'data-size':
      '행을 조금씩 늘려 가며 학습해 행이 많아지면 무엇이 좋아지는지 보여 줍니다. 논문의 그림과 같습니다.',
    sweep: '한 방법의 설정을 바꿔 가며 검증 결과만으로 고릅니다. 테스트 행은 보지 않습니다.',
  },
  armsTitle: '무엇을 비교할까요?',
  armTitle: '어느 방법의 설정을 찾을까요?',
  armsWhy: '이 프로젝트의 행으로 할 수 있는 방법을 모두 골라 두었습니다. 줄이면 더 빨리 끝납니다.',
  armsWhySize:
    '둘 이상 골라야 어느 방법에 행이 덜 드는지 알 수 있습니다. 논문은 단계별 증류와 미세 조정을 비교합니다.',
  armWhy:
    '한 방법의 설정을 시험합니다. 한 방법에 가장 좋은 설정이 다른 방법에도 좋다는 보장은 없습니다.',
  armsTable: '방법과 각 방법이 배우는 라벨',
  learns: '배우는 라벨',
  boundTo: { gold: '늘 정답 라벨', teacher: '늘 교사 라벨' },
  lacks: { gold: '정답 라벨이 있는 행이 없습니다.', teacher: '아직 교사 모델의 답이 없습니다.' },
  keepsTeacher: '쓸 때 교사 모델이 필요함',
  keepsTeacherText:
    '학생 모델이 입력마다 교사 모델의 근거를 함께 읽습니다. 그래서 쓸 때마다 교사 모델이 답해야 하며, 학생 모델 혼자 낸 점수가 아닙니다.',
  noGold:
    '정답 라벨이 있는 행이 없어 점수를 낼 수 없습니다. 연구는 점수를 비교하므로 먼저 정답 라벨이 있는 행을 가져오세요.',
  tooFew: '둘 이상 고르세요.',
  nothingChosen: '하나 이상 고르세요.',

  sharesTitle: '데이터 양을 어떻게 나눌까요?',
  sharesWhy: '작은 비율의 행은 모두 더 큰 비율에도 들어갑니다. 어느 방법이든 같습니다.',
  sharesTable: '학습 행의 비율',
  share: '비율',
  rowsOf: '학습 행',
  shareRows: (_, shown) => `${shown}행`,

  seedsTitle: '시드를 몇 개 쓸까요?',
  seedsWhy:
    '같은 학생 모델도 시드를 바꿔 학습하면 점수가 몇 점씩 달라지곤 합니다. 시드가 여럿이면 방법의 효과와 운을 가릴 수 있습니다. 보통 적어도 세 개를 씁니다.',
  seedCount: '시드 수',
  seedFirst: '첫 시드',
  seedList: (list) => `방법마다 이 시드로 한 번씩 학습합니다: ${list}`,
  oneSeedPlan:
    '시드가 하나면 차이가 시드 때문일 수도 있습니다. 결과에도 시드를 바꾸지 않았다고 표시합니다.',

  scoredTitle: '어느 행으로 점수를 낼까요?',
  scoredWhy: '어떤 학습에도 쓰지 않은 같은 행에 모든 학생 모델이 답합니다.',
  parts: { test: '테스트 행', validation: '검증 행' },
  partTexts: {
    test: '보고할 점수에 씁니다. 결과를 열면 테스트를 한 번 본 것으로 셉니다. 테스트 점수를 보고 다음 시도를 정하는 일이 잦을수록 그 점수가 알려 주는 것이 적어집니다.',
    validation:
      '시험 삼아 해 볼 때 씁니다. 가장 좋은 체크포인트를 이 행으로 골랐기 때문에 모든 점수가 조금 높게 나옵니다.',
  },
  margin: '못하지 않다고 볼 한도(%p)',
  marginHint:
    '점수가 이만큼까지 낮아도 못하지 않은 것으로 봅니다. “행이 절반이면 충분하다”고 말할 때 쓰입니다.',

  axesTitle: '어떤 설정을 시험할까요?',
  axesWhy:
    '학습률과 근거 손실의 가중치가 가장 중요합니다. 설정을 하나 더할 때마다 조합의 수가 곱절로 늘어납니다.',
  axisNow: (value) => `지금 설정: ${value}`,
  values: '값',
  valuesHint: '숫자를 띄어쓰기나 쉼표로 구분해 적으세요.',
  valuesWrong: (min, max) => `${min}부터 ${max}까지의 숫자를 20개까지 적으세요.`,
  valuesWhole: (min, max) => `${min}부터 ${max}까지의 정수를 20개까지 적으세요.`,
  low: '시작',
  high: '끝',
  rangeLog: '비율로 고르게 뽑음',
  rangeLinear: '고르게 뽑음',
  rangeWrong: '둘째 숫자가 더 커야 합니다.',
  keys: {
    learningRate: '학습률',
    lambda: '근거 손실의 가중치 λ',
    batchSize: '배치 크기',
    steps: '스텝 수',
    warmupShare: '워밍업 비율',
    weightDecay: '가중치 감쇠',
    clipNorm: '기울기 상한',
    dropout: '드롭아웃',
    labelSmoothing: '라벨 스무딩',
    rationaleDropout: '근거 드롭아웃',
    mutualInformation: '상호 정보량 가중치',
  },
  searchTitle: '어떻게 찾을까요?',
  searchWhy: '검증 결과만으로 고르며 테스트는 쓰지 않습니다.',
  searches: { grid: '모든 조합', random: '무작위로 뽑기' },
  searchTexts: {
    grid: '한 설정의 값을 다른 설정의 값과 모두 짝지어 봅니다. 설정이 한두 개일 때 좋습니다.',
    random:
      '범위에서 정한 횟수만큼 뽑아 봅니다. 중요한 설정이 여럿이면 좋은 값을 더 빨리 찾습니다(Bergstra와 Bengio 2012).',
  },
  trials: '시도 횟수',
  searchSeed: '뽑는 시드',
  medianRule: '뒤처진 시도는 일찍 멈추기',
  medianText:
    '지금까지의 최고 검증 결과가 같은 스텝에서 먼저 한 시도들의 중앙값보다 낮으면 일찍 끝냅니다(Golovin 외 2017). 시간을 아끼지만 늦게 좋아지는 설정을 놓칠 수 있습니다.',

  settingsWhy:
    '데이터와 이 컴퓨터에 맞춘 값입니다. 방법과 라벨, 시드만 다르고 나머지는 모두 같습니다.',

  checkTitle: '시작할 준비가 되었습니다',
  checkWhy: '두 번 학습하지 않습니다. 같은 설정으로 이미 학습한 실행은 그대로 가져다 씁니다.',
  planned: '실행',
  plannedOf: (arms, _, shown) => `${arms} × 시드 ${shown}개`,
  plannedShares: (arms, shares, _, shown) => `${arms} × ${shares} × 시드 ${shown}개`,
  runsOf: (_, shown) => `실행 ${shown}개`,
  methodsOf: (_, shown) => `학습 방식 ${shown}가지`,
  amountsOf: (_, shown) => `데이터 양 ${shown}가지`,
  existing: '이미 있음',
  existingNote: '같은 설정과 행으로 전에 학습함',
  stepsLeft: '학습할 스텝',
  timeLeft: '예상 시간',
  timeNote: '같은 학생 모델로 전에 잰 시간에서',
  timeUnknown: '아직 모름',
  timeUnknownNote: '첫 실행을 하면 알 수 있음',
  planning: '실행 수를 세는 중…',
  goesOn: '다른 일을 하는 동안에도 계속됩니다. 일시 정지하거나 앱을 닫아도 학습한 것은 남습니다.',
  name: '이름',
  names: { 'bake-off': '방법 비교', 'data-size': '데이터 양 곡선', sweep: '설정 찾기' },
  namePlaceholder: '비워 두어도 됩니다',
  start: (_, shown) => `실행 ${shown}개 시작`,
  startAll: '시작',
  ofRationales: '근거에서 배우는 것',
  summary: (steps, batch, rate) => `${batch}행씩 ${steps}스텝, 학습률 ${rate}`,
};
