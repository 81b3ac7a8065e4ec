import { describe, expect, test } from 'vitest';
import type { LogLine, LogsValue } from '../../../../src/sample/logs.ts';
import { absent, failed, ok } from '../../../../src/sample/reading.ts';
import type { OwnLine } from '../../../../src/view/terminal/pages/own-log.ts';
import { flat, pageText } from '../../../support/pages.tsx';
import * as make from '../../../support/samples.ts';
import { idOf, noon } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../../snapshots/terminal/views/${name}.${size}.txt`;

const lineAt = (n: number, change: Partial<LogLine> = {}): LogLine => ({
  n,
  at: noon - 60_000 + n * 1000,
  origin: 'journal',
  unit: 'dockerd',
  sign: 'stop-force',
  pid: null,
  container: idOf('a1'),
  text: `Container ${idOf('a1')} failed to exit within 10 seconds of signal 15 - using the force`,
  ...change,
});
const tally = (
  sign: string,
  count: number,
  lastMinute: number,
  container: string | null = idOf('a1').slice(0, 12),
) => ({
  sign,
  container,
  count,
  lastMinute,
  firstAt: noon - 60_000,
  lastAt: noon,
});
const modelOf = (change: Partial<LogsValue>) =>
  scenes.modelOf([...scenes.healthy, make.sampleAt(9, { logs: ok(make.logs(change), 1) })]);

const logs: Partial<LogsValue> = {
  tallies: [tally('stop-force', 1520, 760), tally('direct-sigkill', 1520, 0), tally('hung-task', 2, 1, null)],
  lines: [
    lineAt(0, {
      at: noon - 93_600_000,
      unit: 'kubelet',
      sign: 'kubelet-stop-failed',
      text: 'StopContainer failed: context deadline exceeded',
    }),
    ...Array.from({ length: 30 }, (_, n) => lineAt(n + 1, { text: `${lineAt(0).text}, attempt ${n + 1}` })),
    lineAt(40, {
      at: null,
      unit: 'kernel',
      sign: 'hung-task',
      container: null,
      text: 'INFO: task dd:28816 blocked for more than 120 seconds.',
    }),
    lineAt(41, { container: 'web-2', sign: 'kill-failed', text: 'Error killing container web-2' }),
  ],
};
const node = modelOf(logs);
const page = (change: object = {}) => ({
  kind: 'log' as const,
  containerId: idOf('a1'),
  daemon: null,
  all: false,
  follows: true,
  scroll: 0,
  ...change,
});

describe('the page of log lines', () => {
  test.each(['60x20', '80x20', '120x20'])(
    'shows the newest at the bottom and the counts at the top, at %s',
    async (size) => {
      await expect(pageText(page({ all: true }), node, size)).toMatchFileSnapshot(snapshot('log', size));
    },
  );

  test('is about the container that was chosen, whatever the lines call it', () => {
    const text = pageText(page(), node, '120x20');
    expect(text).toContain('Log lines about web-1');
    expect(text).toContain('stop-force 1,520 (760/min)');
    expect(text).not.toMatch(/web-2|hung-task/);
    expect(pageText(page({ containerId: idOf('b2') }), node, '120x20')).toContain('Error killing container web-2');
  });

  test('is of the daemon that was chosen, or of all', () => {
    const kernel = pageText(page({ containerId: null, daemon: 'kubelet' }), node, '120x20');
    expect(kernel).toContain('Log lines of kubelet');
    expect(kernel).not.toContain('using the force');
    expect(pageText(page({ containerId: null }), node, '120x20')).toContain('hung-task');
  });

  test('counts the patterns of a daemon that are the second of their line too', () => {
    const both = modelOf({
      tallies: [tally('removal-failed', 3, 0), tally('device-busy', 4, 0), tally('hung-task', 2, 1, null)],
      lines: [lineAt(1, { sign: 'removal-failed', also: ['device-busy'] })],
    });
    const text = pageText(page({ containerId: null, daemon: 'dockerd' }), both, '120x20');
    expect(text).toContain('removal-failed 3');
    expect(text).toContain('device-busy 4');
    expect(text).not.toContain('hung-task');
  });

  test('says the day of a line that is not of today, and shortens ids', () => {
    const text = pageText(
      page({ follows: false }),
      modelOf({ lines: logs.lines?.slice(0, 2) ?? [], tallies: [] }),
      '120x20',
    );
    expect(text).not.toContain(idOf('a1'));
    const all = pageText(page({ all: true, follows: false }), node, '120x20');
    expect(all).toContain('2026-11-20 10:00:00Z kubelet kubelet-stop-failed StopContainer failed');
    expect(all).toContain(`Container ${idOf('a1').slice(0, 12)}… failed`);
  });

  test('follows the end, and stays where it was scrolled to', () => {
    expect(pageText(page(), node, '120x12')).not.toContain('more line');
    const scrolled = pageText(page({ follows: false, scroll: 3 }), node, '120x12');
    expect(scrolled).toMatch(/\d+ more lines/);
    const grown = modelOf({ ...logs, lines: [...(logs.lines ?? []), lineAt(50, { text: 'one more' })] });
    expect(
      pageText(page({ follows: false, scroll: 3 }), grown, '120x12')
        .split('\n')
        .slice(2),
    ).toEqual(scrolled.split('\n').slice(2));
    expect(pageText(page(), grown, '120x12')).toContain('one more');
  });

  test('says once what was logged again and again, how often and since when, in the place of the newest', () => {
    const again = (n: number, second: number): LogLine =>
      lineAt(n, {
        text: `time="2026-11-21T11:59:${String(second).padStart(2, '0')}Z" level=info msg="using the force"`,
      });
    const lines = [again(1, 1), lineAt(2, { text: 'once' }), again(3, 3), again(30, 30)];
    const text = pageText(page(), modelOf({ lines }), '120x20');
    expect(text.match(/using the force/g)).toHaveLength(1);
    expect(text).toContain('11:59:30Z dockerd stop-force ×3 since 11:59:01Z time="2026-11-21T11:59:30Z"');
    expect(flat(text)).toMatch(/once.*using the force/);
  });

  test('has what the container wrote between the lines about it, in time and never folded', () => {
    const written = (n: number, text: string, at: number | null): OwnLine => ({
      ...lineAt(n),
      at,
      text,
      origin: '/var/log/pods/x/0.log',
      unit: 'other',
      sign: 'stdout',
      isOwn: true,
    });
    const lines = [lineAt(1, { text: 'first' }), lineAt(9, { text: 'third' })];
    const own = {
      path: '/var/log/pods/x/0.log',
      lines: [
        written(0, 'second', noon - 55_000),
        written(1, 'again', noon - 54_000),
        written(2, 'again', noon - 53_000),
        written(3, 'later than this moment', noon + 60_000),
      ],
      trouble: null,
    };
    const text = pageText(page({ own }), modelOf({ lines }), '80x20');
    expect(flat(text)).toMatch(/first.*stdout second.*again.*again.*third/);
    expect(text).toContain('/var/log/pods/x/0.log');
    expect(text).not.toMatch(/later than|other stdout/);
    expect(pageText(page({ own, all: true }), modelOf({ lines }), '80x20')).not.toContain('second');
    const silent = { ...own, lines: [], trouble: 'no answer from its filesystem for 5s' };
    expect(flat(pageText(page({ own: silent }), modelOf({ lines: [] }), '80x20'))).toContain(
      '/var/log/pods/x/0.log: no answer from its filesystem for 5s',
    );
    const path = `/var/lib/docker/containers/${idOf('a')}/${idOf('a')}-json.log`;
    const empty = { ...own, path, lines: [] };
    expect(pageText(page({ own: empty }), modelOf({ lines: [] }), '80x20')).toMatch(/a…a+-json\.log: empty so far/);
  });

  test('breaks no word that has room on a line of its own', () => {
    const lines = [lineAt(1, { text: 'Handler for POST /v1.40/containers/abc/stop returned error' })];
    expect(pageText(page(), modelOf({ lines }), '60x20')).toContain(' /v1.40/containers/abc/stop ');
  });

  test('orders the lines of several logs by their time', () => {
    const lines = [lineAt(5, { text: 'second' }), lineAt(1, { text: 'first' }), lineAt(9, { text: 'third' })];
    expect(flat(pageText(page(), modelOf({ lines }), '80x20'))).toMatch(/first.*second.*third/);
  });

  test('without lines says what was read, and what is kept', () => {
    const origins = [
      {
        name: '/var/log/messages',
        reading: ok({ lines: 5000, bytes: 400_000, skippedBytes: 1_000_000 }, 1),
        named: false,
      },
      { name: 'journal', reading: failed('journalctl: permission denied (run as root)'), named: false },
    ];
    const text = flat(pageText(page(), modelOf({ origins }), '80x20'));
    expect(text).toContain('no matching log line is about it');
    expect(text).toContain('/var/log/messages: 5,000 lines read, 391 KiB, 977 KiB skipped');
    expect(text).toContain('journalctl: permission denied');
    expect(text).toContain('Only lines that match a known log pattern are kept.');
    expect(flat(pageText(page({ containerId: idOf('c3') }), node, '80x20'))).toContain(
      '33 lines are about others: l shows all',
    );
  });

  test('without logs says why, and how to have them', () => {
    const none = scenes.modelOf([make.sampleAt(0, { logs: absent('no log was found') })]);
    expect(flat(pageText(page(), none, '60x20'))).toContain('no logs: no log was found');
    expect(flat(pageText(page(), none, '60x20'))).toContain('--log FILE or --log journal');
    expect(pageText(page(), scenes.modelOf(scenes.unanswered), '60x20')).toContain('not read yet');
  });

  test('counts the signs that have no room', () => {
    const tallies = Array.from({ length: 40 }, (_, n) => tally(`sign-${n}`, 100 - n, 0));
    expect(pageText(page(), modelOf({ ...logs, tallies }), '60x20')).toMatch(/· \d+ more patterns/);
  });

  test('lets no log line write to the terminal', () => {
    const hostile = 'evil\u001b[2J\u001b]0;owned\u0007\u202Etxt\u2066\nnext\rline\u0000\u009b1m';
    const lines = [
      lineAt(1, { text: hostile, sign: hostile, container: null }),
      lineAt(2, { text: ' '.repeat(300), container: null }),
    ];
    const origins = [{ name: hostile, reading: failed(hostile), named: false }];
    for (const size of ['60x20', '120x20'])
      expect(
        pageText(page({ all: true }), modelOf({ lines, origins, tallies: [tally(hostile, 1, 0, null)] }), size),
      ).toContain('evil');
  });

  test('shows a text without spaces whole', () => {
    const lines = [lineAt(1, { text: 'x'.repeat(300) })];
    const text = pageText(page(), modelOf({ lines, tallies: [] }), '60x20');
    expect(text.match(/x/g)).toHaveLength(300);
  });
});
