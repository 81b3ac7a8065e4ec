import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const corrected = 'mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 6: cc59dec000041152';

test('corrected errors again and again are a warning, one of them informs', () => {
  const finding = foundInKernelLog('machine-check', [corrected, corrected, corrected], 5);
  expect(finding).toMatchObject({ severity: 'warning', title: expect.stringContaining('that were corrected') });
  expect(finding.title).toContain('CPU 2');
  expect(adviceOf(finding)).toContain('ras-mc-ctl');
  expect(foundInKernelLog('machine-check', [corrected]).severity).toBe('info');
});

test('an exception is critical; what a poll found may be of before the last reset', () => {
  const exception = 'mce: [Hardware Error]: CPU 18: Machine Check Exception: 5 Bank 7: be00000001010091';
  expect(foundInKernelLog('machine-check', [exception])).toMatchObject({
    severity: 'critical',
    title: expect.stringContaining('not corrected'),
  });
  const polled = 'mce: [Hardware Error]: CPU 4: Machine Check: 0 Bank 5: bea0000000000108';
  expect(foundInKernelLog('machine-check', [polled]).severity).toBe('warning');
});

test('what a well node says of its processors is no error', () => {
  const wellLines = [
    'mce: CPU0: Thermal monitoring enabled (TM1)',
    'mce: [Hardware Error]: Machine check events logged',
  ];
  expect(() => foundInKernelLog('machine-check', wellLines)).toThrow('no finding');
});
