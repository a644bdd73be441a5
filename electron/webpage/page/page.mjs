/** The example page: loads the student beside it and asks it. Change it, or take it as a pattern. */
import { Student } from './student.mjs';

const words = {
  en: {
    title: 'Ask the student',
    about: 'This student answers on this device. Nothing that you type leaves the page.',
    input: 'Input',
    given: 'The teacher’s rationale, if you have one',
    explain: 'Write a rationale too',
    ask: 'Ask',
    answer: 'Answer',
    confidence: 'Confidence',
    use: 'What to do with it',
    rationale: 'Rationale',
    loading: 'Loading the student',
    starting: 'Starting TensorFlow.js',
    asking: 'Answering …',
    answeredIn: (seconds) => `Answered in ${seconds} s.`,
    none: '(no answer)',
    noRationale: '(none)',
    chance: (share) => `${share}: the probability that the student gave to this answer`,
    used: (threshold) => `Use the student’s answer: its confidence reaches ${threshold}.`,
    teacher: (threshold, teacher) =>
      `Ask the teacher (${teacher}): the confidence is below ${threshold}.`,
    whole: 'Every file is as its certificate says.',
    unchecked: 'The folder has no certificate, so its files were not checked.',
    impossible:
      'The files were not checked: a browser computes hashes only for pages that come over https or from this computer.',
  },
  ko: {
    title: '학생 모델에게 묻기',
    about: '이 학생 모델은 이 기기에서 답합니다. 입력한 내용은 페이지 밖으로 나가지 않습니다.',
    input: '입력',
    given: '교사 모델의 근거 (있으면)',
    explain: '근거도 쓰기',
    ask: '묻기',
    answer: '답',
    confidence: '확신도',
    use: '이 답을 어떻게 쓸지',
    rationale: '근거',
    loading: '학생 모델을 불러오는 중',
    starting: 'TensorFlow.js를 시작하는 중',
    asking: '답하는 중 …',
    answeredIn: (seconds) => `${seconds}초 만에 답했습니다.`,
    none: '(답 없음)',
    noRationale: '(없음)',
    chance: (share) => `${share}: 학생 모델이 이 답에 준 확률입니다`,
    used: (threshold) => `학생 모델의 답을 쓰세요. 확신도가 ${threshold} 이상입니다.`,
    teacher: (threshold, teacher) =>
      `교사 모델(${teacher})에게 물어보세요. 확신도가 ${threshold}보다 낮습니다.`,
    whole: '모든 파일이 인증서와 일치합니다.',
    unchecked: '폴더에 인증서가 없어 파일을 확인하지 못했습니다.',
    impossible:
      '파일을 확인하지 못했습니다. 브라우저는 https 페이지나 이 컴퓨터의 페이지에서만 해시를 계산합니다.',
  },
};

const language = navigator.language.startsWith('ko') ? 'ko' : 'en';
const say = words[language];
const at = (id) => document.getElementById(id);
const share = (value) =>
  value.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });

document.documentElement.lang = language;
document.title = say.title;
for (const element of document.querySelectorAll('[data-text]')) {
  element.textContent = say[element.dataset.text];
}
at('unserved').hidden = true;

/** A sentence, and what to do. */
function fail(error) {
  at('loading').hidden = true;
  at('failure').hidden = false;
  at('sentence').textContent = error.message;
  at('hint').textContent = error.hint ?? '';
}

async function open() {
  at('loading').hidden = false;
  at('state').textContent = `${say.loading} …`;
  const student = await Student.open('./', {
    onProgress: (done, total) => {
      at('progress').value = done / total;
      if (done === total) at('state').textContent = `${say.starting} …`;
    },
  });
  at('loading').hidden = true;
  const { rationalePrefix, rationaleMark } = student.asked;
  at('explaining').hidden = rationalePrefix === null;
  at('given').hidden = rationaleMark === null;
  at('facts').textContent = `${student.runtime}. ${say[student.check]}`;
  at('facts').hidden = false;
  at('form').hidden = false;
  at('input').focus();
  return student;
}

/** The input with the teacher's rationale, for students that were trained to read one. */
function composed(mark) {
  const [text, reason] = [at('input').value.trim(), at('reason').value.trim()];
  return mark === null || reason === '' ? text : `${text} ${mark} ${reason}`;
}

function show({ label, confidence, rationale, milliseconds, toTeacher }, { cascade }) {
  at('label').textContent = label === '' ? say.none : label;
  at('meter').value = confidence;
  at('sure').textContent = say.chance(share(confidence));
  at('used').hidden = cascade === null;
  if (cascade !== null) {
    const threshold = share(cascade.threshold);
    at('route').textContent = toTeacher
      ? say.teacher(threshold, cascade.teacher)
      : say.used(threshold);
    at('route').classList.toggle('to-teacher', toTeacher);
  }
  at('explained').hidden = rationale === null;
  at('rationale').textContent = rationale === '' ? say.noRationale : rationale;
  at('busy').textContent = say.answeredIn(
    (milliseconds / 1000).toLocaleString(language, {
      maximumFractionDigits: 2,
    }),
  );
  at('answer').hidden = false;
  at('answered').focus();
}

try {
  const student = await open();
  let busy = false;
  const ask = async () => {
    if (busy || !at('form').reportValidity()) return;
    busy = true;
    at('ask').setAttribute('aria-disabled', 'true');
    at('busy').textContent = say.asking;
    at('failure').hidden = true;
    try {
      const options = { rationale: at('explain').checked };
      const [answer] = await student.answer([composed(student.asked.rationaleMark)], options);
      show(answer, student.asked);
    } catch (error) {
      at('busy').textContent = '';
      fail(error);
    } finally {
      busy = false;
      at('ask').removeAttribute('aria-disabled');
    }
  };
  at('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void ask();
  });
  at('input').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void ask();
  });
} catch (error) {
  fail(error);
}
