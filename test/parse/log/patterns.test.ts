import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogMatch, matchLogLine, suspectLines } from '../../../src/parse/log/match.ts';
import { rules } from '../../../src/rules/rules.ts';
import { logPatternList } from '../../../src/sample/log-patterns/patterns.ts';
import type { LogUnit } from '../../../src/sample/logs.ts';
import { anyText, expectNoHang } from '../any-text.ts';
import { id, kern, logfmt, type SignLine, short, signLines, taskExit } from './pattern-lines.ts';
import { recordedLog } from './recordings.ts';

const clock = { nowMs: Date.UTC(2026, 10, 21, 12), utcOffsetMinutes: 0, bootAtMs: null };
/** What a whole text matches: only what passes the first, cheap look is taken apart. */
const match = (text: string, unit: LogUnit | null = null): LogMatch[] => {
  const found: LogMatch[] = [];
  suspectLines(new TextEncoder().encode(text), (line, candidates) => {
    const one = matchLogLine(line, clock, unit, candidates);
    if (one !== null) found.push(one);
  });
  return found;
};
for (const [unit, rows] of Object.entries(signLines) as [LogUnit, readonly SignLine[]][]) {
  describe(`of ${unit}`, () => {
    test.each(rows)('%s (%s) is known, and whom it is about', (sign, _, line, container) => {
      for (const program of [null, unit])
        expect(match(line, program)).toEqual([expect.objectContaining({ sign, container })]);
    });

    test.each(rows)('%s (%s) is known in the journal too', (sign, _, line, container) => {
      const entry = {
        __REALTIME_TIMESTAMP: '1795243321123456',
        ...(unit === 'kernel' ? { _TRANSPORT: 'kernel' } : { _TRANSPORT: 'stdout', SYSLOG_IDENTIFIER: unit }),
      };
      const text = unit === 'kernel' ? line.replace(/^\[.*?\] /, '') : line;
      const expected = [expect.objectContaining({ sign, container, unit })];
      expect(match(JSON.stringify({ ...entry, MESSAGE: text }))).toEqual(expected);
      expect(match(JSON.stringify({ ...entry, MESSAGE: [...Buffer.from(`${text}\xff`, 'latin1')] }))).toEqual(expected);
    });
  });
}

test('every pattern has a line here', () => {
  const known = new Set(Object.values(signLines).flatMap((rows) => rows.map(([sign]) => sign)));
  expect(logPatternList.map(({ id }) => id).filter((sign) => !known.has(sign))).toEqual([]);
});

test('no rule asks for a pattern that the sampler leaves out', () => {
  const folder = path.join(import.meta.dirname, '../../../src/rules');
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const text = files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n');
  expect(logPatternList.filter(({ routine, id }) => routine === true && text.includes(`'${id}'`))).toEqual([]);
});

test('every pattern belongs to a rule', () => {
  const ids = new Set(rules.map(({ id }) => id));
  expect(logPatternList.filter(({ rule }) => !ids.has(rule)).map(({ id }) => id)).toEqual([]);
});

test.each(logPatternList.flatMap(({ hints }) => hints))(
  'the hint %j is in small letters and free of what JSON escapes',
  (hint) => {
    expect(hint).toMatch(/^[a-z0-9 /:_.,-]+$/);
  },
);

describe('what a line gives besides', () => {
  test('a device that has a folder of its own', () => {
    const line = 'Buffer I/O error on dev pxd/pxd417292423831969158, logical block 262128, async page read';
    expect(match(kern(line))[0]?.device).toBe('pxd/pxd417292423831969158');
  });

  test('the task, its pid and the seconds', () => {
    expect(match(kern('INFO: task kworker/u8:3:3427 blocked for more than 120 seconds.'))).toEqual([
      expect.objectContaining({ unit: 'kernel', comm: 'kworker/u8:3', pid: 3427, seconds: 120 }),
    ]);
  });

  test.each([
    ['fusermount', 639_694, 'fusermount      D    0 639694   1274 0x00004004'],
    ['docker', 10_467, 'docker          D ffff88021fc12ec0     0 10467      1 0x00000000'],
    ['postgres', 2_581_549, 'task:postgres        state:D stack:0     pid:2581549 ppid:2581545 flags:0x00000006'],
    ['containerd-shim', 28_325, 'task:containerd-shim state:D stack:    0 pid:28325 ppid:     1 flags:0x00004080'],
  ])('the task that the kernel lists, and its pid: %s', (comm, pid, line) => {
    expect(match(kern(line))).toEqual([expect.objectContaining({ sign: 'task-in-d', comm, pid })]);
    expect(match(kern(line.replace('state:D', 'state:S').replace(' D ', ' S ')))).toEqual([]);
  });

  test('the pid of the task that exited', () => {
    expect(match(signLines.containerd[1]?.[2] ?? '')[0]?.pid).toBe(24_303);
    expect(match(signLines.containerd[5]?.[2] ?? '')[0]?.pid).toBe(24_303);
  });

  test.each(signLines.kernel.filter(([sign]) => /^(?:io-|filesystem-|remount)/.test(sign)))(
    'the device of %s (%s)',
    (_, __, line) => {
      expect(match(line)[0]?.device).toBe('loop1');
    },
  );

  test('the other signs of the line', () => {
    const line = signLines.dockerd.find(([, of]) => of === 'the layer')?.[2] ?? '';
    expect(match(line)[0]).toMatchObject({ sign: 'removal-failed', also: ['device-busy'] });
  });

  test('its error, and no more than 600 characters', () => {
    const line = logfmt('error', 'failed to process event', `error="${'x'.repeat(5000)}"`);
    expect(match(line)[0]?.text).toHaveLength(600);
    expect(match(line)[0]?.text).toMatch(/^failed to process event: xxx/);
  });
});

describe('no sign is', () => {
  test.each([
    ['a normal stop in containerd', logfmt('info', `Stop container "${id}" with signal terminated`)],
    ['a normal kill in containerd', logfmt('info', `Kill container "${id}"`)],
    ['an exit that was handled', logfmt('info', `TaskExit event ${taskExit}`)],
    [
      'a container that containerd does not know',
      logfmt('error', `${id} cleanup: failed to delete container from containerd: no such container`),
    ],
    [
      'a start of the kubelet',
      'E1121 06:42:01.123456    1234 kubelet.go:2347] "Skipping pod synchronization" err="[container runtime status check may not have completed yet, PLEG is not healthy: pleg has yet to be successful]"',
    ],
    ['a panic of one request', logfmt('error', 'http: panic serving 10.0.0.1:4242: runtime error')],
    ['a kill of what does not run', logfmt('error', `Cannot kill container: ${id}: Container ${id} is not running`)],
    [
      'a probe whose program has no process left to its container',
      'E1121 06:42:01.123456    1234 prober.go:107] "Probe failed" probeType="Liveness" output="wget: fork: Resource temporarily unavailable"',
    ],
    [
      'a probe that aborts in its container',
      'E1121 06:42:01.123456    1234 prober.go:107] "Probe failed" probeType="Liveness" output="runtime/cgo: pthread_create failed: Resource temporarily unavailable"',
    ],
    [
      'a probe whose program has no memory to its container',
      'E1121 06:42:01.123456    1234 prober.go:107] "Probe failed" probeType="Liveness" output="sh: fork: Cannot allocate memory"',
    ],
    ['a resource of DRBD that a script suspends for a snapshot', kern('drbd pvc-1: susp-io( no -> user )')],
    ['a chip of the firmware', kern('I/O error, dev mtdblock5, sector 31360 op 0x0:(READ) flags 0x0')],
    ['a drive without a disk', kern('blk_update_request: I/O error, dev fd0, sector 0')],
    [
      'a restart of another service',
      'Nov 21 06:42:01 n systemd[1]: web.service: Scheduled restart job, restart counter is at 9.',
    ],
    [
      'a unit whose name ends like that of a daemon',
      'Nov 21 06:42:01 n systemd[1]: backup-docker.service: Start operation timed out. Terminating.',
    ],
    ['a loop device that is detached', kern('loop5: rw=0, sector=2, nr_sectors = 2 limit=0')],
    ['a read beyond a disk that has a size', kern('sdc: rw=0, sector=466944, nr_sectors = 8 limit=466907')],
    ['a GPU that recovers by itself', kern('amdgpu 0000:0c:00.0: amdgpu: Ring gfx_0.0.0 reset succeeded')],
    [
      'errors of the bus that were corrected',
      kern('pcieport 0000:00:1c.5: PCIe Bus Error: severity=Corrected, type=Physical Layer'),
    ],
    ['smartctl on a disk that sleeps', kern('ata1.00: failed command: SMART')],
    [
      'a task that was in D for a moment',
      '[0 00:00:33.313] [UN]  PID: 148201  TASK: ffff89610e331ec0  CPU: 33  COMMAND: "mv"',
    ],
    ['processors that are well', kern('mce: CPU0: Thermal monitoring enabled (TM1)')],
    ['a connection to firewalld', logfmt('warning', 'Failed to create chain: dbus: connection closed by user')],
    ['a mount of XFS', kern('XFS (sda1): Mounting V5 Filesystem')],
    ['a dockerd that ends', logfmt('info', 'stopping event stream following graceful shutdown')],
  ])('%s', (_, line) => {
    expect(match(line)).toEqual([]);
  });

  test.each(signLines.dockerd)('what a container writes in the words of %s (%s)', (_, __, line) => {
    expect(match(`Nov 21 06:42:01 n ${short}[25893]: ${line}`)).toEqual([]);
    expect(match(`Nov 21 06:42:01 n kernel: ${line}`)).toEqual([]);
  });
});

describe('a captured log', () => {
  const counts = (name: string): Record<string, number> => {
    const tally: Record<string, number> = {};
    for (const found of match(recordedLog(name))) {
      for (const sign of [found.sign, ...found.also]) tally[sign] = (tally[sign] ?? 0) + 1;
    }
    return tally;
  };
  const grep = (name: string, words: RegExp): number =>
    recordedLog(name)
      .split('\n')
      .filter((line) => words.test(line)).length;

  test('of leaking stops has as many lines as grep counts', () => {
    expect(counts('stop-leak-t2.dockerd.log')).toEqual({
      'dockerd-started': 1,
      'stop-force': grep('stop-leak-t2.dockerd.log', /using the force/),
      'direct-sigkill': grep('stop-leak-t2.dockerd.log', /direct SIGKILL/),
    });
    expect(counts('stop-leak-t2.dockerd.log')).toMatchObject({ 'stop-force': 221, 'direct-sigkill': 559 });
  });

  test('of leaking stops names the two containers', () => {
    const named = new Set(
      match(recordedLog('stop-leak-t2.dockerd.log')).flatMap(({ container }) => container?.slice(0, 12) ?? []),
    );
    expect(named).toEqual(new Set(['c30bc32ac303', 'fbea0463e7a9']));
  });

  test('of failed removals', () => {
    const busy = grep('mount-busy-t3.dockerd.log', /device or resource busy/);
    expect(counts('mount-busy-t3.dockerd.log')).toEqual({
      'containerd-started': 1,
      'containerd-booted': 1,
      'dockerd-started': 1,
      'daemon-root-bound': 2,
      'stop-force': 1,
      'removal-failed': 12,
      'device-busy': busy,
      'shim-disconnected': 10,
    });
    const about = match(recordedLog('mount-busy-t3.dockerd.log')).filter(({ sign }) => sign === 'removal-failed');
    expect(new Set(about.map(({ container }) => container?.slice(0, 12)))).toEqual(
      new Set(['b8623033c748', '7135cf69dc4e', '109e4560f136', '826a06754ed4']),
    );
  });

  test('of a restart in a new mount namespace', () => {
    expect(counts('mount-leak-t3.dockerd.log')).toEqual({
      'containerd-started': 2,
      'containerd-booted': 2,
      'dockerd-started': 2,
      'netns-lost': 6,
      'stop-force': 2,
      'sandbox-not-found': 3,
      'unmount-failed': 3,
      'shim-disconnected': 6,
    });
    expect(counts('mount-leak-t2.dmesg.txt')).toEqual({ 'overlay-upperdir-in-use': 6 });
  });

  test('of a containerd that hangs', () => {
    const name = 'containerd-hang-t2.containerd.log';
    expect(counts(name)).toEqual({
      'containerd-booted': 1,
      'task-exit-failed': 12,
      'shim-not-answering': 17,
      'stop-failed': 1,
    });
    expect(grep(name, /deadline exceeded/)).toBe(12 + 17);
    expect(counts('containerd-hang-t2.dmesg.txt')).toEqual({
      'hung-task': 8,
      'task-in-d': 8,
      'kernel-stack-wait': 30,
      'kernel-worker': 4,
    });
  });

  test('of a calm engine has only its start', () => {
    expect(counts('io-pressure-t2.dockerd.log')).toEqual({
      'containerd-started': 1,
      'containerd-booted': 1,
      'dockerd-started': 1,
    });
  });
});

const everyLine = Object.values(signLines).flatMap((rows) => rows.map(([, , line]) => line));

test('any text gives matches whose text is no longer than the text', () => {
  fc.assert(
    fc.property(anyText(everyLine), (text) => {
      for (const found of match(text)) expect(found.text.length).toBeLessThanOrEqual(Math.min(600, text.length));
    }),
    { numRuns: 2000 },
  );
});

test('no text takes long', () =>
  expectNoHang(match, [...everyLine, 'using the force', 'device or resource busy ', 'I/O error']));

describe('an error of the kernel in a line that names no program', () => {
  test.each([
    ["dd: error writing '/var/tmp/zeros': No space left on device"],
    [" unable to create `./usr/share/x.html': No space left on device"],
    ['21:02:46,755 INFO program: tar: write error: No space left on device'],
    ['java.io.IOException: Too many open files'],
  ])('is of no daemon as C and Java spell it: %s', (line) => expect(match(line)).toEqual([]));

  test.each([
    ['no-space', 'docker: Error response from daemon: write /var/lib/docker/tmp/x: no space left on device.'],
    [
      'no-space',
      'failed to register layer: Error processing tar file(exit status 1): write /usr/lib/x: no space left on device',
    ],
    ['too-many-open-files', 'http: Accept error: accept unix /var/run/docker.sock: accept4: too many open files'],
  ])('is of one as Go spells it: %s', (sign, line) => expect(match(line)).toMatchObject([{ sign }]));

  test('is of one that the line names, however it is spelled', () => {
    expect(match('Nov 21 12:00:00 node crio[9]: conmon: write failed: No space left on device')).toMatchObject([
      { sign: 'no-space', unit: 'crio' },
    ]);
  });
});

test('source code that quotes messages has none', () => {
  expect(match('      "pattern": "unregister_netdevice: waiting for \\w+ to become free. Usage count = \\d+"')).toEqual(
    [],
  );
  expect(match('unregister_netdevice: waiting for veth1 to become free. Usage count = 1')).toHaveLength(1);
});

test('what btrfs refuses to do is no damage', () => {
  expect(match(kern('BTRFS error (device sda3): deleting default subvolume 259 is not allowed'))).toEqual([]);
  expect(match(kern('BTRFS error (device sda3): bad tree block start, want 30457856 have 0'))).toHaveLength(1);
});
