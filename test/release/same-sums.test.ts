import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folder, makeRelease } from './release.ts';
import { runTool } from './root.ts';

// Longer than other tests: it makes the release again.
test('another run, in another folder, time zone and locale, gives the same bytes; its sums are signed with the key that is given', () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-again-'));
  try {
    const key = path.join(home, 'key');
    runTool('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const again = path.join(home, 'release');
    makeRelease(again, { TZ: 'Asia/Tokyo', LC_ALL: 'C', RTWATCH_SIGNING_KEY: key });
    const sums = (one: string): string => fs.readFileSync(path.join(one, 'SHA256SUMS'), 'utf8');
    expect(sums(again)).toBe(sums(folder));
    const signers = path.join(home, 'signers');
    fs.writeFileSync(signers, `release ${fs.readFileSync(`${key}.pub`, 'utf8')}`);
    const verify = [
      '-Y',
      'verify',
      '-f',
      signers,
      '-I',
      'release',
      '-n',
      'rtwatch',
      '-s',
      path.join(again, 'SHA256SUMS.sig'),
    ];
    expect(runTool('ssh-keygen', verify, sums(again))).toContain('Good "rtwatch" signature');
  } finally {
    fs.rmSync(home, { recursive: true });
  }
}, 900_000);
