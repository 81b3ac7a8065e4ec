import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../../src/parse/log/line.ts';

const clock = { nowMs: Date.UTC(2026, 10, 21, 13), utcOffsetMinutes: 0, bootAtMs: null };
const at = Date.UTC(2026, 10, 21, 12, 0, 5);
const said = 'nfs: server 10.0.0.9 not responding, still trying';
const line = `Nov 21 12:00:05 node-3 kernel: ${said}`;

describe('a line of syslog is known behind what quotes it', () => {
  test.each([
    ['grep of several files', `/var/log/syslog.1:${line}`],
    ['grep -nH', `syslog:214:${line}`],
    ['pssh', `node-3: ${line}`],
    ['a cell of HTML', `<td class="log">${line}`],
    ['a cell of CSV', `1795262405000,"${line}`],
    ['CloudWatch', `2026-11-21T12:00:06.000Z ${line}`],
  ])('%s', (_, text) => {
    expect(parseLogLine(text, clock)).toMatchObject({ unit: 'kernel', message: said });
    expect(Math.abs((parseLogLine(text, clock).at ?? 0) - at)).toBeLessThanOrEqual(1000);
  });

  test('so that what a container logged is of no daemon', () => {
    expect(parseLogLine(`syslog:Nov 21 12:00:05 node-3 app[7]: container runtime is down`, clock)).toMatchObject({
      unit: 'other',
      pid: 7,
    });
  });

  test('not within a message of another form, or in a sentence', () => {
    expect(parseLogLine(`time="2026-11-21T12:00:05Z" level=info msg="read: ${line}"`, clock).unit).toBeNull();
    expect(parseLogLine(`It began at 2026-11-21T12:00:05Z reason: ${said}`, clock)).toMatchObject({
      at: null,
      unit: null,
    });
    const ofContainer = { '@timestamp': '2026-11-21T12:00:05Z', message: `copied: ${line}`, container_name: 'web' };
    expect(parseLogLine(JSON.stringify(ofContainer), clock).unit).toBe('other');
    expect(parseLogLine(`web-1  | copied: ${line}`, clock)).toMatchObject({ unit: null, inContainer: true });
  });
});

describe('the time when a line arrived stands before it', () => {
  test('of klog, whose time is no program', () => {
    const klog = '2026-11-21T12:00:06.5Z E1121 12:00:05.000000    1000 kubelet.go:2412] "Skipping pod synchronization"';
    expect(parseLogLine(klog, clock)).toMatchObject({ at, unit: 'kubelet', message: '"Skipping pod synchronization"' });
  });

  test('of the kernel, whose subsystem is no program', () => {
    expect(parseLogLine(`2026-11-21T12:00:05Z ${said}`, clock)).toMatchObject({ at, message: said });
  });

  test.each([
    ['Datadog', `2026-11-21T12:00:05Z,node-3,kernel,"${said}"`],
    ['a table with tabs', `2026-11-21T12:00:05Z\tnode-3\tkernel\t${said}`],
  ])('in a row of %s, beside host and program', (_, row) => {
    const parsed = parseLogLine(row, clock);
    expect(parsed).toMatchObject({ at, unit: 'kernel' });
    expect(parsed.message).toContain(said);
    expect(parsed.message.startsWith('nfs')).toBe(true);
  });

  test('in a row whose program is unknown', () => {
    expect(parseLogLine(`2026-11-21T12:00:05Z,node-3,web,"${said}"`, clock)).toMatchObject({ at, unit: null });
  });
});
