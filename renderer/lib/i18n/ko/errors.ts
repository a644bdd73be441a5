import type { Dictionary } from '../en.ts';

export const errors: Dictionary['errors'] = {
  'invalid-input': '입력한 값을 쓸 수 없습니다',
  'not-found': '찾는 항목이 없습니다',
  forbidden: '허용되지 않은 요청입니다',
  'file-unreadable': '파일을 읽을 수 없습니다',
  'file-empty': '파일이 비어 있습니다',
  'file-binary': '텍스트 파일이 아닙니다',
  'file-encoding': '파일의 문자 인코딩을 알 수 없습니다',
  'file-syntax': '파일 형식이 올바르지 않습니다',
  'file-too-large': '파일이 너무 큽니다',
  'column-missing': '필요한 열이 없습니다',
  'id-duplicate': '같은 ID가 두 번 나옵니다',
  'rows-invalid': '가져올 수 없는 행이 있습니다',
  'rows-missing': '필요한 행이 없습니다',
  'teacher-unreachable': '교사 모델에 연결할 수 없습니다',
  'teacher-unauthorized': '교사 모델이 API 키를 거부했습니다',
  'teacher-rate-limited': '교사 모델의 요청 한도를 넘었습니다',
  'teacher-failed': '교사 모델이 요청을 처리하지 못했습니다',
  'teacher-bad-response': '교사 모델의 응답을 이해할 수 없습니다',
  'teacher-key-missing': '교사 모델의 API 키가 없습니다',
  'teacher-model-missing': '교사로 쓸 모델을 고르지 않았습니다',
  'price-missing': '이 모델의 가격을 모릅니다',
  'budget-reached': '예산을 넘기 전에 멈췄습니다',
  'request-cap-reached': '요청 수 한도를 넘기 전에 멈췄습니다',
  'batch-failed': '서버가 배치를 처리하지 못했습니다',
  'template-invalid': '프롬프트를 이대로 쓸 수 없습니다',
  'workspace-locked': '다른 프로그램이 작업 폴더를 쓰고 있습니다',
  'workspace-unusable': '작업 폴더를 쓸 수 없습니다',
  'store-newer': '더 새로운 버전에서 만든 작업 폴더입니다',
  'store-corrupt': '작업 폴더의 데이터베이스가 손상되었습니다',
  'disk-full': '디스크가 가득 찼습니다',
  'job-conflict': '다른 작업이 아직 진행 중입니다',
  'job-cancelled': '작업이 취소되었습니다',
  'job-interrupted': '작업이 중단되었습니다',
  'training-diverged': '학습이 발산했습니다',
  'checkpoint-corrupt': '체크포인트가 손상되었습니다',
  'model-invalid': '모델을 쓸 수 없습니다',
  'tokenizer-invalid': '토크나이저를 쓸 수 없습니다',
  'engine-failed': '계산 엔진에 문제가 생겼습니다',
  'worker-died': '계산 프로세스가 예기치 않게 끝났습니다',
  internal: '예상하지 못한 문제가 생겼습니다',
  'connection-lost': 'Stepwise Studio가 응답하지 않습니다',
  'not-signed-in': '이 페이지는 아직 연결되지 않았습니다',
};

export const errorHints: Dictionary['errorHints'] = {
  'teacher-unreachable':
    '주소가 맞는지, 서버가 실행 중인지 확인하세요. 답이 늦는 서버라면 최대 대기 시간을 늘리거나 동시 요청 수를 줄이세요. 저장된 답은 그대로 남습니다.',
  'teacher-unauthorized':
    'API 키가 맞는지, 그 키로 이 모델을 쓸 수 있는지 확인한 뒤 다시 시작하세요. 저장된 답은 그대로 남습니다.',
  'teacher-rate-limited':
    '동시 요청 수를 줄이거나 잠시 기다린 뒤 다시 시작하세요. 계정의 잔액이 남아 있는지도 확인하세요. 저장된 답은 그대로 남습니다.',
  'teacher-model-missing': '서버를 살펴보고 모델을 고르거나 모델 이름을 입력하세요.',
  'price-missing': '이 모델의 가격을 입력하거나, 예산 대신 최대 요청 수를 정하세요.',
  'budget-reached':
    '받은 답은 모두 저장되어 있습니다. 예산을 올리고 이어서 하면 아직 답이 없는 것만 묻습니다.',
  'request-cap-reached':
    '받은 답은 모두 저장되어 있습니다. 최대 요청 수를 올리고 이어서 하면 아직 답이 없는 것만 묻습니다.',
  'batch-failed': '추출을 이어서 하면 아직 답이 없는 행만 다시 맡깁니다.',
  'template-invalid':
    '패턴은 RE2 문법을 따르며 전방 탐색, 후방 탐색, 역참조를 쓸 수 없습니다. 고치거나 문구 규칙을 쓰세요.',
};
