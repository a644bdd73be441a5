import type { Dictionary } from '../en.ts';

export const compareSlices: Dictionary['compareSlices'] = {
  systems: '비교할 모델',
  systemsHint: '모델을 더할수록 시도가 늘어나므로, 더 확실한 것만 약한 구간으로 인정합니다.',
  noneChosen: '모델을 하나 이상 고르세요.',
  working: '행을 묶어 보고 조건을 조합해 보고 있습니다…',
  noGold: '이 부분에는 정답 라벨이 있는 행이 없어 구간별 점수를 낼 수 없습니다.',

  weak: '약한 구간',
  weakLead: '공통점이 한두 가지인 행 가운데, 모델이 나머지 행보다 덜 맞힌 구간입니다.',
  weakOf: (name) => `${name}의 약한 구간`,
  correction: (_, shown, fewest) =>
    `구간 ${shown}개를 시도했습니다(모델마다 따로 셈). ${fewest}행 이상이고 전체의 절반을 넘지 않는, 조건 한두 개의 구간 모두입니다. 하나하나 나머지 행과 비교하고(피셔의 정확 검정, 단측) 시도한 수만큼 홀름 방법으로 보정했습니다. 그래서 우연히 약하다고 하는 일은 이런 탐색의 5%를 넘지 않습니다.`,
  tooFew: (fewest, needed, has) =>
    `탐색하기에는 행이 너무 적습니다. 구간 하나에 ${fewest}행 이상이 필요하고 전체의 절반을 넘을 수 없으므로, 정답 라벨이 있는 행이 적어도 ${needed}개 있어야 합니다. 지금은 ${has}개입니다.`,
  noneFound: (name) => `약한 구간을 찾지 못했습니다: ${name}.`,
  noneSure: (name) => `약하다고 볼 만한 구간이 없습니다: ${name}. 아래의 것은 우연일 수 있습니다.`,
  sentence: (where, score, right, of) => `${where}: ${score} 정답(${of}행 중 ${right}행).`,
  rest: (score, right, of) => `나머지 행: ${score}(${of}행 중 ${right}행).`,
  shown: '우연으로 보기 어려움',
  perhaps: (shown) => `우연일 수 있음: 구간 ${shown}개를 시도함`,
  p: (p, corrected) => `p ${p}, 보정 후 ${corrected}`,
  where: (conditions) => conditions,
  and: (one, other) => `${one}, ${other}`,
  sliceBar: '이 구간',
  restBar: '나머지 행',

  groups: '묶음',
  groupsLead:
    '묶음마다 점수와 95% 신뢰 구간을 보여 줍니다. 작은 묶음은 구간이 넓습니다. 묶음 사이의 차이는 검정하지 않았습니다.',
  noGroups: '이 행들을 나눌 만한 것이 없습니다.',
  group: {
    gold: '정답 라벨별',
    length: '입력 길이별',
    numbers: '입력에 든 숫자 개수별',
    column: (name) => `${name}별`,
    dataset: '데이터 세트별',
    flagged: '교사 모델 근거의 표시별',
  },
  slice: '행의 조건',
  count: '행',
  noScore: '묻지 않음',
  show: (_, shown) => `${shown}행 보기`,
  showOf: (_, shown, where) => `${shown}행 보기: ${where}`,

  condition: {
    gold: (label) => `정답 라벨 ${label}`,
    below: (to) => `${to}자 미만인 입력`,
    between: (from, to) => `${from}–${to}자인 입력`,
    from: (from) => `${from}자 이상인 입력`,
    numbers: (_, shown) => `숫자 ${shown}개`,
    numbersBetween: (from, to) => `숫자 ${from}–${to}개`,
    numbersFrom: (from) => `숫자 ${from}개 이상`,
    word: (word) => `낱말 “${word}”`,
    column: (column, value) => `${column}: ${value === '' ? '빈 값' : value}`,
    dataset: (name) => `데이터 세트 ${name}`,
    flagged: '교사 모델의 근거에 표시 있음',
    notFlagged: '교사 모델의 근거에 표시 없음',
  },
};
