import type { Dictionary } from '../en.ts';

export const dataExport: Dictionary['dataExport'] = {
  title: '행 내보내기',
  what: (_n, shown) => `지금 걸린 필터에 맞는 ${shown}행을 표에 보이는 순서대로 내보냅니다.`,
  whatAll: '필터에 맞는 행을 표에 보이는 순서대로 내보냅니다.',
  withAnswers:
    '라벨과 근거는 직접 고친 것이 있으면 그것을, 없으면 교사 모델의 것을 씁니다. 교사 모델이 쓴 원문도 따로 남깁니다. 거절한 근거와 라벨을 고친 뒤 맞지 않게 된 근거는 학습에 쓰이는 열에서 뺍니다.',
  withoutAnswers: '교사 모델을 고르지 않아서 라벨은 정답 라벨이고 근거는 없습니다.',
  format: '형식',
  formats: {
    jsonl: 'JSONL',
    parquet: 'Parquet',
    chat: '채팅 미세 조정(JSONL)',
    csv: 'CSV',
  },
  formatTexts: {
    jsonl:
      '한 줄에 JSON 객체 하나로 input, label, rationale 등을 담습니다. 대부분의 학습 도구가 읽습니다.',
    parquet:
      '같은 열을 압축해서 담습니다. pandas, Hugging Face datasets, DuckDB, Spark에서 씁니다.',
    chat: '한 줄에 대화 하나로, 질문 다음에 근거와 답이 옵니다. OpenAI 미세 조정과 같은 형식을 받는 도구에서 씁니다. 답이 없는 행과 거절한 행은 빠집니다.',
    csv: '스프레드시트 등에서 쓰는 표입니다. 값을 있는 그대로 쓰니 데이터로만 다뤄 주세요. =로 시작하는 값을 스프레드시트가 수식으로 읽을 수 있습니다.',
  },
  start: '파일 쓰기',
  done: (_n, shown, size) => `${shown}행, ${size}를 썼습니다.`,
  path: '파일 위치:',
  copyPath: '파일 경로 복사',
  download: '파일 내려받기',
  another: '다른 형식으로',
};
