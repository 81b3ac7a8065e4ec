import { expect, test } from 'vitest';
import { type BundleManifest, manifestJson, manifestText } from '../../../src/view/report/bundle-manifest.ts';

const manifest: BundleManifest = {
  hostname: 'node-1',
  at: Date.UTC(2026, 10, 21, 12, 0, 0),
  tookMs: 7412.34,
  versions: { rtwatch: '0.1.0', Linux: '6.1.0', dockerd: '20.10.24' },
  options: ['--docker-host', 'unix:///x'],
  withSecrets: false,
  entries: [
    { path: 'report.txt', bytes: 4096, tookMs: null, note: null },
    { path: 'daemons/dockerd/goroutines.debug1.txt', bytes: 52_000, tookMs: 812, note: '20,000 goroutines: folded' },
  ],
  missing: [{ what: 'engine/info.json', because: 'no answer within 4s' }],
  moreMissing: 2,
};

test('the manifest says what is in the bundle, what is not, and why', async () => {
  await expect(manifestText(manifest)).toMatchFileSnapshot('../../../snapshots/report/bundle-manifest.txt');
});

test('nothing from outside reaches the terminal that reads it', () => {
  const missing = [{ what: 'a', because: '\u001b[31mred' }];
  expect(manifestText({ ...manifest, missing })).toContain('a: ·[31mred');
});

test('the JSON has the same', () => {
  expect(manifestJson(manifest)).toMatchObject({
    schema: 1,
    takenAt: '2026-11-21T12:00:00.000Z',
    tookMs: 7412,
    missing: [{ what: 'engine/info.json' }],
    moreMissing: 2,
  });
});
