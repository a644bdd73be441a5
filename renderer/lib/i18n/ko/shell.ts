import type { Dictionary } from '../en.ts';

type Shell = Pick<
  Dictionary,
  | 'app'
  | 'common'
  | 'steps'
  | 'pipeline'
  | 'jobs'
  | 'connection'
  | 'home'
  | 'tasks'
  | 'taskHints'
  | 'parts'
  | 'methods'
  | 'practice'
>;

const rows = (_: number, shown: string) => `${shown}행`;

export const shell: Shell = {
  app: {
    name: 'Stepwise Studio',
    home: '모든 프로젝트',
    language: '언어',
    theme: '화면 테마',
    system: '시스템 설정',
    light: '밝게',
    dark: '어둡게',
    project: '프로젝트',
    skip: '본문으로 건너뛰기',
    starting: '작업 폴더를 여는 중…',
    startFailed: 'Stepwise Studio를 열 수 없습니다.',
    workspace: (folder) => `작업 폴더: ${folder}`,
  },
  common: {
    back: '이전',
    next: '계속',
    cancel: '취소',
    close: '닫기',
    save: '저장',
    remove: '삭제',
    rename: '이름 바꾸기',
    retry: '다시 시도',
    dismiss: '숨기기',
    loading: '불러오는 중…',
    none: '없음',
    dash: '–',
    copy: '복사',
    copied: '복사했습니다',
    showAll: '모두 보기',
    showLess: '줄이기',
    details: '자세히',
    rows,
    previous: '이전 페이지',
    nextPage: '다음 페이지',
    range: (from, to, total) => `전체 ${total}개 중 ${from}–${to}`,
    noRows: '표시할 행이 없습니다.',
    stepOf: (index, count) => `${count}단계 중 ${index}단계`,
    stepDone: '완료',
    right: '정답',
    wrong: '오답',
    input: '입력',
    choices: '선택지',
    gold: '정답 라벨',
    rationale: '근거',
    label: '라벨',
    line: '줄',
    id: 'ID',
    seed: '시드',
    name: '이름',
    part: '구분',
    created: '만든 때',
    notGiven: '없음',
  },
  steps: {
    data: '데이터',
    teacher: '교사 모델',
    rationales: '근거',
    split: '분할',
    train: '학습',
    compare: '비교',
    export: '내보내기',
  },
  pipeline: {
    label: '이 프로젝트의 단계',
    empty: '시작 전',
    ready: '준비됨',
    running: '진행 중',
    done: '완료',
    attention: '확인 필요',
    rows,
    noData: '아직 데이터가 없음',
    completions: (_, shown) => `응답 ${shown}개`,
    failed: (_, shown) => `실패한 요청 ${shown}개`,
    parsed: (shown) => `${shown}개 해석됨`,
    unparsed: (shown) => `${shown}개 해석 안 됨`,
    splits: (_, shown) => `분할 ${shown}개`,
    runs: (_, shown) => `실행 ${shown}개`,
    finished: (done, total) => `실행 ${total}개 중 ${done}개 완료`,
    evaluations: (_, shown) => `평가 ${shown}개`,
    exports: (_, shown) => `내보낸 모델 ${shown}개`,
  },
  jobs: {
    label: '작업',
    idle: '진행 중인 작업이 없습니다.',
    kind: {
      import: '가져오기',
      extract: '근거 추출',
      train: '학습',
      evaluate: '평가',
      export: '내보내기',
    },
    state: {
      queued: '대기 중',
      running: '진행 중',
      paused: '일시 정지',
      succeeded: '완료',
      failed: '실패',
      cancelled: '취소됨',
      interrupted: '중단됨',
    },
    phase: {
      preparing: '준비 중',
      working: '처리 중',
      evaluating: '평가 중',
      saving: '저장 중',
      proving: '검증 중',
    },
    unit: {
      rows,
      requests: (_, shown) => `요청 ${shown}개`,
      steps: (_, shown) => `${shown}스텝`,
      files: (_, shown) => `${shown}단계`,
    },
    done: (done, total) => `${total} 중 ${done}`,
    rate: (shown) => `초당 ${shown}`,
    left: (time) => `${time} 남음`,
    waiting: '차례를 기다리는 중',
    pause: '일시 정지',
    resume: '이어서 하기',
    cancel: '취소',
    cancelTitle: '이 작업을 취소할까요?',
    cancelBody: '지금까지 저장한 것은 그대로 남습니다. 취소한 작업은 이어서 할 수 없습니다.',
    keep: '계속 진행',
    open: '열기',
    of: (verb, title) => `${title} ${verb}`,
    succeeded: (title) => `완료: ${title}`,
    failed: (title) => `실패: ${title}`,
    interruptedHint: '앱이 닫힐 때 진행 중이던 작업입니다. 저장된 지점부터 이어서 할 수 있습니다.',
    announce: (title, percent) => `${title}: ${percent}`,
  },
  connection: {
    lost: 'Stepwise Studio와 연결이 끊어졌습니다. 터미널에서 종료되었을 수 있습니다.',
    retry: '다시 시도',
    lockedTitle: '이 페이지는 아직 연결되지 않았습니다',
    locked:
      '터미널에 표시된 주소를 다시 여세요. 그 주소에 이 브라우저를 들여보내는 키가 들어 있습니다.',
  },
  home: {
    welcome: '큰 모델의 추론을 내 작은 모델에 담으세요',
    about:
      '교사 모델이 각 행에 라벨과 그 이유를 답합니다. 작은 학생 모델은 둘 다 배운 뒤 혼자서 일합니다. 인터넷 없이, 이 컴퓨터에서.',
    sampleTitle: '예제 프로젝트 해 보기',
    sampleBody:
      '자동으로 만든 문장제 문제와 연습용 교사로 전체 과정을 몇 분 안에 해 봅니다. API 키도 서버도 필요 없습니다.',
    sampleStart: '예제 프로젝트 해 보기',
    sampleRows: '행 수',
    sampleMaking: '예제 프로젝트를 만드는 중…',
    ownTitle: '내 데이터로 시작하기',
    ownBody:
      '한 행에 예제가 하나씩 있는 CSV, TSV, JSON, JSONL 파일. 각 열이 무엇인지 정해 주면 됩니다.',
    ownStart: '내 데이터로 시작하기',
    projects: '프로젝트',
    caption: '이 작업 폴더의 프로젝트',
    task: '과제 유형',
    sample: '예제',
    sampleNotice: '예제 프로젝트: 수집한 데이터가 아니라 자동으로 만든 행입니다.',
    open: (name) => `${name} 열기`,
    newProject: '새 프로젝트',
    renameTitle: '프로젝트 이름 바꾸기',
    renameLabel: '프로젝트 이름',
    removeTitle: '이 프로젝트를 삭제할까요?',
    removeBody: (name) =>
      `“${name}” 프로젝트의 행, 근거, 분할, 실행이 모두 삭제됩니다. 내보낸 폴더는 그대로 남습니다. 되돌릴 수 없습니다.`,
    removeOf: (name) => `${name} 삭제`,
    renameOf: (name) => `${name} 이름 바꾸기`,
    gone: '이 프로젝트는 더 이상 없습니다.',
  },
  tasks: {
    text: '자유 텍스트',
    classification: '분류',
    'multiple-choice': '객관식',
    arithmetic: '산술',
  },
  taskHints: {
    text: '답은 짧은 글이며, 정답 라벨과 같으면 맞은 것으로 봅니다.',
    classification: '답은 정해진 라벨 중 하나입니다.',
    'multiple-choice': '행마다 선택지가 있고, 답은 그중 하나입니다.',
    arithmetic: '답은 수나 식이며, 계산한 값이 같으면 맞은 것으로 봅니다.',
  },
  parts: { train: '학습', validation: '검증', test: '테스트' },
  methods: { finetune: '미세 조정', distill: '증류', 'step-by-step': '단계별 증류' },
  practice: {
    badge: '연습용 교사',
    notice:
      '연습용 교사이며 언어 모델이 아닙니다. 정해진 규칙으로 예제 행에 답하는 프로그램입니다.',
  },
};
