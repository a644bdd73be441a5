import type { Words } from '../en/index.ts';
import { scores } from './scores.ts';
import { sources } from './sources.ts';
import { use } from './use.ts';

/** Every word of a report in Korean. Names come in where no particle has to fit them. */
export const ko: Words = {
  language: '한국어',
  contents: '차례',
  made: (when) => `작성 ${when}`,
  parts: { train: '학습 행', validation: '검증 행', test: '테스트 행' },
  partOf: (part, split) => `“${split}” 분할의 ${part}`,
  tasks: {
    text: '자유 텍스트',
    classification: '분류',
    'multiple-choice': '객관식',
    arithmetic: '산술',
  },
  methods: {
    finetune: '미세 조정',
    distill: '라벨 증류',
    'step-by-step': '단계별 증류',
    'rationale-input': '근거 입력',
    'single-task': '단일 과제',
  },
  arm: (method, labels) => `${method}(${labels})`,
  armOf: (arm, study, rows) => `${arm}, ${study === null ? '' : `${study}, `}${rows}행`,
  sources: { gold: '정답 라벨', teacher: '교사 라벨' },
  teacherKinds: {
    'openai-compatible': '서버의 언어 모델',
    recorded: '가져온 행에 들어 있던 응답',
    practice: '연습용 교사: 언어 모델이 아니라 규칙을 따르는 프로그램',
  },
  teacher: '교사 모델',
  student: '학생 모델',
  needsTeacher: '교사의 근거를 읽음',
  imported: '가져온 모델',
  importedUnknown: '가져온 모델이며, 어떻게 학습했는지 알 수 없음',
  seenTestRows: (_, shown) => `학습 때 본 테스트 행 ${shown}개`,
  practice: '연습용 교사',
  recorded: '기록된 응답',
  unknown: '모름',
  none: '없음',
  yes: '예',
  no: '아니요',
  more: (characters) => `나머지 ${characters}자는 JSON 문서에 있습니다.`,
  asTable: '수치를 표로 보기',
  seeds: (list) => `시드 ${list}`,
  seedScores: (list) => `시드마다: ${list}`,
  rows: (_, shown) => `${shown}행`,
  chartOf: (what) => `그래프: ${what}`,

  warnings: {
    synthetic:
      '이 프로젝트의 행은 만들어 낸 예제 데이터입니다. 수치는 도구가 어떻게 움직이는지 보여 줄 뿐, 실제 질문에 대해서는 아무것도 말해 주지 않습니다.',
    practice: (names) => `${names}: 연습용 교사는 규칙을 따르는 프로그램이며 언어 모델이 아닙니다.`,
    needsTeacher: (names) =>
      `학생 모델 혼자 낸 점수가 아닙니다: ${names}. 질문마다 교사 모델의 근거를 함께 읽으므로 답할 때마다 교사 모델의 비용도 듭니다.`,
    seenTestRows: (names) =>
      `테스트 행 일부로 학습한 모델입니다: ${names}. 점수가 실제보다 좋게 나오며, 공정한 비교가 아닙니다.`,
    partTest:
      '점수를 보고 다음 시도를 정하는 일이 잦을수록 테스트 점수가 알려 주는 것이 적어집니다.',
    partOther:
      '봉인한 테스트 행이 아닙니다. 가장 좋은 체크포인트를 검증 행으로 골랐으므로 검증 점수는 조금 높게 나옵니다.',
  },

  summary: {
    title: '요약',
    compared: (teachers, students, { rows, gold, part }) =>
      `같은 ${part} ${rows}개에 대한 ${teachers === null ? '' : `${teachers}, `}${students}의 답을 비교했습니다. 그중 정답 라벨이 있는 ${gold}행으로 점수를 냈습니다.`,
    teachers: (_, shown) => `교사 모델 ${shown}개`,
    students: (_, shown) => `학생 모델 ${shown}개`,
    margin: (rows, points) =>
      `${rows}행의 오차 한계는 ${points}%p입니다. 이보다 작은 차이는 진짜라고 말하지 않습니다.`,
    noScores: '정답 라벨이 있는 행이 없어 점수를 낼 수 없습니다. 답은 아래에 나란히 있습니다.',
    teacherScore: (name, interval) => `교사 모델 ${name}의 정확도: ${interval}.`,
    highest: (name, interval) =>
      `학생 모델 가운데 이 행에서 정확도가 가장 높은 것: ${name}, ${interval}.`,
    highestAlone: (name, interval) =>
      `교사 모델 없이 답하는 것 가운데 정확도가 가장 높은 것: ${name}, ${interval}.`,
    oneStudent: (name, interval) => `학생 모델 ${name}의 정확도: ${interval}.`,
    betterThan: (all, better, others) =>
      all
        ? `이 행으로 볼 때 다른 학생 모델 ${others}개보다 낫다고 입증되었습니다.`
        : `다른 학생 모델 ${others}개 가운데 ${better}개보다 낫다고 입증되었고, 나머지와는 이 행으로 가려지지 않습니다.`,
    betterThanNone: (_, others) =>
      `다른 학생 모델 ${others}개 가운데 어느 것보다도 낫다고 입증되지 않았습니다.`,
    againstTeacher: {
      better: (student, teacher, gap) =>
        `학생 모델 ${student} 쪽이 교사 모델 ${teacher}보다 낫다고 입증되었습니다: ${gap}%p.`,
      worse: (student, teacher, gap) =>
        `교사 모델 ${teacher} 쪽이 학생 모델 ${student}보다 낫다고 입증되었습니다: ${gap}%p.`,
      alike: (student, teacher, gap, margin) =>
        `학생 모델 ${student}, 교사 모델 ${teacher}: 차이가 ${margin}%p보다 작습니다: ${gap}%p.`,
      shownAlone:
        '이 쌍만 비교했다면 입증될 차이지만, 비교한 모든 쌍에 맞춰 보정하면 입증되지 않습니다.',
      'not-shown': (student, teacher, gap) =>
        `학생 모델 ${student}, 교사 모델 ${teacher}: 차이가 입증되지 않았습니다: ${gap}%p.`,
    },
    rowsNeeded: (rows) => `이만한 차이를 입증하려면 약 ${rows}행이 필요합니다.`,
    corrected: (pairs) => `${pairs}쌍을 검정했으므로 p값을 홀름(Holm) 방법으로 보정했습니다.`,
    cost: (student, own, teacher, theirs) =>
      `답 1,000개에 드는 비용: ${student} ${own}, ${teacher} ${theirs}.`,
    breakEven: (answers) => `만드는 데 든 비용은 답 ${answers}개 뒤에 회수됩니다.`,
    noBreakEven: '만드는 데 든 비용은 회수되지 않습니다.',
    looks: (_, shown) => `이 테스트 점수는 이 보고서까지 ${shown}번 보았습니다.`,
    leaks: (rows) =>
      `누출 검사에서 학습 행이나 프롬프트와 지나치게 비슷한 검증·테스트 행 ${rows}개를 찾았습니다. 이런 행은 점수를 높여 줍니다.`,
    noLeaks:
      '누출 검사에서 학습 행이나 프롬프트와 지나치게 비슷한 검증·테스트 행은 나오지 않았습니다.',
    notGuarded: '누출 검사를 하지 않고 분할을 고정했습니다.',
    tiles: {
      rows: '채점한 행',
      margin: '오차 한계',
      points: (points) => `${points}%p`,
      pairs: '입증된 차이',
      pairsOf: (shown, all) => `${all}쌍 중 ${shown}쌍`,
      looks: '테스트 점수를 본 횟수',
    },
  },

  ...scores,
  ...use,
  ...sources,
};
