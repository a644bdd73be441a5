import type { Words } from '../en/index.ts';

type Scores = Pick<
  Words,
  'scoreboard' | 'verdicts' | 'classes' | 'calibration' | 'rationales' | 'speed' | 'slices'
>;

/** What systems scored, and what may be concluded. */
export const scores: Scores = {
  scoreboard: {
    title: '점수판',
    caption: (rows) => `채점한 ${rows}행의 정확도와 95% 신뢰 구간`,
    who: '답한 모델',
    accuracy: '정확도',
    interval: '95% 신뢰 구간',
    picture: '0%–100%',
    right: '정답',
    unparsed: '라벨 없음',
    macroF1: '매크로 F1',
    how: { wilson: '윌슨', bootstrap: '부트스트랩', seeds: '행과 시드' },
    read: '신뢰 구간은 모델 하나면 윌슨 구간이고, 시드만 다른 학생 모델은 행과 시드를 함께 본 구간입니다. 물었는데 라벨이 없는 행은 오답으로 셉니다.',
    teacherShare: (rows) => `${rows}행에만 물음`,
  },

  verdicts: {
    title: '진짜 차이인가?',
    omnibus: ({ systems, rows }, { q, degrees, p }) =>
      `모델 ${systems}개, ${rows}행의 코크란 Q 검정: Q = ${q}, 자유도 ${degrees}, p ${p.startsWith('<') ? p : `= ${p}`}.`,
    omnibusSays: {
      some: '모두가 똑같이 자주 맞히는 것은 아닙니다.',
      none: '어느 모델이 더 자주 맞힌다고 입증되지 않습니다.',
    },
    corrected: (pairs) =>
      `${pairs}쌍을 검정하므로 p값마다 홀름 보정을 했습니다. 보정하지 않으면 몇 쌍은 우연히 달라 보입니다.`,
    uncorrected: '한 쌍만 검정하므로 보정할 것이 없습니다.',
    rule: (points) =>
      `“더 나음”은 두 가지를 모두 채워야 합니다. 보정한 p값이 0.05보다 작고, 차이가 오차 한계 ${points}%p 이상이어야 합니다.`,
    alike: (points) =>
      `“비슷함”은 신뢰 구간에 ${points}%p 이상의 차이가 들어 있지 않다는 뜻입니다.`,
    alone:
      '구간은 한 쌍만 본 것이므로, 0이 들어 있지 않아도 보정한 p값으로는 차이가 입증되지 않을 수 있습니다.',
    caption: '둘 다 답한 행으로 본 모든 쌍',
    captionOf: (shown, all) => `차이 ${all}개 중 가장 큰 ${shown}개. 나머지는 JSON 문서에 있습니다`,
    a: '점수가 높은 쪽',
    b: '점수가 낮은 쪽',
    difference: '차이(%p, 95%)',
    picture: '차이',
    test: '검정',
    tests: { 'mcnemar-exact': '맥니마 정확 검정', 'seeds-t': '시드를 고려한 t 검정' },
    p: 'p값',
    pCorrected: '보정한 p값',
    verdict: '판정',
    verdicts: {
      better: '더 나음',
      alike: '비슷함',
      'not-shown': '차이가 입증되지 않음',
      'shown-alone': '보정하면 입증되지 않음',
    },
    needed: '필요한 행',
    neededHint: '필요한 행: 이만한 차이를 다섯 번 중 네 번은 입증할 수 있는 행 수입니다.',
    macroF1: '매크로 F1(95%)',
    apart: (onlyHigher, onlyLower) => `앞쪽만 정답 ${onlyHigher}, 뒤쪽만 정답 ${onlyLower}`,
    nothing: '채점할 모델이 하나뿐이라 비교하지 않습니다.',
  },

  classes: {
    title: '클래스별',
    caption: (name) => `클래스별 결과: ${name}`,
    label: '클래스',
    precision: '정밀도',
    recall: '재현율',
    f1: 'F1',
    confusion: (name) => `정답 라벨(세로)과 답(가로): ${name}`,
    gold: '정답',
    other: '그 밖',
    noLabel: '라벨 없음',
    limited: (shown, all) =>
      `모델 ${all}개 중 처음 ${shown}개입니다. 나머지는 JSON 문서에 있습니다.`,
  },

  calibration: {
    title: '확신도',
    lead: '확신도는 학생 모델이 자기가 쓴 라벨에 준 확률입니다. 점이 선 위에 있으면 확신하는 만큼 맞힌다는 뜻입니다.',
    none: '모든 시드의 확신도가 저장된 학생 모델이 없습니다. 비교 화면에서 다시 평가하면 볼 수 있습니다.',
    ece: (value, chance) =>
      `보정 오차 ${value}. 확신도가 완벽하게 맞는 모델이라도 이런 표본 100개 중 95개에서 ${chance}까지는 나옵니다.`,
    caption: (name) => `확신도별 정답 비율: ${name}`,
    confidence: '확신도',
    right: '정답 비율',
    from: '구간',
    rows: '행',
  },

  rationales: {
    title: '근거',
    caption: '근거의 특징',
    rows: '근거 수',
    words: '단어 수',
    arithmetic: '계산이 맞음',
    leads: '자기 라벨로 이어짐',
    rouge: '교사와의 ROUGE-L',
    weak: 'ROUGE-L은 약한 지표입니다. 좋은 근거도 다른 말로 쓸 수 있기 때문입니다. 계산은 식이 있는 근거만, “자기 라벨로 이어짐”은 결론이 있는 근거만 봅니다.',
    none: '이 행에 근거를 쓴 모델이 없습니다.',
  },

  speed: {
    title: '속도와 크기',
    caption: '질문을 하나씩 할 때와 한꺼번에 할 때',
    p50: '중앙값',
    p95: '95번째 백분위수',
    throughput: '초당 행',
    parameters: '매개변수',
    file: '파일',
    memory: '메모리',
    measured: '잰 방법',
    teacherSaved: '저장된 답',
    threads: (_, shown) => `스레드 ${shown}개`,
    busy: '이 가운데 일부는 다른 계산과 겹쳐 쟀습니다. 실제로는 더 빠릅니다.',
  },

  slices: {
    title: '어디에 약한가',
    weakCaption: '다른 행보다 점수가 낮은 조각',
    slice: '조각',
    system: '답한 모델',
    here: '이 조각',
    rest: '그 밖',
    rows: '행',
    p: '보정한 p값',
    search: (tried, fewest) =>
      `${fewest}행이 넘는 조각 ${tried}개를 찾아보았습니다. p값은 피셔 정확 검정이며 조각 전체에 대해 홀름 보정을 했습니다.`,
    hints: '입증되지 않은 가장 큰 차이(우연일 수 있음)',
    noWeak: '나머지보다 약하다고 입증된 조각이 없습니다.',
    groups: '정해진 묶음',
    groupCaption: {
      gold: '정답 라벨별',
      length: '입력 길이별',
      numbers: '입력에 든 숫자 수별',
      column: (name) => `“${name}” 값별`,
      dataset: '데이터 세트별',
      flagged: '교사 근거의 표시별',
    },
    terms: {
      gold: (label) => `정답 라벨 ${label}`,
      length: (from, to) => (to === null ? `${from}자 이상` : `${from}–${to}자`),
      numbers: (from, to) =>
        to === null
          ? `숫자 ${from}개 이상`
          : from === to
            ? `숫자 ${from}개`
            : `숫자 ${from}–${to}개`,
      word: (word) => `“${word}” 포함`,
      column: (column, value) => `${column}: ${value}`,
      dataset: (name) => `데이터 세트 ${name}`,
      flagged: '표시가 있는 근거',
      unflagged: '표시가 없는 근거',
    },
    and: ', ',
  },
};
