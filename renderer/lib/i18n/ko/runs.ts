import type { Dictionary } from '../en.ts';

export const runs: Dictionary['runs'] = {
  ways: {
    title: '무엇을 알아볼까요?',
    lead: '어느 길로 가든 비교하고 내보내고 쓸 수 있는 학생 모델이 나옵니다. 다른 길은 나중에 가도 됩니다.',
    kinds: {
      new: {
        title: '학생 모델 하나 학습하기',
        text: '방법과 배울 내용, 길이를 고릅니다. 학생 모델을 얻는 가장 빠른 길입니다.',
      },
      'bake-off': {
        title: '방법 비교하기',
        text: '고른 방법을 모두 같은 분할에서 여러 시드로 학습하고, 어느 차이가 진짜인지 알려 줍니다.',
      },
      'data-size': {
        title: '데이터가 얼마나 필요할까?',
        text: '행을 점점 늘려 가며 학습하고, 라벨이나 근거를 더 살 만한지 알려 줍니다.',
      },
      sweep: {
        title: '설정 찾기',
        text: '학습률과 가중치 같은 값을 시험하고, 검증 결과로만 판단합니다.',
      },
    },
  },

  table: {
    caption: '이 프로젝트의 실행',
    overlay: '곡선',
    overlayOf: (name) => `${name} 곡선을 다른 실행과 겹쳐 보기`,
    seed: (seed) => `시드 ${seed}`,
    study: (_, shown) => `실행 ${shown}개`,
    studyEnded: (ended, planned) => `${planned}개 중 ${ended}개 완료`,
    toggle: (name) => `${name}의 실행`,
    openStudy: '결과 열기',
    openStudyOf: (name) => `${name} 결과 열기`,
    noRuns: '첫 실행이 아직 시작되지 않았습니다.',
  },

  ends: {
    'steps-done': '모든 스텝 완료',
    'early-stopping': '조기 종료',
    'kept-best': '멈추고 최고 모델 보관',
    'median-rule': '탐색이 중단함',
    diverged: '발산함',
  },
  endTexts: {
    'steps-done': (step) => `${step}스텝을 모두 마쳤습니다.`,
    'early-stopping': (step) =>
      `${step}스텝에서 스스로 멈췄습니다. 평가를 더 해도 검증 결과가 나아지지 않았습니다.`,
    'kept-best': (step) => `${step}스텝에서 직접 멈췄습니다. 가장 좋은 학생 모델을 보관했습니다.`,
    'median-rule': (step) =>
      `${step}스텝에서 탐색이 중단했습니다. 이 시점에 앞선 시도의 절반보다 뒤처져 있었습니다.`,
    diverged: (step) =>
      `${step}스텝에서 손실이나 기울기가 더는 숫자가 아니어서 멈췄습니다. 마지막으로 정상이던 체크포인트를 보관했습니다.`,
  },
  tryTitle: '해 볼 만한 것',
  tries: {
    rate: (from, to) => `학습률을 ${from}에서 ${to}로 낮춰 보세요.`,
    warmup: (from, to) => `워밍업을 전체 스텝의 ${from}에서 ${to}로 늘려 보세요.`,
    clip: (from, to) => `기울기 노름 상한을 ${from}에서 ${to}로 낮춰 보세요.`,
  },

  facts: {
    step: '스텝',
    stepOf: (done, total) => `${done} / ${total}`,
    epoch: '에폭',
    best: '지금까지 최고',
    bestDone: '최고 검증 정확도',
    noBest: '아직 평가 전',
    loss: '라벨 손실',
    rationaleLoss: (shown) => `근거 ${shown}`,
    left: '남은 시간',
    leftStudy: (time) => `전체 연구는 ${time}`,
  },
  inStudy: (name) => `연구 “${name}”의 일부입니다. 연구 전체가 함께 멈추고 이어집니다.`,

  keepBest: '멈추고 최고 모델 보관',
  keepBestOf: (name) => `${name} 멈추고 최고 모델 보관`,
  keepTitle: '여기서 멈추고 가장 좋은 학생 모델을 보관할까요?',
  keepBody: (step, share) =>
    `학습이 완전히 끝납니다. 검증에서 ${share} 맞힌 ${step}스텝의 학생 모델을 보관합니다.`,
  keepNone:
    '학습이 완전히 끝납니다. 아직 평가한 적이 없으므로 지금 평가하고, 지금 상태의 학생 모델을 보관합니다.',
  keepGo: '멈추고 보관',
  again: '바꿔서 다시 실행',
  againOf: (name) => `${name} 바꿔서 다시 실행`,
  rename: '실행 이름 바꾸기',
  renameOf: (name) => `${name} 이름 바꾸기`,
  name: '실행 이름',

  starving: {
    label: '근거가 라벨을 압도합니다',
    rationale: '라벨이 근거를 압도합니다',
    labelText: (first, second) =>
      `최근 두 평가에서 근거 손실의 기울기가 라벨 손실의 ${first}배와 ${second}배였습니다. 학생 모델이 설명하는 법만 배우고 라벨은 거의 배우지 못합니다.`,
    rationaleText: (first, second) =>
      `최근 두 평가에서 라벨 손실의 기울기가 근거 손실의 ${first}배와 ${second}배였습니다. 학생 모델이 라벨만 배우고 이유는 거의 배우지 못합니다.`,
    lower: (now, wanted, alpha) =>
      `지금 λ는 ${now}입니다. 약 ${wanted}(α ${alpha})이면 둘의 무게가 비슷해집니다. λ를 낮춰 다시 실행해 보세요.`,
    raise: (now, wanted, alpha) =>
      `지금 λ는 ${now}입니다. 약 ${wanted}(α ${alpha})이면 둘의 무게가 비슷해집니다. λ를 높여 다시 실행해 보세요.`,
    lowerPlain: (now) => `지금 λ는 ${now}입니다. λ를 낮춰 다시 실행해 보세요.`,
    raisePlain: (now) => `지금 λ는 ${now}입니다. λ를 높여 다시 실행해 보세요.`,
  },

  tabs: {
    label: '이 실행에서 볼 것',
    learning: '학습 과정',
    gradients: '기울기',
    machine: '컴퓨터',
    samples: '학생이 쓴 답',
    settings: '설정',
  },
  curves: {
    labelLoss: '라벨 손실',
    targetLoss: '근거와 라벨의 손실',
    rationaleLoss: '근거 손실',
    loss: '전체 손실',
    mutualInformation: '상호 정보량 항',
    validation: '검증 정확도',
    learningRate: '학습률',
    gradientNorm: '기울기 노름',
    labelNorm: '라벨 과제',
    rationaleNorm: '근거 과제',
    tokensPerSecond: '초당 토큰',
    memory: '메모리',
  },
  charts: {
    loss: '손실(토큰당 nat)',
    validation: '검증 정확도와 95% 구간',
    learningRate: '학습률',
    gradientNorm: '자르기 전 기울기 노름',
    total: '가중치를 넣은 전체 손실',
    balance: '두 과제의 기울기 노름',
    tokensPerSecond: '초당 토큰',
    memory: '학습 프로세스의 메모리',
  },
  described: (what, step, value) => `스텝에 따른 ${what}. ${step}스텝에서 ${value}.`,
  noEvaluation: '아직 첫 평가 전입니다.',
  noMemory: '이 실행은 메모리를 재지 않았습니다.',
  step: '스텝',
  epoch: '에폭',
  log: '로그 눈금',
  smoothing: '평활',
  smoothingOff: '끔',
  smoothingHint: '지수 이동 평균입니다. 원래 값은 뒤에 흐리게 남습니다.',
  readHint: '그래프에 초점을 두고 화살표 키로 값을 읽을 수 있습니다.',
  noPoints: '첫 스텝이 끝나면 그래프가 나타납니다.',

  overlay: {
    title: (_, shown) => `실행 ${shown}개 겹쳐 보기`,
    choose: '표에서 실행을 둘 이상 고르면 곡선을 겹쳐 볼 수 있습니다.',
    curve: '곡선',
    by: '가로축',
    clear: '모두 해제',
    without: (names) => `이 곡선이 없는 실행: ${names}`,
    most: (n) => `한 번에 ${n}개까지 볼 수 있습니다.`,
  },

  samples: {
    title: '평가마다 다시 묻는 행',
    why: (_, shown, explains) =>
      `검증 행 ${shown}개를 평가마다 다시 물어, 학생 모델이 ${explains ? '설명을 ' : ''}배워 가는 모습을 봅니다.`,
    none: '첫 평가와 함께 답이 나타납니다.',
    at: (step) => `${step}스텝`,
    place: (place, count) => `평가 ${count}번 중 ${place}번째`,
    evaluation: '평가',
    before: '이전 평가',
    after: '다음 평가',
    right: (right, all) => `${all}개 중 ${right}개 정답`,
    row: (n) => `${n}번째 행`,
    writes: '학생 모델',
    teacher: '교사 모델',
    gold: '정답',
    empty: '빈 답',
    changes: {
      other: '다른 라벨',
      'now-right': '이제 정답',
      'now-wrong': '이제 오답',
    },
    newWords: '밑줄 친 단어는 이전 평가 뒤에 새로 나온 것입니다.',
    marked: '새 단어 표시',
  },

  settings: {
    title: '실행에 쓴 설정',
    groups: {
      learns: '배울 내용',
      student: '학생 모델',
      course: '학습 과정',
      lengths: '길이',
      watch: '평가',
    },
    parent: (name) => `“${name}” 실행을 바탕으로 만듦`,
    parentSame: '설정이 같습니다.',
    parentGone: '바탕이 된 실행은 삭제되었습니다.',
    changed: (name, before, after) => `${name}: ${before} → ${after}`,
    rows: '행',
    engine: '실제 계산 엔진',
    studentName: '사전 학습된 학생 모델',
    method: '방법',
    preset: '크기',
  },

  queue: {
    title: '대기열',
    now: '지금',
    waiting: (_, shown) => `작업 ${shown}개가 기다립니다`,
    next: '다음',
    place: (place) => `${place}번째`,
    up: (title) => `${title} 위로 옮기기`,
    down: (title) => `${title} 아래로 옮기기`,
    moved: (title, place) => `${title}: 이제 대기열 ${place}번째입니다.`,
    remove: (title) => `${title} 대기열에서 빼기`,
    removeTitle: '대기열에서 뺄까요?',
    removeBody: '취소되어 학습하지 않습니다. 설정은 남아 있으므로 바꿔서 다시 실행할 수 있습니다.',
    removeGo: '빼기',
    hint: '끌어 옮기거나, 버튼 또는 Alt와 화살표 키를 쓰세요.',
    left: (_, shown) => `스튜디오를 닫을 때 학습 ${shown}개가 끝나지 않았습니다.`,
    goOn: '이어서 하기',
    byItself: '앞으로는 스튜디오를 열 때 알아서 이어서 하기',
    ofProject: (title, project) => `${title} · ${project}`,
  },
};
