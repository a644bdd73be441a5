import type { Dictionary } from '../en.ts';

export const split: Dictionary['split'] = {
  title: '분할',
  lead: '배울 행, 가장 좋은 체크포인트를 고를 행, 마지막 비교에만 쓸 행으로 나눕니다. 저장하면 고정됩니다.',
  emptyTitle: '아직 나눌 행이 없습니다',
  emptyText: '먼저 행을 가져오세요.',
  emptyAction: '파일 가져오기',
  again: '새 분할',
  list: '분할 목록',
  caption: '이 프로젝트의 분할',
  frozen: (when) => `${when}에 고정`,
  next: '행을 나누었습니다. 이제 학습용 행으로 학생 모델을 학습시키세요.',
  nextAction: '학생 모델 학습',
  noTeacher:
    '아직 교사 모델의 답이 없습니다. 정답 라벨로 하는 미세 조정은 없어도 되지만 다른 방법에는 필요합니다.',

  wizard: '새 분할',
  steps: { kind: '방법', shares: '비율', leaks: '누출', freeze: '고정' },
  kindTitle: '행을 어떻게 나눌까요?',
  kindWhy:
    '테스트 행은 학생 모델이 처음 보는 것이어야 점수가 의미 있습니다. 이 데이터에 맞는 방법을 미리 골라 두었습니다.',
  suggested: (way) => `${way} (추천)`,
  ways: {
    template: '같은 틀끼리',
    random: '무작위로',
    group: '그룹별로',
    time: '시간순으로',
    given: '파일에 정한 대로',
    folds: '교차 검증(폴드)',
  },
  wayTexts: {
    template:
      '숫자와 이름만 다르고 내용이 같은 행을 함께 둡니다. 그러지 않으면 테스트 행이 사실상 학습 행과 같을 수 있습니다.',
    random: '시드로 뽑아 나눕니다. 같은 시드는 같은 분할을 만듭니다.',
    group: '작성자나 문서처럼 한 열의 값이 같은 행을 함께 둡니다.',
    time: '가장 새로운 행은 테스트에, 그 앞의 행은 검증에 씁니다. 앞으로 들어올 행을 만나는 상황과 같습니다.',
    given:
      '파일이나 파일의 열에 정한 구분을 따릅니다. 검증용이 없으면 학습 행의 일부를 검증용으로 떼어 둡니다.',
    folds:
      '분할을 여러 개 한꺼번에 만듭니다. 폴드마다 다른 행이 테스트가 됩니다. 행이 적어 테스트 하나로는 부족할 때 씁니다.',
  },
  missing: {
    given: '구분을 정해 가져온 파일이나 열이 없습니다.',
    group: '가져올 때 함께 보관한 열이 없습니다.',
    time: '날짜나 숫자만 담긴 열을 보관하지 않았습니다.',
  },
  seen: {
    template: (_, shown) => `${shown}행이 다른 행과 내용이 같습니다.`,
    group: (column, values) => `“${column}” 열에는 값이 ${values}개 있고, 값마다 행이 여럿입니다.`,
    time: (column) => `“${column}” 열은 시간순으로 늘어놓을 수 있습니다.`,
  },
  columnOption: (column, values) => `${column} · 값 ${values}개`,
  groupColumn: '그룹으로 묶을 열',
  groupColumnHint: '값이 없는 행은 따로 나눕니다.',
  timeColumn: '시간이 있는 열',
  timeColumnHint:
    '같은 시간의 행은 함께 두므로 비율이 조금 달라질 수 있습니다. 시간이 없는 행은 학습에 씁니다.',
  sharesTitle: '각 부분의 크기는?',
  sharesWhy: '테스트가 클수록 신뢰 구간이 좁아지고, 학습이 클수록 학생 모델이 좋아집니다.',
  validation: '검증(%)',
  test: '테스트(%)',
  train: '나머지는 학습용입니다',
  partsGiven: '어느 행을 어디에 쓸지는 파일이 정합니다. 여기서는 정해지지 않은 것만 묻습니다.',
  validationOf: '검증 (학습 행의 %)',
  folds: '폴드 수',
  foldsWhy:
    '모든 행이 한 폴드에서 테스트가 됩니다. 폴드마다 나머지 행의 일부를 검증용으로 떼어 둡니다.',
  seed: '시드',
  stratify: '라벨 비율을 똑같이 유지',
  stratifyHint: '각 부분에 정답 라벨이 같은 비율로 들어갑니다.',
  group: '숫자만 다른 행은 같은 부분에 두기',
  groupHint:
    '그러지 않으면 테스트 행이 사실상 학습 행과 같을 수 있습니다. 학생 모델이 추론하지 않고 외운 답을 내게 됩니다.',
  groupNames: '이름만 다른 행도 함께 두기',
  groupNamesHint:
    '이름은 규칙으로 찾습니다. 문장 안이나 문장 첫머리의 동사 앞에서 대문자로 시작하는 낱말과 흔한 한국 이름입니다.',
  groups: (_, shown, largest) =>
    `함께 두는 행은 ${shown}묶음이고, 가장 큰 묶음은 ${largest}행입니다.`,
  withoutGroup: (_, shown) => `${shown}행은 이 열에 값이 없어 따로 나눕니다.`,
  withoutTime: (_, shown) => `${shown}행은 읽을 수 있는 시간이 없어 학습에 씁니다.`,

  leaksTitle: '부분 사이에 새는 행이 있나요?',
  leaksWhy:
    '누출 검사는 서로 다른 부분의 행을 비교합니다. 학습 행과 거의 같은 테스트 행은 풀지 않고 외워서 맞힙니다.',
  threshold: '거의 같다고 볼 기준(%)',
  thresholdHint: '두 행을 다섯 글자씩 자른 조각 가운데 겹치는 조각의 비율입니다.',
  looking: '행을 비교하는 중…',
  lookingAgain: '묶음을 옮기고 다시 비교하는 중…',
  stopped: '비교를 멈추었습니다. 비교하지 않고 계속할 수도 있습니다.',
  lookAgain: '다시 비교',
  lookingFold: (index, of) => `폴드 ${index} / ${of}의 행을 비교하는 중…`,
  foldLeaks: '보여 줄 폴드',
  foldHeld: (index, held) => `폴드 ${index} · ${held}`,
  foldsHeld: (shown, of) =>
    `모든 폴드를 검사했습니다. 폴드 ${of}개 가운데 ${shown}개에서 행이 샙니다.`,
  inFold: (index) => `폴드 ${index}:`,
  someCompared:
    '비슷한 글이 아주 많아 글마다 일부하고만 비교했습니다. 이 종류의 누출은 센 것보다 더 있을 수 있습니다.',
  nothingFound: (rows) => `${rows}행을 비교했지만, 다른 부분의 행과 지나치게 비슷한 행이 없습니다.`,
  found: (_, shown, rows) =>
    `전체 ${rows}행 가운데 검증과 테스트의 ${shown}행이 다른 부분의 행과 지나치게 비슷합니다.`,
  leaksCaption: '종류별 누출',
  leakKind: '종류',
  leakPairs: '쌍',
  leakHeldOut: '검증·테스트 행',
  leakClusters: '묶음',
  leakAfter: '옮긴 뒤의 쌍',
  atLeast: (pairs) => `${pairs} 이상`,
  leakKinds: {
    exact: '똑같음',
    normalised: '대소문자만 다름',
    near: '거의 같음',
    template: '같은 틀',
    exemplar: '프롬프트에 나옴',
  },
  leakTexts: {
    exact: '글자까지 똑같은 글입니다.',
    normalised: '대소문자, 유니코드 형태, 공백만 다른 글입니다.',
    near: '글의 대부분이 같습니다.',
    template: '숫자와 이름을 가리면 같은 글입니다.',
    exemplar: '교사 모델에게 예시로 보여 준 것과 같거나 거의 같습니다.',
  },
  moveTitle: '묶음째 한 부분으로 옮기기',
  moveWhy:
    '비슷한 행을 가장 많이 있는 부분으로 모읍니다. 수가 같으면 학습으로 보냅니다. 프롬프트에 나온 행은 학습으로 보냅니다.',
  moveAll: '모두 옮기기',
  moved: (_, shown) => `${shown}행을 다른 부분으로 옮깁니다.`,
  movedClean: '남은 누출이 없습니다.',
  movedCleanOfSome: '더 찾은 누출이 없습니다.',
  movedRest: (_, shown) => `검증과 테스트의 ${shown}행은 아직 샙니다.`,
  movedCounts: (train, validation, test) =>
    `그러면 학습 ${train}행, 검증 ${validation}행, 테스트 ${test}행이 됩니다.`,
  pairs: '새는 쌍',
  pairsHint: '서로 다른 낱말에 밑줄을 그었습니다. 종류마다 20쌍까지 보여 줍니다.',
  alike: (percent) => `${percent} 비슷함`,
  prompt: '프롬프트',
  inPrompt: '프롬프트에도 나옴',
  notLooked: '이 행들은 누출 검사를 하지 않았습니다.',
  freezeLeaks: (_, shown) =>
    `검증과 테스트의 ${shown}행이 아직 샙니다. 뒤로 가서 묶음을 옮기거나 이대로 고정하세요. 검사 결과는 분할에 남습니다.`,
  freezeLeaksFolds: (shown, of, most) =>
    `폴드 ${of}개 가운데 ${shown}개에서 검증과 테스트의 행이 아직 샙니다(많게는 ${most}행). 뒤로 가서 묶음을 옮기거나 이대로 고정하세요. 검사 결과는 분할에 남습니다.`,
  leaksHead: '누출 검사',
  leaksUnknown: '하지 않음',
  leaksNone: '누출 없음',
  leaksSome: (_, shown) => `${shown}행 누출`,
  looks: '테스트 본 횟수',
  foldOf: (index, of) => `폴드 ${index} / ${of}`,
  byTime: (column) => `시간순: ${column}`,
  byColumn: (column) => `그룹별: ${column}`,
  movedWhole: '비슷한 행을 묶음째 옮김',
  freezeFolds: '모든 폴드 고정',
  freezeFoldsWhy:
    '폴드마다 분할이 하나씩 생기며 나중에 바꿀 수 없습니다. 새 분할은 언제든 만들 수 있습니다.',

  freezeTitle: '이 분할을 고정할까요?',
  freezeWhy:
    '모든 실행을 같은 행으로 비교하므로 나중에 바꿀 수 없습니다. 새 분할은 언제든 만들 수 있습니다.',
  name: '이름',
  namePlaceholder: '비워 두어도 됩니다',
  freeze: '분할 고정',
  preview: '각 부분에 들어갈 행',
  counting: '세는 중…',
  share: (percent) => `전체의 ${percent}`,
  labels: '정답 라벨별 행 수',
  label: '라벨',
  firstFold: (of) => `폴드 ${of}개 가운데 첫 폴드의 행 수입니다.`,
  leaks: (_, shown, names) =>
    `검증과 테스트의 ${shown}행은 ${names ? '숫자와 이름을' : '숫자를'} 가리면 학습 행과 같습니다. 이런 행의 점수는 의미가 적으니 같은 부분에 두세요.`,
  noLeaks: (names) =>
    `${names ? '숫자와 이름을' : '숫자를'} 가려도 학습 행과 같은 검증·테스트 행은 없습니다.`,
  seedOf: (seed) => `시드 ${seed}`,
  grouped: '숫자만 다른 행을 함께 둠',
  smallTest: (rows, points) => `테스트 ${rows}행이면 신뢰 구간은 위아래로 약 ${points}%p입니다.`,
};
