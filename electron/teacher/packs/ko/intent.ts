import type { Pack } from '../pack.ts';

export const intent: Pack = {
  use: 'intent',
  language: 'ko',
  task: 'classification',
  name: '문의 의도',
  labels: ['주문', '배송', '환불', '영업시간'],
  instruction:
    '손님이 가게에 무엇을 바라는지 찾으시오. 답은 다음 가운데 하나를 그대로 쓴다: {labels}. {format}',
  exemplars: [
    {
      input: '어제 본 파란 머그잔 두 개, 같은 카드로 결제할게요.',
      rationale: '사려는 물건과 개수를 말하고 결제하겠다고 한다. 물건을 사려는 것이다.',
      answer: '주문',
    },
    {
      input: '출고됐다고 나오는데 택배가 지금 어디쯤 있나요?',
      rationale: '물건은 이미 가게를 떠났다. 손님은 그것이 어디까지 왔는지 궁금해한다.',
      answer: '배송',
    },
    {
      input: '화면에 줄이 가 있어요. 돈으로 돌려받을 수 있을까요?',
      rationale: '물건에 흠이 있어 산 값을 되돌려 받고 싶어 한다.',
      answer: '환불',
    },
    {
      input: '추석 연휴에도 매장 문을 여나요?',
      rationale: '연휴에 매장에 갈 수 있는지 알고 싶어 한다. 그러려면 문을 여는 날을 알아야 한다.',
      answer: '영업시간',
    },
    {
      input: '반품한 지 열흘이 넘었는데 카드 결제가 아직 취소되지 않았어요.',
      rationale: '물건은 이미 돌려보냈다. 손님이 기다리는 것은 낸 돈이 돌아오는 일이다.',
      answer: '환불',
    },
    {
      input: '친구가 산 것과 똑같은 캠핑 의자 하나 보내 주세요.',
      rationale: '아직 없는 물건을 하나 보내 달라고 한다. 새로 사겠다는 말이다.',
      answer: '주문',
    },
    {
      input: '평일 저녁에는 몇 시까지 들르면 되나요?',
      rationale: '늦어도 언제까지 가야 하는지 묻는다. 문을 닫는 시각을 알려 주면 된다.',
      answer: '영업시간',
    },
    {
      input: '문 앞에 두고 가셨다는데 아무것도 없어요. 기사님께 확인해 주세요.',
      rationale:
        '가져다 놓았다는 물건이 보이지 않는다. 기사가 어디에 두었는지 확인해 달라는 것이다.',
      answer: '배송',
    },
  ],
};
