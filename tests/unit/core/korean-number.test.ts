import { describe, expect, it } from 'vitest';
import { unitsInDigits } from '../../../electron/core/korean-number.ts';

describe('numbers in Korean units', () => {
  it.each([
    ['3만 5천 원', '35000 원'],
    ['3만5천원', '35000원'],
    ['3만 5000원', '35000원'],
    ['3만 5천 200원.', '35200원.'],
    ['1억 2,345만 6,789명', '123456789명'],
    ['2천5백만 원', '25000000 원'],
    ['5천만', '50000000'],
    ['1억 2천만 원', '120000000 원'],
    ['1.1만 명', '11000 명'],
    ['1.23456만', '12345.6'],
    ['1.5천만', '15000000'],
    ['12조 3천억', '12300000000000'],
    ['3조 원', '3000000000000 원'],
    ['2십 3', '23'],
    ['3만 - 5천', '30000 - 5000'],
  ])('%j is %j', (text, digits) => {
    expect(unitsInDigits(text)).toBe(digits);
  });

  it.each([
    '35,000원',
    '3조각',
    '3조',
    '5만큼',
    '삼만 오천 원',
    '만 원',
    '9999999999억',
    '5백천',
    '5만억',
  ])('%j stays', (text) => {
    expect(unitsInDigits(text)).toBe(text);
  });

  it('are several where the units do not go down', () => {
    expect(unitsInDigits('1억 2억')).toBe('100000000 200000000');
    expect(unitsInDigits('5천 2024')).toBe('5000 2024');
    expect(unitsInDigits('1.5만 2천')).toBe('15000 2000');
    expect(unitsInDigits('3만 5.5')).toBe('30000 5.5');
  });

  it('take no more time than the text is long', () => {
    const long = `1만 ${'1'.repeat(200_000)}만큼 ${'1만 '.repeat(50_000)}`;
    expect(unitsInDigits(long)).toContain('만큼');
  });
});
