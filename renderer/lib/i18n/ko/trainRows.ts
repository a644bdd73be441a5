import type { Dictionary } from '../en.ts';

export const trainRows: Dictionary['trainRows'] = {
  title: '어떤 근거를 배울까요?',
  why: '거절한 근거와, 라벨을 고친 뒤 맞지 않게 된 근거는 배우지 않습니다. 직접 고친 내용은 교사 모델이 쓴 것을 대신합니다.',
  policies: {
    parsed: '해석된 근거 모두',
    'agrees-with-gold': '정답과 일치하는 근거',
    accepted: '승인한 근거',
    healthy: '건강한 근거',
  },
  policyTexts: {
    parsed: '읽을 수 있었던 모든 근거입니다. 행이 가장 많지만 잘못된 것도 함께 배웁니다.',
    'agrees-with-gold':
      '교사 라벨이 틀리면 그 근거도 틀린 답을 설명하므로 뺍니다. 답은 맞고 근거가 틀린 것은 남습니다.',
    accepted: '근거 화면에서 사람이 승인한 행만 씁니다. 행은 가장 적지만 가장 확실합니다.',
    healthy:
      '점검 결과가 아래 한도보다 낮은 행입니다. 사람이 승인했거나 직접 쓴 근거는 건강한 것으로 봅니다.',
  },
  suspicionLimit: '의심 점수 한도',
  suspicionHint: '표시의 합이 이 값 이상인 행은 뺍니다. 5는 확인된 잘못, 1은 낌새입니다.',
  unchecked: (_n, shown) =>
    `답 ${shown}개를 아직 점검하지 않아 건강하지 않은 것으로 셉니다. 먼저 근거 화면에서 점검하세요.`,
  without: '근거가 빠진 행은',
  withoutHint: '라벨만 남아도 두 과제 가운데 첫째는 배울 수 있습니다.',
  withoutKinds: {
    'label-only': '라벨은 배웁니다',
    drop: '행 전체를 뺍니다',
  },
  perRow: '한 행에 근거가 여럿이면',
  perRowKinds: {
    chosen: '선택된 하나만',
    all: '남긴 근거를 모두, 각각 예제로',
    sampled: '에포크마다 하나씩 뽑아서',
  },
  perRowHints: {
    chosen: '행마다 근거 하나를 배웁니다. 투표에서 이긴 답의 근거이거나 직접 쓴 근거입니다.',
    all: '라벨은 한 번만 배웁니다. 근거가 셋인 행은 근거 손실에서 세 배의 무게를 갖습니다.',
    sampled: '모든 행의 무게가 같고, 학생 모델은 한 답에 대한 여러 근거를 봅니다.',
  },

  counts: '배우게 될 행',
  counting: '세는 중…',
  labels: (_n, shown) => `${shown}행이 라벨을 가르칩니다`,
  explained: (labels, _n, shown) => `${labels}. 그 가운데 ${shown}행은 근거도 가르칩니다.`,
  read: (labels, shown) => `${labels}. 그 가운데 ${shown}행은 읽을 근거가 있습니다.`,
  written: (labels, shown) => `${labels}. 그 가운데 ${shown}행은 근거를 먼저 쓰고 라벨을 씁니다.`,
  several: (_n, shown) => `근거는 모두 ${shown}개입니다.`,
  leftOut: (_n, shown, reasons) => `근거 ${shown}개가 빠집니다: ${reasons}.`,
  reasons: {
    'no-answer': (_n, shown) => `묻지 않음 ${shown}`,
    unparsed: (_n, shown) => `해석하지 못함 ${shown}`,
    empty: (_n, shown) => `비어 있음 ${shown}`,
    rejected: (_n, shown) => `거절함 ${shown}`,
    stale: (_n, shown) => `라벨을 고친 뒤 맞지 않음 ${shown}`,
    'disagrees-with-gold': (_n, shown) => `정답과 다름 ${shown}`,
    'not-accepted': (_n, shown) => `승인하지 않음 ${shown}`,
    unhealthy: (_n, shown) => `건강하지 않음 ${shown}`,
  },
  dropped: (_n, shown) => `${shown}행은 근거와 함께 통째로 빠집니다.`,
  withoutLabel: (_n, shown) => `${shown}행에는 배울 라벨이 없습니다.`,
  nothing: '배울 것이 남지 않았습니다. 다르게 고르세요.',

  research: '후속 연구의 선택 사항',
  researchWhy: '모두 꺼져 있으며 논문에서는 쓰지 않았습니다. 하나씩 켜 보고 비교하세요.',
  researchOn: (_n, shown) => `${shown}개 켜짐`,
  cites: {
    perRow: 'Li 외 2023, Symbolic Chain-of-Thought Distillation (ACL 2023)',
    mutualInformation: 'Chen 외 2024, arXiv 2403.03348',
    own: '근거가 되는 논문은 없으며, 시험해 볼 만한 것입니다',
  },
  mutualInformationHint:
    '두 과제를 서로 가깝게 당겨, 설명과 예측이 어긋나지 않게 합니다. 0이면 끄고, 논문의 값은 0.1입니다.',
  rationaleCapHint:
    '이 길이에 들어가는 마지막 문장에서 근거를 끝냅니다. 비우면 끕니다. 근거가 짧을수록 라벨을 더 배웁니다.',
  rationaleDropoutHint: '에포크마다 새로 뽑아 근거를 빼는 행의 비율입니다. 0이면 끕니다.',
  onlyStepByStep: '단계별 증류에만 쓰입니다.',
};
