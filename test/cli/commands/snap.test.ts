import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawFrame } from '../../../src/app/draw-frame.tsx';
import { timelineAt } from '../../../src/cli/commands/snap.ts';
import { parseTerminalSize } from '../../../src/cli/options/size.ts';
import { historyFrom } from '../../../src/cli/recording/recorded.ts';
import { chooseTheme } from '../../../src/cli/screen/theme.ts';
import { NodeFollower } from '../../../src/timeline/node-follower.ts';
import { printFrame } from '../../../src/view/print/print-frame.ts';
import { widthOf } from '../../../src/view/text.ts';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import { programEnv } from '../../support/program-env.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const demo = path.join(import.meta.dirname, '../../../demo/stop.zst');

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-snap-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function snap(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const all = ['snap', '--from', demo, '--at', '-45s', '--utc', ...args];
  const { status, stdout, stderr } = spawnSync(launcher, all, { env: programEnv(), encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('rtwatch snap', () => {
  test('prints the screen of a recorded moment as text, as large as asked', async () => {
    const { status, stdout } = snap('--size', '100x30');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(30);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(100);
    const recording = await openRecording(demo);
    // The last sample before the moment.
    const moments = [45, 46].map(
      (seconds) => `${new Date(recording.to - seconds * 1000).toISOString().slice(11, 19)}Z`,
    );
    await recording.close();
    expect(moments.some((moment) => stdout.includes(moment))).toBe(true);
    expect(stdout).toContain('is frozen');
    expect(status).toBe(0);
  });

  test('draws the page of the first finding, with the command to type', () => {
    expect(snap('--view', 'finding', '--size', '120x50').stdout).toContain('fsfreeze -u ');
  });

  test('writes a picture by the name of the file, and overwrites none', () => {
    const file = path.join(folder, 'screen.svg');
    expect(snap('--output', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(fs.readFileSync(file, 'utf8')).toMatch(/^<svg [\s\S]*fill="#cc6666"[\s\S]*<\/svg>\n$/);
    const { status, stderr } = snap('--output', file);
    expect(status).toBe(74);
    expect(stderr).toContain('file exists; not overwriting');
  });

  test.each([
    [['--view', 'foo'], 'no such view; the views are overview, finding, daemons'],
    [['--size', '5x5'], 'It is not a size such as 120x36'],
    [['--format', 'png'], 'Allowed choices are txt, ansi, svg, html'],
  ])('refuses %j, and says what it takes', (args, words) => {
    const { status, stdout, stderr } = snap(...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('the bundle, in which modules of Ink are replaced', () => {
  // Each size and each view once: `test/app/ink/` compares the replaced modules with those of Ink in all snapshots.
  test.each([
    ['80x24', 'finding'],
    ['120x36', 'overview'],
    ['200x60', 'processes'],
  ] as const)('draws at %s what Ink itself draws: %s', async (text, view) => {
    const size = parseTerminalSize(text);
    const theme = chooseTheme({ utc: true, color: true }, { TERM: 'xterm', LANG: 'C.UTF-8' });
    const follower = new NodeFollower();
    const range = { from: 0, to: 0 };
    await historyFrom(demo, '-45s', theme.zone, {
      onSample: (sample) => follower.take(sample),
      onOpened: ({ from, to }) => Object.assign(range, { from, to }),
    });
    const { model, verdicts } = follower.judge();
    const timeline = timelineAt(model.at, range, follower);
    const frame = drawFrame({ model, verdicts, timeline, view, size, theme }) ?? '';
    expect(snap('--size', text, '--view', view, '--format', 'ansi').stdout).toBe(
      printFrame(frame, 'ansi', size.columns, theme.palette),
    );
  });
});
