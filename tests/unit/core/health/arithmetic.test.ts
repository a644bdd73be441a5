import { describe, expect, it } from 'vitest';
import { checkRationale } from '../../../../electron/core/health/index.ts';
import { answer, context, evidence } from './support.ts';

const found = (rationale: string) => evidence('wrong-arithmetic', { rationale });

describe('arithmetic that does not hold', () => {
  it.each([
    ['So she had 22 + 8 = 31 left.', '22 + 8 = 31 (30)'],
    ['19 / 4 = 5.5', '19 / 4 = 5.5 (4.75)'],
    ['That makes 7 * 36 is 242 crayons.', '7 * 36 is 242 (252)'],
    ['He paid $1,200 + $300 = $1,600 in all.', '1,200 + $300 = $1,600 (1500)'],
    ['5 apples + 3 apples = 9 apples', '5 apples + 3 apples = 9 (8)'],
    ['(5 + 3) * 2 = 15', '(5 + 3) * 2 = 15 (16)'],
    ['2 + 3 * 4 = 20', '2 + 3 * 4 = 20 (14)'],
    ['5 plus 3 equals 9', '5 plus 3 equals 9 (8)'],
    ['12 divided by 4 is 4.', '12 divided by 4 is 4 (3)'],
    ['20% of 50 = 11', '20% of 50 = 11 (10)'],
    ['1/3 of 120 is 30', '1/3 of 120 is 30 (40)'],
    ['x = 5 + 3 = 9', '5 + 3 = 9 (8)'],
    ['8 = 5 + 4', '8 = 5 + 4 (9)'],
    ['6 × 7 = 41', '6 × 7 = 41 (42)'],
    ['20 ÷ 3 = 6.5', '20 ÷ 3 = 6.5 (6.666667)'],
    ['58 − 62 = 4', '58 − 62 = 4 (-4)'],
    ['10 / 3 = 3.4', '10 / 3 = 3.4 (3.333333)'],
    ['0.1 + 0.2 = 0.4', '0.1 + 0.2 = 0.4 (0.3)'],
    ['3 x 4 = 13', '3 x 4 = 13 (12)'],
    ['$5 \\times 3 = 16$', '5 \\times 3 = 16 (15)'],
    ['\\(5 \\cdot 3 = 16\\)', '5 \\cdot 3 = 16 (15)'],
    ['**5** × 3 = **16**', '5** × 3 = **16 (15)'],
    ['12 + 5 = 17, 17 - 4 = 12', '17 - 4 = 12 (13)'],
    ['1 + 1 = 3, 2 + 2 = 5', '1 + 1 = 3 (2); 2 + 2 = 5 (4)'],
    ['사과는 22개 + 8개 = 31개이다.', '22개 + 8개 = 31 (30)'],
    ['따라서 7 × 6은 43입니다.', '7 × 6은 43 (42)'],
    ['3만 5천 원 + 2만 원 = 6만 원', '3만 5천 원 + 2만 원 = 6만 (55000)'],
    ['7 더하기 3은 11이다.', '7 더하기 3은 11 (10)'],
    ['12개는 5 + 6 = 12개', '5 + 6 = 12 (11)'],
    ['１２＋３＝１６', '１２＋３＝１６ (15)'],
  ])('%s', (rationale, expected) => {
    expect(found(rationale)).toBe(expected);
  });

  it.each([
    'So she had 22 + 8 = 30 left.',
    '10 / 3 = 3.33',
    '2 / 3 = 0.66',
    '2/3 = 0.667',
    '133 / 19 = 7',
    '7 / 2 = 4',
    '100 ÷ 7 ≈ 14',
    '48.7 + 1 is about 50.',
    '11/3 = 3 remainder 2',
    '17 ÷ 5 = 3 나머지 2',
    '$1,200 + $300 = $1,500.',
    '80 / 200 = 40%',
    '80 / 200 * 100 = 40%',
    '50 - 20% = 40',
    '2 hours + 30 minutes = 150 minutes',
    '3 feet + 6 inches = 42 inches',
    '5 + 3 = 8 + 2 = 10',
    '3x + 2 = 11',
    '2 + y = 9',
    '3^2 + 4^2 = 25',
    '3² + 4² = 25',
    '2**3 + 1 = 9',
    '5! = 120 and 4! + 1 = 25',
    '1 1/2 + 2 = 3.5',
    'sqrt(16) + 2 = 6',
    'f(3 + 4) = 49',
    'total - 5 + 3 = 8',
    '- 5 + 3 = 8',
    '1. 5 + 3 = 8',
    '-5 + 3 = -2',
    '5 - 8 = -3',
    'It opens at 9:30 + 15 = 9:45.',
    '5 pens and 3 pencils - 2 pencils = 6 things',
    '12 - 3 is 4 less than 13',
    'Step 2: 5 + 3 = 8',
    '1.5 million + 2 million = 3.5 million',
    '2 dozen + 6 = 30 eggs',
    'The 3rd + 4 = nothing',
    '5 + 3 != 9',
    '5 + 3 >= 7',
    'There are 5 + 3 apples.',
    'In 2010 5 + 3 = 9',
    '22개 + 8개는 30개이다.',
    '하루에 3개씩 5일이면 3 × 5 = 15개',
    '3만 5천 원 + 2만 원 = 5만 5천 원',
    '\\frac{84}{2} = 42',
    'The ratio is 3:2, so 3 + 2 = 5 parts.',
  ])('%s holds, or is not judged', (rationale) => {
    expect(found(rationale)).toBeNull();
  });

  it('says where the first one stands', () => {
    const rationale = 'First 2 + 2 = 4. Then 4 * 3 = 13.';
    const [finding] = checkRationale(answer({ rationale, label: '13' }), context());
    expect(finding).toEqual({
      flag: 'wrong-arithmetic',
      evidence: '4 * 3 = 13 (12)',
      at: [22, 32],
    });
    expect(rationale.slice(22, 32)).toBe('4 * 3 = 13');
  });
});
