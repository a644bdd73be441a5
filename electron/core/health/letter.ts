import { shortened } from './row.ts';
import type { Check } from './row.ts';
import { wordsOf } from './words.ts';

/** A letter or number that names an option: `(b)`, `b)`, `option B`, `②`, `보기 2번`. */
const mark =
  /[(（]\s?[a-z0-9]\s?[)）]|[①-⑳⑴-⒇⒜-⒵Ⓐ-ⓩ]|(?<![\p{L}\p{N}])(?:option|choice|letter|answer|보기|선택지)\s*(?:is\s*)?["'“‘*]*[a-z0-9](?![\p{L}\p{N}])|^\s*["'“‘*]*[a-z](?:[).:]|["'”’*]*\s*$)|(?<![\p{L}\p{N}])[1-9]번/iu;
const marks = new RegExp(mark.source, 'giu');

/** Words with which an option is named and nothing is said. */
const empty = new Set(
  `the a an so thus hence therefore it this that which is are was be must would should will can i we
  think believe choose chose pick select going with go because as since for of from among out in to by my
  answer answers option options choice choices letter correct right best only one final
  most likely suitable appropriate above given following listed all other others not and
  possible makes sense obviously clearly definitely probably
  정답 정답은 정답이 답 답은 답이 보기 보기의 중 중에서 가장 맞는 맞는다 맞습니다 맞다 것은 것이다 것입니다
  옳은 옳다 옳습니다 따라서 그러므로 그래서 선택지 선택 선택한다 선택합니다 이다 입니다 이므로 적절하다
  적절합니다 적절한 알맞은 번 번이 번은 번이다 번입니다`.split(/\s+/),
);
const ending = /(?:입니다|이다|이에요|예요|이|가|은|는|을|를|로|으로|이므로|라고|번|이며)+$/u;

/**
 * `letter-only`: the rationale names an option by its letter or number, and nothing is left when the
 * words with which one does so are taken away: `The answer is (b).`, `Option B is correct.`,
 * `보기 중 2번이 정답입니다.` It gives away the answer and no reason.
 */
export const findLetterOnly: Check = ({ rationale }) => {
  if (rationale.length > 400 || !mark.test(rationale)) return null;
  const rest = wordsOf(rationale.replaceAll(marks, ' '));
  const content = rest.filter(
    (word) =>
      !empty.has(word) && !empty.has(word.replace(ending, '')) && word.replace(ending, '') !== '',
  );
  return content.length > 0 ? null : { evidence: shortened(rationale), at: [0, rationale.length] };
};
