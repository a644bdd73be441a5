import type { Dictionary } from '../en.ts';

export const report: Dictionary['report'] = {
  title: '교사 모델 보고서',
  lead: (teacher, date) => `${teacher}, ${date}`,
  back: '교사 모델로 돌아가기',
  computed: (_, shown) => `저장된 답 ${shown}개로 계산했습니다.`,
  parse: '해석 규칙',
  emptyTitle: '아직 답이 없습니다',
  emptyText: '보고서는 저장된 답으로 계산합니다. 첫 답이 오면 다시 보세요.',

  rows: '답을 받은 행',
  parsed: '읽을 수 있는 답',
  parsedNote: (shown) => `${shown}행`,
  unparsed: '읽지 못한 답',
  failed: '실패',
  cost: '비용',
  costNone: '가격을 모름',
  perRow: (shown) => `행당 ${shown}`,

  accuracy: '정답과 일치',
  verdict: (share, rows, low, high) =>
    `교사 모델은 정답 라벨이 있는 ${rows}행 가운데 ${share}를 맞혔습니다. 이와 비슷한 행이라면 ${low}에서 ${high} 사이로 맞힙니다(95% 구간).`,
  verdictFew: '행이 적어 구간이 넓으니 참고만 하세요.',
  verdictUnparsed: '읽을 수 있는 답이 없는 행은 틀린 것으로 셉니다.',
  noGold: '정답 라벨이 있는 행이 없어 교사 모델이 얼마나 맞히는지 알 수 없습니다.',

  labels: '라벨',
  labelsWhy: '교사 모델이 답한 라벨과 정답 라벨을 나란히 보여 줍니다.',
  labelsAlone: '교사 모델이 답한 라벨입니다. 나란히 볼 정답 라벨이 있는 행은 없습니다.',
  labelsCaption: '라벨별 행 수, 교사 모델과 정답',
  label: '라벨',
  teacher: '교사 모델',
  gold: '정답',
  moreLabels: (_, shown) => `라벨 ${shown}개는 보여 주지 않습니다.`,

  confusion: '헷갈리는 라벨',
  confusionWhy:
    '가로줄은 정답 라벨, 세로줄은 교사 모델의 답입니다. 테두리가 있는 칸이 맞힌 것이고, 색이 진할수록 그 가로줄에서 차지하는 비율이 큽니다.',
  confusionCaption: '정답 라벨(가로줄)과 교사 모델의 답(세로줄)별 행 수',
  goldTeacher: '정답 ↓ · 교사 모델 →',
  otherLabel: '다른 라벨',
  noLabel: '답 없음',
  rightHead: '맞힌 비율',
  rightOf: (right, all) => `${all}개 중 ${right}개`,
  worst: (gold, teacher, _, shown) =>
    `가장 자주 헷갈린 라벨: 정답은 “${gold}”, 교사 모델의 답은 “${teacher}” (${shown}행).`,
  noConfusion: '서로 헷갈린 라벨이 없습니다.',

  agreement: '답끼리의 일치',
  agreementWhy: (share) =>
    `한 행의 답 가운데 평균 ${share}가 그 행의 라벨과 같습니다. 많이 일치할수록 라벨이 확실합니다.`,
  agreementCaption: '일치하는 답의 수별 행 수',
  votes: '일치하는 답',
  votesOf: (votes, all) => `${all}개 중 ${votes}개`,
  rowsHead: '행',
  share: '비율',
  intervalHead: '95% 구간',

  lengths: '근거의 길이',
  lengthsWhy: (p50, p5, p95) => `절반은 ${p50}단어 이하이고, 열에 아홉은 ${p5}–${p95}단어입니다.`,
  lengthsSame: (shown) => `열에 아홉 이상이 ${shown}단어입니다.`,
  lengthsCaption: '단어 수별 근거',
  words: '단어',
  rationales: '근거',
  wordsRange: (from, to) => `${from}–${to}`,
  noRationales: '근거가 담긴 답이 없습니다.',

  finish: '답이 끝난 이유',
  finishCaption: '서버가 밝힌 이유별 답의 수',
  finishReason: '이유',
  finishReasons: {
    stop: '답을 마침',
    length: '최대 길이에서 잘림',
    content_filter: '서버의 콘텐츠 필터가 멈춤',
    unknown: '서버가 밝히지 않음',
  },
  finishCut: (_, shown) =>
    `답 ${shown}개가 잘렸습니다. 답의 최대 길이를 늘리면 끝까지 받을 수 있습니다.`,

  latency: '답이 오는 시간',
  latencyOf: (p50, p5, p95) => `절반은 ${p50} 안에 왔고, 열에 아홉은 ${p5}–${p95} 걸렸습니다.`,
  usage: '토큰과 요청',
  promptTokens: '프롬프트 토큰',
  completionTokens: '답 토큰',
  requests: '보낸 요청',
  reused: '다시 쓴 답',
  estimated: '서버가 알려 주지 않아 일부 토큰은 여기서 세었습니다.',
};
