import type { Dictionary } from '../en.ts';

export const compareScores: Dictionary['compareScores'] = {
  working: '점수를 계산하고 있습니다 …',
  noGold:
    '이 부분에는 정답 라벨이 있는 행이 없어 점수를 낼 수 없습니다. 답은 “나란히 보기”에 있습니다.',
  practice:
    '연습용 교사 모델의 답은 규칙으로 지어낸 것입니다. 그 점수와 거기서 배운 학생 모델의 점수는 실제 교사 모델에 대해 아무것도 알려 주지 않습니다.',
  generated:
    '행이나 답을 만들어 냈습니다. 이 숫자는 스튜디오가 어떻게 동작하는지 보여 줄 뿐, 실제 글에서 모델이 어떨지는 알려 주지 않습니다.',
  needsTeacher: (names) =>
    `학생 모델 혼자 낸 점수가 아닙니다: ${names}. 질문마다 교사 모델의 근거를 함께 읽으므로, 교사 모델이 계속 답할 때만 이 점수가 나옵니다.`,
  trainPart:
    '학생 모델이 바로 이 행으로 학습했습니다. 여기서 맞혀도 새 행에서 어떨지는 알 수 없습니다.',
  validationPart:
    '학생 모델마다 가장 좋은 체크포인트를 고른 행이므로 모든 점수가 조금 높게 나옵니다.',

  verdict: '판정',
  one: '하나뿐이면 차이를 볼 수 없습니다. 위에서 다른 모델을 더 고르세요.',
  leads: (name, score) => `점수가 가장 높은 학생 모델: ${name}, ${score}. 이 점수의 의미:`,
  better: (a, b, by) => `더 나은 쪽: ${a}. ${b}보다 나으며 차이는 ${by}입니다.`,
  betterThan: (a, others) => `${a}: 다음보다 낫습니다. ${others}.`,
  by: (name, points) => `${name}, 차이 ${points}`,
  alike: (a, b, margin, gap) => `${a} – ${b}: ${margin}%p 안에서 비슷합니다. 차이는 ${gap}입니다.`,
  alikeTo: (a, others, margin) => `${a}: ${margin}%p 안에서 다음과 비슷합니다. ${others}.`,
  notShown: (a, b, gap) => `${a} – ${b}: 차이가 입증되지 않았습니다. ${gap}.`,
  notShownTo: (a, others) => `${a}: 다음과의 차이가 입증되지 않았습니다. ${others}.`,
  needed: (gap, rows, here) =>
    `${gap}%p의 차이를 보이려면 약 ${rows}행이 필요하지만 이 부분에는 ${here}행이 있습니다.`,
  neededMost: (rows, here) =>
    `그중 가장 큰 차이를 보이려면 약 ${rows}행이 필요하지만 이 부분에는 ${here}행이 있습니다.`,
  seedsVary:
    '행만 늘려서는 입증할 수 없습니다. 시드에 따라 점수가 너무 다릅니다. 시드를 늘려 보세요.',
  seedsVaryFor: (others) =>
    `${others}와의 차이는 시드마다 너무 달라 행을 늘리는 것만으로는 입증되지 않습니다. 시드를 늘리면 입증될 수도 있습니다.`,
  withRows: (name, rows) => `${name}, ${rows}행`,
  shownAlone: (a, b, gap, _, shown) =>
    `${a} – ${b}: 앞의 점수가 더 높습니다(${gap}). 이 쌍만 비교했다면 입증될 차이지만, ${shown}쌍을 비교했으므로 보정하면 입증되지 않습니다.`,
  uncorrected: (_, shown) =>
    `이 쌍만 비교했다면 거의 입증될 만하지만, ${shown}쌍을 비교했으므로 입증되지 않습니다.`,
  aloneBest: (name, score) =>
    `쓸 때 교사 모델이 필요합니다. 혼자 답하는 모델 가운데 점수가 가장 높은 것: ${name}, ${score}.`,
  othersBelow: (_, shown) => `나머지 ${shown}쌍은 아래 표에 있습니다.`,
  corrected: (_, shown, margin) =>
    `${shown}쌍을 비교하고 홀름(Holm) 방법으로 보정했습니다. 이렇게 비교할 때 하나라도 잘못해서 낫다고 하는 일은 20번에 한 번을 넘지 않습니다. 이 행 수의 오차 한계인 ${margin}%p보다 작은 차이는 실제 차이라고 하지 않습니다.`,
  single: (margin) =>
    `한 쌍만 비교하여 보정할 것이 없습니다. 이 행 수의 오차 한계인 ${margin}%p보다 작은 차이는 실제 차이라고 하지 않습니다.`,
  omnibusYes: (n) => `${n}개 전체: 맞히는 비율이 모두 같지는 않습니다(코크런 Q 검정).`,
  omnibusNo: (n) => `${n}개 전체: 서로 다르다는 것이 입증되지 않았습니다(코크런 Q 검정).`,
  omnibusFigures: (q, degrees, p, rows) =>
    `코크런 Q = ${q}, 자유도 ${degrees}, ${p}, 모두에게 물은 ${rows}행. 시드가 여럿인 줄은 빠집니다. 이 검정은 시드를 고려하지 않습니다.`,
  details: '검정 방법',
  testMcnemar:
    '모델이 하나씩일 때: 둘 다에게 물은 행에서 정확 맥니마(McNemar) 검정을 합니다. 한쪽만 맞힌 행을 봅니다.',
  testSeeds:
    '시드가 여럿일 때: 행과 시드를 함께 고려한 t 검정을 합니다. 운 좋은 시드를 더 나은 방법으로 보지 않기 위해서입니다.',
  testRows: (alpha, power) =>
    `필요한 행: 그만큼 있으면 이 크기의 차이가 p < ${alpha} 수준에서 ${power}의 확률로 드러납니다. 맥니마 검정의 공식(Connor 1987)으로, 관찰한 차이를 써서 어림한 값입니다.`,
  margin: '무시해도 되는 차이',
  marginHint: '신뢰 구간이 이보다 안쪽에 있으면 비슷하다고 합니다.',
  marginOption: (points) => `${points}%p 미만`,

  dotsTitle: '정확도와 95% 신뢰 구간',
  dotsText:
    '점은 정확도, 선은 95% 신뢰 구간, 작은 동그라미는 시드별 점수입니다. 신뢰 구간이 겹쳐도 차이가 있을 수 있습니다. 위의 문장은 같은 행의 답을 서로 견준 것입니다.',
  seeds: (_, shown) => `시드 ${shown}개`,

  pairs: '두 모델씩 비교',
  pairsOf: (_, shown) => `${shown}쌍 모두 표로 보기`,
  pairsCaption: '정확도 차이(%p)와 95% 신뢰 구간, 큰 것부터',
  a: '점수가 높은 쪽',
  b: '비교한 쪽',
  difference: '차이(%p)',
  tableHead: '한쪽만 맞힘',
  table: (onlyA, onlyB) => `${onlyA} : ${onlyB}`,
  p: 'p',
  pCorrected: '보정한 p',
  pIs: (p) => `p = ${p}`,
  pBelow: 'p < 0.001',
  below: '< 0.001',
  f1Difference: '매크로 F1(%p)',
  verdictHead: '판정',
  verdicts: { better: '더 나음', alike: '비슷함', 'not-shown': '입증되지 않음' },
  rowsNeeded: '필요한 행',
  rowsCompared: '행',
  low: '아래 끝',
  high: '위 끝',

  scores: '점수판',
  scoresCaption: (rows) => `${rows}의 점수`,
  rowsOfPart: (part, _, shown) => `정답 라벨이 있는 ${part} ${shown}행`,
  who: '답한 모델',
  accuracy: '정확도',
  accuracyNote: '맞힌 답의 비율',
  macroF1: '매크로 F1',
  macroF1Note: '모든 클래스를 똑같이 셈',
  unparsed: '답 없음',
  unparsedNote: '오답으로 셈',
  latency: '답 하나의 시간',
  latencyNote: '가운데 · 느린 5%',
  throughput: '처리량',
  throughputNote: '여럿을 한꺼번에',
  parameters: '파라미터',
  parametersNote: '학습한 수의 개수',
  size: '크기',
  sizeNote: '폴더 전체',
  memory: '메모리',
  memoryNote: '답하는 동안',
  perSecond: (rows) => `초당 ${rows}행`,
  p50: '중앙값(ms)',
  p95: '95번째 백분위수(ms)',
  asked: (asked, rows) => `${rows}행 중 ${asked}행에만 물어봄`,
  teacher: '교사 모델',
  sample: '만들어 낸 샘플',
  busyShort: '느림: 다른 계산 중',
  busy: '느림: 다른 계산이 도는 동안 잰 값입니다. 실제로는 여기 적힌 것보다 빠릅니다.',
  showSeeds: (name) => `${name}의 시드별 점수`,
  seed: (seed) => `시드 ${seed}`,
  columnsTitle: '각 열의 뜻',
  columns: {
    accuracy:
      '맞힌 답의 비율과 95% 신뢰 구간입니다. 모델이 하나면 윌슨(Wilson) 방법으로, 시드가 여럿이면 행과 시드를 함께 고려해 구합니다.',
    macroF1:
      '클래스마다 정밀도와 재현율을 하나로 합치고(F1) 클래스에 대해 평균합니다. 드문 클래스도 흔한 클래스와 똑같이 셉니다.',
    unparsed: '물었지만 라벨을 얻지 못한 행입니다. 오답으로 셉니다.',
    latency:
      '질문에서 라벨까지 하나씩 잰 시간입니다. 답의 절반은 첫째 값보다, 20개 중 19개는 둘째 값보다 빠릅니다. 교사 모델은 저장된 답의 시간이며 근거와 네트워크가 포함됩니다.',
    throughput: '여럿을 한꺼번에 답할 때 1초에 처리하는 행입니다.',
    size: '학생 모델의 파라미터와 폴더의 바이트입니다. 메모리는 답하는 프로세스의 것입니다.',
  },
  machine: (engine, threads, device, times) =>
    `학생 모델의 시간을 잰 곳: ${device}(${engine}, ${threads}). 질문 ${times}개를 하나씩 물었습니다.`,
  threads: (_, shown) => `스레드 ${shown}개`,
  thisComputer: '이 컴퓨터',

  calibration: '확신도는 맞힐지를 알려 줄까요?',
  calibrationLead:
    '80%라고 하는 학생 모델은 그런 행의 80%를 맞혀야 합니다. 대각선 위의 점은 이 약속을 지킨 것이고, 대각선보다 아래면 지나치게 확신한 것입니다.',
  plotTitle: (name) => `${name}의 신뢰도 그림`,
  plotText: (bins) => `확신도에 따른 맞힌 비율: ${bins}`,
  plotBin: (confidence, right, low, high, rows) =>
    `확신도 ${confidence}에서 ${right} 맞힘(${low}부터 ${high}까지), ${rows}행`,
  confidence: '확신도',
  right: '맞힘',
  binRows: '행',
  ece: (ece, low, high, chance) =>
    `보정 오차(ECE) ${ece}%p(${low}부터 ${high}까지). 이 행 수에서는 우연만으로도 ${chance}%p까지 나옵니다.`,
  calibrated: '우연으로 나올 만한 정도입니다. 이 행으로 보는 한 확신도를 그대로 믿어도 됩니다.',
  tooSure: (confidence, right) =>
    `지나치게 확신합니다: 평균 확신도 ${confidence}, 맞힌 비율 ${right}. 확신도를 확률이 아니라 행의 순서로만 쓰고, 기준값은 검증 행에서 고르세요.`,
  tooModest: (confidence, right) =>
    `지나치게 조심스럽습니다: 평균 확신도 ${confidence}, 맞힌 비율 ${right}. 스스로 말하는 것보다 더 믿을 만합니다.`,
  uneven:
    '평균은 맞지만 수준마다 다릅니다. 어떤 곳에서는 지나치게 확신하고 어떤 곳에서는 지나치게 조심스럽습니다. 기준값은 검증 행에서 고르세요.',
  noConfidence: (names) =>
    `답과 함께 저장된 확신도가 없습니다: ${names}. 이전 버전에서 평가했습니다. 위의 비교 대상을 펼쳐 확신도와 속도를 추가하세요. 답은 그대로입니다.`,
  teacherConfidence: '여기서 교사 모델은 확신도를 알려 주지 않으므로 그림이 없습니다.',
  allPlots: (_, shown) => `그림 ${shown}개 모두 보기`,
  calibrationTable: '구간을 표로 보기',

  classes: '클래스별',
  classesLead: '어떤 클래스에서 잘하고 못하는지, 무엇을 무엇으로 잘못 아는지 봅니다.',
  whose: '볼 모델',
  classesCaption: (name) => `${name}의 정밀도, 재현율, F1. 흔한 클래스부터`,
  class: '클래스',
  precision: '정밀도',
  precisionNote: '그렇다고 한 것 중 맞은 비율',
  recall: '재현율',
  recallNote: '실제로 그런 것 중 찾은 비율',
  f1: 'F1',
  confusion: (name) => `${name}의 혼동 행렬`,
  confusionText:
    '줄은 정답 라벨, 열은 답입니다. 줄에서 차지하는 비율이 클수록 진합니다. 칸을 누르면 그 행을 봅니다.',
  confusionSeeds: (seeds, seed) =>
    `${seeds}를 합쳐 세었습니다. 칸을 누르면 시드 ${seed}의 행을 봅니다.`,
  goldHead: '정답 ↓ 답 →',
  otherAnswers: '그 밖',
  noAnswers: '없음',
  cell: (count, gold, said, share) =>
    `정답 “${gold}”, 답 “${said}”인 ${count}행, 줄의 ${share}. 행 보기`,
  cellNone: (count, gold, share) => `정답 “${gold}”에 답이 없는 ${count}행, 줄의 ${share}. 행 보기`,

  rationales: '근거',
  rationalesLead:
    '규칙으로 근거에서 읽어 낼 수 있는 것입니다. 근거가 좋은지는 알려 주지 않으므로, 몇 개를 직접 판정해 보세요.',
  rationalesCaption: '근거의 측정값과 95% 신뢰 구간',
  count: '근거',
  read: (read) => `그중 ${read}개를 읽음`,
  words: '단어',
  wordsNote: '평균',
  arithmetic: '계산이 맞음',
  arithmeticNote: '등식이 있는 근거 중',
  leadsTo: '자기 라벨에 이름',
  leadsToNote: '답에 이르는 근거 중',
  rouge: '교사 모델과 비슷한 정도',
  rougeNote: 'ROUGE-L, 약한 신호',
  rougeText:
    'ROUGE-L은 교사 모델의 근거와 같은 순서로 나오는 단어를 셉니다. 좋은 근거도 다르게 쓸 수 있고 나쁜 근거도 교사 모델의 말로 쓸 수 있으므로 약한 신호입니다.',
  leadsToText:
    '“정답은 …”, 마지막 등식, 선택지 하나를 가리키는 결론처럼 읽어 낼 수 있는 답에 이르는 근거만 셉니다.',
  noRationales: '근거를 쓴 모델이 없습니다.',
};
