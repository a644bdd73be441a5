import type { Pack } from '../pack.ts';

// Each exemplar names its own classes, so that none teaches a label outside the project's label set.
export const classification: Pack = {
  use: 'classification',
  language: 'ko',
  task: 'classification',
  name: '여러 가지 분류',
  labels: [],
  instruction:
    '글을 다음 가운데 하나로 분류하시오: {labels}. 답은 이 가운데 하나를 그대로 쓴다. {format}',
  openInstruction: '글이 어떤 종류인지 분류하시오. {format}',
  exemplars: [
    {
      input: '분류: 동물, 식물, 광물.\n담벼락을 타고 오르는 담쟁이',
      rationale:
        '담쟁이는 뿌리를 내리고 잎을 펼치며 담을 따라 자란다. 스스로 돌아다니지 않고 돌도 아니다.',
      answer: '식물',
    },
    {
      input: '분류: 칭찬, 불만, 안내.\n택배가 나흘이나 늦게 왔는데 상자까지 찌그러져 있었어요.',
      rationale: '물건이 늦게 왔고 상자도 상했다고 말한다. 둘 다 마음에 들지 않은 일이다.',
      answer: '불만',
    },
    {
      input: '분류: 칭찬, 불만, 안내.\n매장은 오전 열 시에 열고 저녁 여덟 시에 닫습니다.',
      rationale: '문을 열고 닫는 시각만 알려 준다. 좋다거나 나쁘다는 말은 없다.',
      answer: '안내',
    },
    {
      input: '분류: 질문, 부탁, 약속.\n내일까지 꼭 고쳐서 가져다드릴게요.',
      rationale: '말하는 사람이 앞으로 자기가 할 일을 다짐한다. 묻거나 시키는 말이 아니다.',
      answer: '약속',
    },
    {
      input: '분류: 실내, 실외.\n돗자리를 펴자마자 소나기가 쏟아져 나무 밑으로 뛰었다.',
      rationale: '소나기를 맞고 나무 밑으로 피했다. 지붕이 없는 곳에 있었다는 뜻이다.',
      answer: '실외',
    },
    {
      input: '분류: 사실, 의견.\n이 동네 국숫집 가운데 시장 골목 그 집이 제일 맛있다.',
      rationale:
        '어느 집이 가장 맛있는지는 사람마다 다르게 느낀다. 재거나 찾아보아 확인할 수 있는 일이 아니다.',
      answer: '의견',
    },
    {
      input: '분류: 존댓말, 반말.\n야, 너 어제 왜 먼저 갔어?',
      rationale: "상대를 '너'라고 부르고 말끝에 '요'를 붙이지 않았다. 친한 친구에게 하는 말투이다.",
      answer: '반말',
    },
    {
      input: '분류: 봄, 여름, 가을, 겨울.\n은행잎이 노랗게 물들고 들에서는 벼를 벤다.',
      rationale: '은행잎이 물들고 벼를 거두는 때이다. 더위가 지나고 추워지기 전의 모습이다.',
      answer: '가을',
    },
  ],
};
