import type { Dictionary } from '../en.ts';

export const preflight: Dictionary['preflight'] = {
  title: '시작하기 전에',
  why: '데이터로 몇 스텝을 실제로 해 보고 시간을 잽니다. 아무것도 저장하지 않으며, 기다리지 않고 시작해도 됩니다.',
  checking: (method) => `시험하는 중(${method}): 가장 긴 행을 읽고 다섯 스텝의 시간을 잽니다…`,
  waiting: '차례를 기다리는 중',
  again: '다시 점검',
  stale: '점검한 뒤에 설정이 바뀌었습니다.',
  done: '점검을 마쳤습니다.',
  startAnyway: '그래도 시작할 수 있습니다. 멈추면 실행 화면에서 이유를 알려 줍니다.',
  total: (time, _n, shown) => `학습 ${shown}개를 차례로 하면 모두 약 ${time} 걸립니다.`,
  result: (method) => `필요한 것: ${method}`,

  time: '시간',
  timeShown: (total) => `약 ${total}`,
  timeDetail: (step, _n, steps, evaluation) =>
    `한 스텝 ${step}(${steps}번 잰 중앙값), 검증 한 번 ${evaluation}`,
  epochs: (shown) => `행마다 ${shown}번씩 봅니다`,
  engine: '계산 엔진',
  engineShown: (name, device, _n, threads) =>
    `${name}${device === null ? '' : ` (${device})`}, 스레드 ${threads}개`,
  engineChosen: '설정에서 고른 엔진입니다.',
  engineOther: (wanted, used) => `고른 엔진은 ${wanted}, 실제로 계산하는 엔진은 ${used}입니다.`,
  parameters: '매개변수',
  parametersShown: (all, trained) => `${all}개 가운데 ${trained}개를 학습`,
  memory: '메모리',
  memoryShown: (needed, available) => `${needed} 필요, ${available} 비어 있음`,
  batch: '배치',
  batchShown: (size, times) => `한 번에 ${size}행, 스텝마다 ${times}번`,
  batchWhole: (size) => `한 번에 ${size}행: 한 스텝의 전부`,
  batchTried: (list) => `시험한 크기: ${list}.`,
  batchFits: (_n, shown, bytes) => `${shown}행 ${bytes}`,
  batchTooMuch: (_n, shown, bytes) => `${shown}행 ${bytes}(넘침)`,
  use: '이대로 쓰기',
  used: '쓰고 있습니다.',
  disk: '디스크',
  diskShown: (bytes, free) => `최대 ${bytes} 저장, ${free} 비어 있음`,
  folder: '폴더',
  cut: '잘리는 글',
  cutNone: (shown) => `${shown}행 가운데 없음`,
  cutShown: (inputs, labels, rationales, total) =>
    `${total}행 가운데 입력 ${inputs}, 라벨 ${labels}, 근거 ${rationales}`,

  warnings: {
    memory: (needed, available) =>
      `메모리가 ${needed} 필요한데 ${available}만 비어 있습니다. 다른 프로그램을 닫거나, 한 번에 읽는 행을 줄이거나, 더 작은 학생 모델을 고르세요.`,
    disk: (bytes, free) =>
      `최대 ${bytes}를 저장하는데 디스크에는 ${free}만 비어 있습니다. 자리를 만들거나 체크포인트를 덜 남기세요.`,
    busy: '점검하는 동안 다른 계산이 돌고 있었습니다. 혼자 돌면 이보다 빠릅니다.',
    batch: (asked, fits) =>
      `한 번에 ${asked}행은 메모리에 들어가지 않고 ${fits}행은 들어갑니다. 나누어 더해도 배우는 것은 같습니다.`,
    fewEpochs: (shown) =>
      `스텝이 적어 행마다 ${shown}번만 봅니다. 한 번도 보지 못하는 행이 있으니 스텝을 늘리세요.`,
    manyEpochs: (shown) =>
      `행마다 ${shown}번씩 보아 통째로 외울 수 있습니다. 조기 종료를 켜거나 스텝을 줄이세요.`,
    long: (time) => `약 ${time} 걸립니다. 멈추고 앱을 닫았다가 다른 날 이어서 해도 됩니다.`,
    labels: (_n, shown) =>
      `라벨 ${shown}개가 잘려서 배울 수 없습니다. 설정에서 라벨 길이를 늘리세요.`,
    inputs: (_n, shown, share) =>
      `입력 ${shown}개(${share})가 잘려서 질문이 사라질 수 있습니다. 설정에서 입력 길이를 늘리세요.`,
    rationales: (_n, shown, share) =>
      `근거 ${shown}개(${share})의 끝이 잘려서 배우지 못합니다. 설정에서 근거 길이를 늘리세요.`,
  },
  fine: '시작해도 괜찮습니다.',

  changes: '이전 실행과 다른 점',
  changesWhy: (name) =>
    `모든 값은 이전 실행(${name})과 같습니다. 바꾼 것은 여기에 나오며, 새 실행에는 어디에서 왔는지가 남습니다.`,
  same: '아직 없습니다. 이대로면 같은 실행을 다시 하게 됩니다.',
  changeHead: { what: '설정', before: '이전', after: '지금' },
  method: '방법',
  student: '학생 모델',
  split: '분할',
  extraction: '교사 모델의 답',
};
