import type { Words } from '../en/index.ts';

/** What it costs to use them, and what they wrote. */
export const use: Pick<Words, 'money' | 'cascade' | 'judged' | 'examples'> = {
  money: {
    title: '비용과 손익분기',
    caption: '답하고 만드는 데 드는 비용',
    perThousand: '답 1,000개',
    basis: {
      entered: '직접 입력',
      saved: '저장된 답에서',
      measured: '잰 속도에서',
      free: '무료',
      unknown: '모름',
    },
    build: '만드는 비용',
    rationales: (money) => `교사의 답 ${money}`,
    training: (money, hours) => `학습 ${money}(${hours}시간)`,
    missing: (parts) => `몰라서 셈하지 않은 것: ${parts}`,
    unknownParts: { rationales: '교사의 답', training: '학습' },
    breakEven: '더 싸지는 시점',
    answers: (_, shown) => `답 ${shown}개 뒤`,
    never: '싸지지 않음',
    notKnown: '모름',
    machine: (money, isChosen) =>
      `컴퓨터 한 시간을 ${money}로 셈합니다${isChosen ? '' : '(추천값)'}.`,
    noMachine: '컴퓨터 시간은 셈하지 않습니다.',
    goldLabels:
      '정답 라벨은 이미 있는 것으로 봅니다. 라벨을 단 사람에게 든 비용은 어느 숫자에도 없습니다.',
    chart: '답의 수에 따른 전체 비용',
    volume: '답의 수',
    unknown: '가격을 몰라 비용을 비교할 수 없습니다.',
  },

  cascade: {
    title: '학생 먼저, 나머지는 교사',
    lead: '충분히 확신하는 질문에는 학생 모델이 답하고 나머지는 교사 모델에 보냅니다. 기준은 검증 행으로 고르고 그다음 테스트 행으로 확인했습니다.',
    caption: '저장한 기준',
    pair: (student, teacher) => `${student}, 나머지는 ${teacher}`,
    chosen: (target, threshold) => `목표: ${target}. 확신도 ${threshold}부터 학생 모델이 답합니다.`,
    few: (part, rows) =>
      `학생 모델이 직접 답한 ${part} 행이 ${rows}개뿐이라 정답률을 대략만 알 수 있습니다.`,
    targets: {
      student: (share) => `학생의 답이 적어도 ${share} 정답`,
      together: (points) => `함께 답할 때 교사보다 ${points}%p까지만 낮게`,
      threshold: '직접 정함',
    },
    coverage: '학생이 답함',
    accuracy: '그중 정답',
    together: '함께 정답',
    alone: '교사 혼자',
    cheaper: '비용',
    times: (factor) => `1/${factor}`,
    parts: { validation: '검증', test: '테스트' },
    part: '행',
    outcomes: {
      met: '테스트 행에서도 확인되었습니다.',
      short: '테스트 행에서 조금 못 미치지만 우연일 수 있는 만큼입니다.',
      missed: '테스트 행에서는 확인되지 않았습니다.',
    },
  },

  judged: {
    title: '사람의 판단',
    lead: '누가 썼는지 모르는 채로 근거를 둘씩 견주었습니다.',
    caption: '어느 근거가 더 나은가',
    a: 'A',
    b: 'B',
    judged: '판단한 쌍',
    preferA: 'A가 나음',
    preferB: 'B가 나음',
    both: '둘 다 좋음',
    neither: '둘 다 아님',
    share: '고른 것 중 A',
    p: 'p값',
    verdict: '판정',
    verdicts: { a: 'A를 더 좋아함', b: 'B를 더 좋아함', 'not-shown': '선호가 입증되지 않음' },
    soFar: '아직 너무 적음',
  },

  examples: {
    title: '예시',
    lead: (shown, disagreements, seed) =>
      `시드 ${seed}로 뽑은 ${shown}행이며, 답이 다른 행이 먼저 나옵니다. 답이 다른 행은 모두 ${disagreements}개입니다.`,
    row: (id) => `행 ${id}`,
    gold: '정답 라벨',
    choices: '보기',
    note: '메모',
    disagree: '답이 다름',
    agree: '답이 같음',
    right: '정답',
    wrong: '오답',
    notAsked: '묻지 않음',
    noLabel: '라벨 없음',
    confidence: (share) => `확신도 ${share}`,
    leadsElsewhere: '근거가 다른 답으로 이어집니다',
    arithmetic: (found) => `맞지 않는 계산: ${found}`,
    none: '예시를 넣지 않았습니다.',
    limited: (shown, all) =>
      `모델 ${all}개 중 ${shown}개의 답입니다. 시드만 다른 학생 모델은 첫 번째 것을 보여 줍니다.`,
  },
};
