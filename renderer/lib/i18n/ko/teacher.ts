import type { Dictionary } from '../en.ts';

export const teacher: Dictionary['teacher'] = {
  title: '교사 모델',
  lead: '교사 모델이 모든 행에 근거와 라벨을 답합니다. 받은 답은 저장되며, 같은 것을 두 번 묻지 않습니다.',
  emptyTitle: '교사 모델이 답할 행이 아직 없습니다',
  emptyText: '먼저 행을 가져온 다음, 누가 답할지 고르세요.',
  emptyAction: '파일 가져오기',
  again: '새 추출',
  next: '교사 모델이 답했습니다. 이제 무엇이라고 했는지 읽어 보세요.',
  nextSome: '지금까지 받은 답은 읽을 수 있습니다.',
  nextAction: '근거 읽기',
  between: (min, max) => `${min}부터 ${max}까지의 수를 쓰세요.`,
};
