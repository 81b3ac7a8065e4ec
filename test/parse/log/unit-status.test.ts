import { describe, expect, test } from 'vitest';
import { matchLogLine, suspectLines } from '../../../src/parse/log/match.ts';
import { withStatusUnit } from '../../../src/parse/log/unit-status.ts';

const clock = { nowMs: Date.UTC(2026, 10, 21, 12), utcOffsetMinutes: 0, bootAtMs: null };
const match = (text: string): string[] => {
  const found: string[] = [];
  suspectLines(new TextEncoder().encode(text), (line, candidates) => {
    const one = matchLogLine(line, clock, null, candidates);
    if (one !== null) found.push(`${one.sign} ${one.about}`);
  });
  return found;
};

/** With what stands above it. */
const named = (...lines: readonly string[]): string => {
  const above = lines.slice(0, -1).map((line) => `${line}\n`);
  return withStatusUnit(
    lines.at(-1) ?? '',
    new TextEncoder().encode(lines.join('\n')),
    Buffer.byteLength(above.join('')),
  );
};

const failed = '   Active: failed (Result: exit-code) since Tue 2020-02-25 17:09:09 UTC; 15h ago';
const ended = ' Main PID: 1897 (code=exited, status=1/FAILURE)';
const loaded = '   Loaded: loaded (/usr/lib/systemd/system/crio.service; enabled; vendor preset: disabled)';

describe('a line of systemctl status', () => {
  test.each([
    ['the heading', ['● crio.service - Open Container Initiative Daemon', failed]],
    ['the heading with the mark of a unit that failed', ['× crio.service - Open Container Initiative Daemon', failed]],
    ['a heading without a mark, as of CentOS 7', ['crio.service - Open Container Initiative Daemon', failed]],
    ['a quotation', ['> ● crio.service - Open Container Initiative Daemon', `>${failed}`]],
    ['the file it was loaded from, where the heading is not pasted', [loaded, failed]],
  ])('gets its unit from %s', (_, lines) => {
    expect(named(...lines)).toBe(`systemd[1]: crio.service: ${failed.trim()}`);
  });

  test.each([
    ['an empty line ends the paragraph', ['● crio.service - Open Container Initiative Daemon', '', failed]],
    ['nothing names it', [failed]],
    ['it is another text', ['● crio.service - Open Container Initiative Daemon', 'Process: none']],
    [
      'a main process that was stopped exited too',
      ['● crio.service - Open Container Initiative Daemon', '   Active: inactive (dead)', ended],
    ],
  ])('stays as it is where %s', (_, lines) => {
    expect(named(...lines)).toBe(lines.at(-1));
  });
});

describe('a pasted systemctl status says that a daemon failed', () => {
  const heading = '● k3s-agent.service - Lightweight Kubernetes';
  test.each([
    ['by its state', [heading, failed], ['unit-status-failed k3s-agent.service']],
    ['by its main process, without its state', [heading, ended], ['unit-status-failed k3s-agent.service']],
    [
      'by its state, while systemd waits to start it again',
      [heading, '   Active: activating (auto-restart) (Result: exit-code) since Fri 2021-07-23 22:38:11 UTC; 2s ago'],
      ['unit-status-failed k3s-agent.service'],
    ],
    [
      'by its state, of a socket',
      ['● docker.socket - Docker Socket for the API', '   Active: failed (Result: service-start-limit-hit)'],
      ['unit-status-failed docker.socket'],
    ],
    [
      'by its state: systemd gave up',
      [heading, '   Active: failed (Result: start-limit)'],
      ['unit-gave-up k3s-agent.service'],
    ],
    ['by its state: out of memory', [heading, '   Active: failed (Result: oom-kill)'], ['unit-oom k3s-agent.service']],
  ])('%s', (_, lines, expected) => {
    expect(match(lines.join('\n'))).toEqual(expected);
  });

  test.each([
    [
      'it runs',
      [heading, '   Active: active (running) since Fri 2021-07-23 22:38:11 UTC; 32min ago', ' Main PID: 9 (k3s)'],
    ],
    ['it was stopped', [heading, '   Active: inactive (dead) since Fri 2021-07-23 22:38:11 UTC', ended]],
    ['it was ended by SIGTERM', [heading, ' Main PID: 1897 (code=killed, signal=TERM)']],
    ['it starts', [heading, '   Active: activating (start) since Fri 2021-07-23 22:38:11 UTC; 2s ago']],
    [
      'it starts again after an exit without an error',
      [heading, '   Active: activating (auto-restart) (Result: success)'],
    ],
    ['it is of no container node', ['● nginx.service - A web server', failed, ended]],
    ['the failed one is another of two', [heading, '   Active: active (running)', '● cups.service - CUPS', failed]],
  ])('and nothing of the kind where %s', (_, lines) => {
    expect(match(lines.join('\n'))).toEqual([]);
  });
});
