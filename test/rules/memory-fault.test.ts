import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

const corrected =
  'EDAC MC0: 4 CE error on CPU#0Channel#2_DIMM#0 (channel:2 slot:0 page:0x0 offset:0x0 grain:8 syndrome:0x0)';

test('corrected errors again and again are a warning, one report of them informs', () => {
  const finding = foundInKernelLog('memory-fault', [corrected, corrected, corrected], 5);
  expect(finding).toMatchObject({
    severity: 'warning',
    title: 'The node’s memory has corrected hardware errors (ECC) in CPU#0Channel#2_DIMM#0',
  });
  expect(adviceOf(finding)).toContain('replace the module');
  expect(foundInKernelLog('memory-fault', [corrected])).toMatchObject({ severity: 'info' });
});

test('an error that could not be corrected is critical', () => {
  const line = 'Memory failure: 0x3f8a2c: recovery action for dirty LRU page: Recovered';
  expect(foundInKernelLog('memory-fault', [line])).toMatchObject({ severity: 'critical' });
});

test('the drivers of a well node are silent', () => {
  const wellLines = [
    'EDAC MC: UMC0 chip selects:',
    'EDAC MC0: Giving out device to module skx_edac controller Skylake Socket#0 IMC#0',
  ];
  expect(() => foundInKernelLog('memory-fault', wellLines)).toThrow('no finding');
});
