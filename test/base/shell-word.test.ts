import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../src/base/shell-word.ts';

test('a path that needs no quoting is shown as it is', () => {
  expect(quote('/var/lib/docker/overlay2/0a1b/merged')).toBe('/var/lib/docker/overlay2/0a1b/merged');
  expect(quote("/mnt/it's $HOME")).toBe("'/mnt/it'\\''s $HOME'");
  expect(quote('')).toBe("''");
});

test('a shell reads back the very path, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary-ascii' }).map((text) => text.replaceAll('\0', '')),
      (path) => {
        const echoed = execFileSync('/bin/sh', ['-c', `printf %s ${quote(path)}`], { encoding: 'utf8' });
        expect(echoed).toBe(path);
      },
    ),
    { numRuns: 30 },
  );
});
