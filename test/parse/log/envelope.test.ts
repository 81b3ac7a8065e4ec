import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../../src/parse/log/line.ts';

const at = Date.UTC(2026, 10, 21, 6, 42, 1);
const clock = { nowMs: Date.UTC(2026, 10, 21, 12), utcOffsetMinutes: 0, bootAtMs: null };
const parse = (entry: unknown) => parseLogLine(JSON.stringify(entry), clock);
const said = 'time="2026-11-21T06:42:01Z" level=warning msg="Unable to locate plugin: x, retrying in 30s"';

describe('a line in the JSON of a collector', () => {
  test.each<[string, object]>([
    [
      'Cloud Logging',
      {
        insertId: 'x1',
        jsonPayload: { MESSAGE: said, SYSLOG_IDENTIFIER: 'dockerd', _SYSTEMD_UNIT: 'docker.service', _PID: '1022' },
        timestamp: '2026-11-21T06:42:01.5Z',
      },
    ],
    [
      'Elasticsearch',
      { _source: { message: said, '@timestamp': '2026-11-21T06:42:01.5Z', syslog_identifier: 'dockerd', pid: 1022 } },
    ],
    ['Datadog', { attributes: { message: said, timestamp: 1795243321500, service: 'dockerd', pid: '1022' } }],
    [
      'Loki',
      { line: said, timestamp: '1795243321500000000', labels: { unit: 'docker.service', pid: 1022, ident: 'dockerd' } },
    ],
  ])('of %s gives unit, pid, time and message', (_, entry) => {
    expect(parse(entry)).toMatchObject({
      unit: 'dockerd',
      pid: 1022,
      at,
      message: 'Unable to locate plugin: x, retrying in 30s',
    });
  });

  test('may have the prefix of syslog inside', () => {
    const message = 'Nov 21 06:42:01 node-7 containerd[25893]: hello';
    expect(parse({ timestamp: 1795243321000, message, logStreamName: 'ip-10-0-1-7' })).toMatchObject({
      unit: 'containerd',
      pid: 25_893,
      at,
      message: 'hello',
    });
  });

  test.each([1795243321, 1795243321000, 1795243321000000, '2026-11-21T06:42:01Z'])(
    'has its time as %s',
    (timestamp) => {
      expect(parse({ timestamp, message: 'hello' })).toMatchObject({ at, message: 'hello' });
    },
  );

  test.each<[string, object]>([
    ['by its id', { CONTAINER_ID: 'd5', message: said, timestamp: 1795243321000 }],
    ['by its pod', { kubernetes: { pod_name: 'web-1' }, log: said, '@timestamp': '2026-11-21T06:42:01Z' }],
  ])('of a container is of no daemon, known %s', (_, entry) => expect(parse(entry).unit).toBe('other'));

  test.each<[string, object]>([
    ['of containerd, in its own JSON', { level: 'error', msg: 'hello', time: '2026-11-21T06:42:01Z' }],
    ['without a time or a program', { message: said, user: 'x' }],
  ])('%s is none', (_, entry) => {
    expect(parse(entry).message).not.toBe('Unable to locate plugin: x, retrying in 30s');
  });
});
