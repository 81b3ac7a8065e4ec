import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { homeFolder } from '../../src/collect/home.ts';

afterEach(() => vi.unstubAllEnvs());

test('is what HOME says', () => {
  vi.stubEnv('HOME', '/home/me');
  expect(homeFolder()).toBe('/home/me');
});

test.each(['', 'relative/home'])('is that of the password file where HOME is %j', (home) => {
  const { homedir } = os.userInfo();
  vi.stubEnv('HOME', home);
  expect(homeFolder()).toBe(homedir);
  expect(path.isAbsolute(homeFolder())).toBe(true);
});
