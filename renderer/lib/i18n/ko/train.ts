import type { Dictionary } from '../en.ts';

export const train: Dictionary['train'] = {
  title: '학습',
  lead: '실행마다 학생 모델 하나를 학습합니다. 가장 좋은 체크포인트는 테스트가 아니라 검증 결과로 고릅니다.',
  emptyTitle: '아직 분할이 없습니다',
  emptyText: '점수가 의미를 가지려면 먼저 검증과 테스트에 쓸 행을 떼어 두어야 합니다.',
  emptyAction: '분할하기',
  again: '새 학습',
  runs: '실행 목록',
  next: '학생 모델이 학습을 마쳤습니다. 이제 학습에 쓰지 않은 테스트 행으로 비교하세요.',
  nextAction: '비교하기',

  wizard: '새 학습',
  steps: {
    methods: '방법',
    labels: '배울 내용',
    student: '학생 모델',
    settings: '설정',
    check: '점검과 시작',
  },
  methodsTitle: '어떤 방법으로 학습할까요?',
  methodsWhy: '여러 개를 고르면 비교할 수 있습니다. 같은 분할과 시드로 차례로 학습합니다.',
  methodTexts: {
    'step-by-step':
      '라벨과 교사 모델의 근거를 한 모델 안의 두 과제로 배웁니다. 논문의 Distilling Step-by-Step입니다.',
    finetune: '정답 라벨만 배웁니다. 보통의 방법이며 다른 방법의 기준이 됩니다.',
    distill: '근거 없이 교사 모델의 라벨만 배웁니다. 정답 라벨이 없어도 됩니다.',
    'rationale-input':
      '질문과 함께 교사 모델의 근거를 읽고 라벨을 배웁니다. 논문이 반대하는 예전 방식입니다.',
    'single-task':
      'Fine-tune-CoT처럼 근거와 라벨을 이어서 한 글로 쓰는 법을 배웁니다. 두 과제로 나눈 효과를 논문이 이것과 견주었습니다.',
  },
  methodNeeds: '배우는 것',
  methodNeedsTexts: {
    'step-by-step': '근거, 그리고 정답 라벨이나 교사 라벨',
    finetune: '정답 라벨',
    distill: '교사 라벨',
    'rationale-input': '근거, 그리고 정답 라벨이나 교사 라벨',
    'single-task': '근거, 그리고 정답 라벨이나 교사 라벨',
  },
  methodCost: '나중에 답할 때',
  methodCostTexts: {
    'step-by-step': '학생 모델만 있으면 됩니다. 물으면 근거도 설명합니다.',
    finetune: '학생 모델만 있으면 됩니다. 근거는 말하지 않습니다.',
    distill: '학생 모델만 있으면 됩니다. 근거는 말하지 않습니다.',
    'rationale-input': '질문마다 학생 모델과 교사 모델이 모두 필요합니다.',
    'single-task': '학생 모델만 있으면 되지만, 근거를 먼저 쓰므로 느립니다.',
  },
  teacherNeeded: '답할 때마다 교사 모델 필요',
  teacherNeededLong:
    '근거 입력은 답할 때도 교사 모델의 근거를 읽습니다. 질문마다 교사 모델에게 물어야만 이 점수가 나오며, 교사 모델의 비용이 그대로 듭니다.',
  noGold: '정답 라벨이 있는 행이 없습니다.',
  noTeacher: '아직 교사 모델의 답이 없습니다.',

  labelsTitle: '학생 모델이 무엇을 보고 배울까요?',
  labelsWhy: '고른 모든 방법이 같은 행을 씁니다.',
  split: '분할',
  splitOption: (name, rows) => `${name} · 학습 ${rows}행`,
  extraction: '교사 모델의 답',
  extractionOption: (name, rows) => `${name} · 응답 ${rows}개`,
  labelSource: (methods) => `라벨(${methods})`,
  labelSources: { gold: '정답 라벨', teacher: '교사 라벨' },
  labelSourceHint: '미세 조정은 늘 정답 라벨을, 증류는 늘 교사 라벨을 배웁니다.',
  lambda: '근거 손실의 가중치 λ',
  lambdaNumber: 'λ 값',
  lambdaShown: (lambda, alpha) => `λ 값 ${lambda}, α 값 ${alpha}`,
  alpha: (alpha) => `α 값 ${alpha}`,
  formula:
    '논문의 L = L_label + λ · L_rationale은 공개 코드의 α · L_label + (1 − α) · L_rationale과 방향이 같습니다. 이때 α = 1 / (1 + λ)입니다.',
  lambdaMeaning: {
    none: () => '근거를 배우지 않습니다. 미세 조정처럼 라벨만 배웁니다.',
    label: (times) => `라벨의 무게가 근거의 ${times}배입니다.`,
    same: () =>
      '라벨과 근거의 무게가 같습니다. 시작하기에 좋은 값이며, 공개된 코드의 기본값입니다.',
    rationale: (times) => `근거의 무게가 라벨의 ${times}배입니다.`,
    starving: (times) =>
      `근거의 무게가 라벨의 ${times}배라서 라벨을 너무 적게 배울 수 있습니다. 한 과제가 다른 과제를 누르면 실행 화면에서 알려 줍니다.`,
  },
  more: '더 보기',
  lossForm: '손실의 꼴',
  lossFormHint:
    '방향은 둘 다 같습니다. α를 쓰는 합은 크기가 작아서 기울기 상한과 가중치 감쇠에 차이가 납니다.',
  engines: '이 컴퓨터의 계산 엔진',
  engineNames: {
    cpu: 'ONNX Runtime(프로세서)',
    webgpu: 'ONNX Runtime(WebGPU)',
    cuda: 'ONNX Runtime(CUDA)',
    tensorflow: 'TensorFlow',
  },
  usable: '사용 가능',
  notUsable: '사용 불가',
  engineFigures: (gflops, milliseconds) => `${gflops} GFLOP/s, 한 단계 ${milliseconds} ms`,
  measureEngines: '속도 재기',
  start: (_, shown) => `학습 ${shown}개 시작`,

  method: '방법',
  trainRows: '학습 행',
  withRationale: (shown) => `근거 있음 ${shown}`,
  best: '최고 검증 정확도',
  bestAt: (step) => `${step}스텝에서`,
  state: '상태',
  show: (name) => `${name} 보기`,
  removeOf: (name) => `${name} 삭제`,
  removeTitle: '이 실행을 삭제할까요?',
  removeBody: (name) =>
    `“${name}”의 체크포인트와 평가가 함께 삭제됩니다. 내보낸 폴더는 그대로 남습니다.`,
  parameters: '매개변수',
  settingsHash: '설정 해시',
};
