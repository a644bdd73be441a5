import type { Dictionary } from '../en.ts';

export const endpoint: Dictionary['endpoint'] = {
  chooseTitle: '누가 답할까요?',
  chooseWhy: '여기서 고른 교사 모델 말고는 아무도 데이터를 보지 못합니다.',
  recordedTitle: '저장된 응답',
  recordedText: '파일에 들어 있던 답을 그대로 씁니다. 묻거나 보내는 것은 없습니다.',
  recordedNote: (shown) => `${shown}행에 있습니다.`,
  recordedMissing: '이 프로젝트에는 저장된 응답이 없습니다.',
  practiceTitle: '연습용 교사',
  practiceText: '전체 과정을 해 볼 수 있도록 예제 행에 답하는 규칙 기반 프로그램입니다.',
  practiceMissing: '예제 프로젝트에서만 쓸 수 있습니다.',
  serverTitle: '언어 모델',
  serverText: '서버나 이 컴퓨터에 있는 모델에 OpenAI API로 묻습니다.',

  whereTitle: '어디에 있나요',
  saved: '저장된 교사 모델',
  savedNew: '새로 만들기',
  preset: '서버',
  presets: {
    openai: '키 필요',
    azure: '키 필요',
    ollama: '이 컴퓨터',
    lmstudio: '이 컴퓨터',
    llamacpp: '이 컴퓨터',
    vllm: '내 GPU 서버',
    other: '직접 입력',
  },
  otherServer: '다른 주소',
  quirks: {
    openai:
      '추론 모델은 온도와 멈춤 문자열을 받지 않습니다. 아래에서 서버를 살펴보면 무엇을 받는지 알 수 있습니다.',
    azure: '모델에는 배포 이름을 씁니다. Azure는 배포 목록을 알려 주지 않습니다.',
    ollama:
      '컨텍스트보다 긴 프롬프트는 아무 말 없이 잘립니다. Ollama 설정(OLLAMA_CONTEXT_LENGTH)을 바꾸지 않았다면 4,096토큰입니다. 바꾸었다면 “컨텍스트 길이”에 적어 주세요.',
    lmstudio: '처음 물을 때 모델을 불러오므로 첫 답이 늦을 수 있습니다.',
    llamacpp: '시작할 때 정한 모델 하나만 답하며, 슬롯 수(-np)만큼만 동시에 답합니다.',
    vllm: '시작할 때 정한 모델로 답하며, 많은 요청을 동시에 처리합니다.',
    other: 'OpenAI API의 chat completions를 지원하는 서버면 됩니다.',
  },
  name: '이름',
  nameHint: '나중에 알아볼 이름입니다.',
  baseUrl: '주소',
  baseUrlHint: '/v1까지만 쓰고 그 뒤는 빼세요.',
  azureUrlHint: '리소스 주소입니다. 새 방식의 주소는 /openai/v1로 끝납니다.',
  addressGood: '쓸 수 있는 주소입니다.',
  problems: {
    wrong: 'http:// 또는 https://로 시작하는 전체 주소를 쓰세요.',
    secret: '주소에서 사용자 이름과 비밀번호를 빼세요. 키를 넣는 칸은 따로 있습니다.',
    query: '주소는 경로에서 끝나야 합니다. “?”나 “#”부터는 빼세요.',
    placeholder: 'RESOURCE 자리에 리소스 이름을 넣으세요.',
  },
  adviceCall: '주소가 너무 깁니다. 호출 경로는 앱이 뒤에 붙입니다.',
  adviceVersion: '대부분의 서버는 /v1에서 답합니다.',
  adviceUse: (address) => `${address} 쓰기`,
  adviceOpen:
    '암호화되지 않는 주소입니다. 보내는 행과 키를 중간에서 읽을 수 있습니다. 다른 컴퓨터의 서버라면 https://를 쓰세요.',
  apiVersion: 'API 버전(api-version)',
  apiVersionHint:
    '/openai/v1로 끝나는 주소라면 비워 두세요. 예전 방식의 주소에는 2024-10-21 같은 값이 필요합니다.',

  key: 'API 키',
  keyWhere: {
    keychain: '시스템 키체인에 암호화해 보관하며 다시 보여 주지 않습니다.',
    session:
      'Stepwise Studio가 끝날 때까지 메모리에만 두고 디스크에는 쓰지 않습니다. 계속 쓰려면 시작하기 전에 환경 변수 STEPWISE_API_KEY를 설정하세요.',
  },
  keyKept: {
    none: '보관된 키가 없습니다.',
    noneLocal: '보관된 키가 없습니다. 이 컴퓨터의 서버는 키가 없어도 되는 경우가 많습니다.',
    keychain: '키가 시스템 키체인에 있습니다. 그대로 쓰려면 비워 두세요.',
    session: '키를 Stepwise Studio가 끝날 때까지 보관합니다. 그대로 쓰려면 비워 두세요.',
    environment:
      '키를 환경 변수(STEPWISE_API_KEY 또는 OPENAI_API_KEY)에서 가져옵니다. 여기에 입력한 키가 있으면 그 키를 씁니다.',
  },
  keyOther: '보관된 키는 다른 서버의 것이라 이 서버에는 보내지 않습니다.',
  forgetKey: '키 지우기',
  keyOf: (name) => `${name}의 API 키`,
  keySave: '키를 보관하고 이어서 하기',

  look: '서버 살펴보기',
  lookTry: '서버를 살펴보고 모델 시험하기',
  looking: '살펴보는 중…',
  lookWhy:
    '이 교사 모델을 저장하고, 서버의 모델 목록을 가져온 뒤, 고른 모델에 짧은 질문 하나를 합니다.',
  listed: (_, shown) =>
    `서버가 응답했고 모델 ${shown}개가 있습니다. 아래에서 하나를 고르면 바로 시험해 봅니다.`,
  notListed: '서버가 응답했지만 모델 목록은 주지 않습니다. 아래에 모델 이름을 쓰고 시험해 보세요.',

  modelTitle: '어떤 모델인가요',
  model: '모델',
  modelHint: '서버에서 쓰는 이름 그대로 입력하세요. 있어야 계속할 수 있습니다.',
  modelListed: (_, shown) => `${shown}개 중에서 고르거나 이름의 일부를 입력하세요.`,
  modelNone: '서버에 그런 모델이 없습니다.',
  modelsShown: (_, shown) => `맞는 모델 ${shown}개`,
  deployment: '배포 이름(deployment)',
  deploymentHint: '모델 이름이 아니라 내가 만든 배포의 이름입니다.',
  context: '컨텍스트 길이(토큰)',
  contextHint:
    '프롬프트와 답을 합친 길이입니다. 적어 두면 너무 긴 프롬프트를 보내기 전에 찾아냅니다.',
  optional: '선택 사항',

  foundTitle: '시험해서 확인한 기능',
  found: (model, date, seconds) => `${model}, ${date}에 시험. ${seconds}초 만에 답했습니다.`,
  foundOld: '전에 확인한 결과입니다. 서버는 바뀔 수 있으니 의심스러우면 다시 시험하세요.',
  foundUnknown:
    '확인하지 못한 기능은 써도 해가 없을 때만 요청에 넣으며, 그 기능에 기대지는 않습니다.',
  again: '다시 시험하기',
  itWrote: '모델의 답',
  nothing: '없음',
  feature: '기능',
  verdict: '결과',
  meaning: '여기서 뜻하는 것',
  verdicts: { yes: '지원함', no: '지원하지 않음', unknown: '확인하지 못함' },
  features: {
    usage: {
      name: '토큰 수',
      yes: '서버가 토큰을 세어 주므로 비용을 서버의 수로 계산합니다.',
      no: 'OpenAI 토크나이저로 여기서 세므로 비용은 어림값입니다.',
    },
    lengthLimit: {
      name: '답의 길이 제한',
      yes: (parameter) => `${parameter} 값으로 답의 길이를 제한합니다.`,
      no: '제한이 지켜지지 않을 수 있습니다. 답이 정한 것보다 길어지고 비용이 더 들 수 있습니다.',
    },
    stop: {
      name: '멈춤 문자열',
      yes: '다음 질문을 지어내기 전에 답이 끝나므로 그만큼 돈이 들지 않습니다.',
      no: '답을 받은 뒤 여기서 자릅니다. 잘린 부분의 토큰도 비용에 들어갑니다.',
    },
    temperature: {
      name: '온도',
      yes: '한 행에서 서로 다른 답을 여러 개 받을 수 있습니다.',
      no: '모델이 스스로 정한 온도로 답합니다.',
    },
    several: {
      name: '여러 답(n)',
      yes: '한 행에서 답을 여러 개 받아도 프롬프트 비용은 한 번만 듭니다.',
      no: '답 하나마다 따로 요청하므로 프롬프트 비용이 매번 듭니다.',
    },
    seed: {
      name: '시드',
      yes: '같은 시드로 새로 실행하면 같은 답이 나올 수 있습니다.',
      no: '온도가 0보다 크면 새로 실행할 때 다른 답이 나옵니다. 저장된 답은 그대로입니다.',
    },
    systemRole: {
      name: '시스템 메시지',
      yes: '지시문을 시스템 메시지로 보냅니다.',
      no: '지시문을 질문 맨 앞에 넣어 보냅니다.',
    },
    jsonSchema: {
      name: 'JSON 스키마',
      yes: '“구조화” 방식을 쓸 수 있습니다.',
      no: '“구조화” 방식에서 JSON을 말로만 부탁할 수 있어, 지키지 않는 답이 있을 수 있습니다.',
    },
    logprobs: {
      name: '로그 확률',
      yes: '여기서는 쓰지 않습니다.',
      no: '여기서는 쓰지 않습니다.',
    },
    batches: {
      name: '배치 파일',
      yes: '파일로 한꺼번에 맡겨 하루 안에 더 싼 값으로 답을 받을 수 있습니다.',
      no: '한 행씩 묻습니다. 기다리는 대신 싸게 받는 방법은 없습니다.',
    },
  },

  priceTitle: '얼마가 드나요',
  priceInput: '입력 토큰 100만 개당(US$)',
  priceOutput: '출력 토큰 100만 개당(US$)',
  priceLocal:
    '이 컴퓨터에서 실행되므로 토큰에 돈이 들지 않습니다. 요청을 유료 서버로 넘겨 주는 서버라면 가격을 입력하세요.',
  priceBuiltIn: (date) => `${date} 기준 기본값입니다. 가격은 바뀔 수 있으니 제공사에서 확인하세요.`,
  priceEntered: (date) => `${date}에 입력한 값입니다.`,
  priceNone:
    '이 모델의 가격을 모릅니다. 두 값을 모두 입력해야 비용을 알려 주고 예산을 정할 수 있습니다.',
  priceBoth: '두 값을 모두 입력하세요.',
  priceReset: '입력한 값 지우기',
  priceTable: '가격표',
  priceTableAll: '전체 가격표…',
  priceTableNote:
    '토큰 100만 개당 미국 달러이며 모든 프로젝트에 쓰입니다. 이름 끝의 *는 어떤 끝이든 뜻합니다. 추출은 시작할 때의 가격을 그대로 씁니다.',
  priceModel: '모델',
  priceIn: '입력',
  priceOut: '출력',
  priceBatch: '배치',
  priceFrom: '출처',
  priceOrigin: { 'built-in': '기본', entered: '입력함' },
  priceEdit: (model) => `${model} 가격 고치기`,
  priceForget: (model) => `${model}에 입력한 가격 지우기`,
  priceAdd: '가격 입력',
  priceSave: '저장',
  priceShare: '배치 비율(0~1)',
  batchShare: (percent) => `배치는 그 값의 ${percent}입니다.`,
  between: (min, max) => `${min}부터 ${max}까지의 수를 쓰세요.`,
};
