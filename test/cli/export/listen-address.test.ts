import { expect, test } from 'vitest';
import { formatAddress, parseListenAddress } from '../../../src/cli/export/listen-address.ts';

test.each([
  ['127.0.0.1:9753', { host: '127.0.0.1', port: 9753 }],
  ['[::1]:9753', { host: '::1', port: 9753 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['0.0.0.0:65535', { host: '0.0.0.0', port: 65_535 }],
])('%s is an address, and is written back as it was', (text, address) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(formatAddress(address)).toBe(text);
});

test.each([
  '9753',
  '127.0.0.1',
  '127.0.0.1:',
  '127.0.0.1:65536',
  '::1:9753',
  '[127.0.0.1]:1',
  'http://a:1',
  '[::1]',
  '',
])('"%s" is none', (text) => {
  expect(() => parseListenAddress(text)).toThrow('It is not of the form ADDRESS:PORT');
});

test('all interfaces are opened only by name', () => {
  expect(() => parseListenAddress(':9753')).toThrow('For all interfaces use 0.0.0.0:9753 or [::]:9753.');
});
