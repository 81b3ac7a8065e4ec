import { expect, test } from 'vitest';
import { parseOpenFilesLimit } from '../../../../src/parse/proc/pid/limits.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const limits = (
  soft: string,
  hard: string,
): string => `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max stack size            8388608              unlimited            bytes     
Max processes             96365                96365                processes 
Max open files            ${soft.padEnd(21)}${hard.padEnd(21)}files     
Max locked memory         8388608              8388608              bytes     
Max realtime timeout      unlimited            unlimited            us        
`;

test('the soft limit of open files is reported, not the hard one', () => {
  expect(parseOpenFilesLimit(limits('20000', '1048576'))).toBe(20_000);
});

test('a limit of a thousand million is reported to the digit', () => {
  expect(parseOpenFilesLimit(limits('1073741816', '1073741816'))).toBe(1_073_741_816);
});

test('an unlimited one is null', () => {
  expect(parseOpenFilesLimit(limits('unlimited', 'unlimited'))).toBeNull();
});

test('an unlimited soft limit does not take the hard one', () => {
  expect(parseOpenFilesLimit(limits('unlimited', '4096'))).toBeNull();
});

test('a file without the line gives null', () => {
  expect(parseOpenFilesLimit('')).toBeNull();
  expect(
    parseOpenFilesLimit('Max processes             96365                96365                processes \n'),
  ).toBeNull();
});

const samples = [limits('20000', '1048576'), limits('unlimited', 'unlimited')];

test('any text gives a number or null', () => expectToBear(parseOpenFilesLimit, samples));

test('no text takes long', () =>
  expectNoHang(parseOpenFilesLimit, [...samples, 'Max open files\n', 'Max open files ']));
