import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContainerInspect } from '../../../src/parse/engine/inspect.ts';
import { expectToBear } from '../any-text.ts';

/** As dockerd 20.10.24 told it of a container whose removal failed; what is not read is left out. */
const dead = {
  Id: '826a06754ed4b523d528980b0056bffcdce2da7676f9e9184d2493ecefb110f4',
  State: {
    Status: 'dead',
    Running: false,
    Dead: true,
    Pid: 0,
    ExitCode: 137,
    Error:
      'container 826a06754ed4: driver "overlay2" failed to remove root filesystem: unlinkat /var/lib/docker/overlay2/b5bc/diff/pinned: operation not permitted',
    StartedAt: '2026-11-21T07:02:02.733950979Z',
    FinishedAt: '2026-11-21T07:03:29.909666946Z',
  },
  Name: '/web-3',
  RestartCount: 7,
  HostConfig: { LogConfig: { Type: 'json-file', Config: { 'max-file': '5', 'max-size': '50m' } }, Init: true },
  GraphDriver: { Name: 'overlay2', Data: { MergedDir: '/var/lib/docker/overlay2/b5bc/merged' } },
  Mounts: [
    { Type: 'bind', Source: '/srv/data', Destination: '/data', Mode: '', RW: true, Propagation: 'rprivate' },
    { Type: 'volume', Name: 'x', Source: '/var/lib/docker/volumes/x/_data', Destination: '/x', Propagation: '' },
  ],
  Config: { StopTimeout: 30, Labels: {} },
};

const logging = (Type: string, Config: object = {}) =>
  parseContainerInspect({ ...dead, HostConfig: { LogConfig: { Type, Config } } });

describe('an inspect', () => {
  test('gives state, times, stop timeout, init, log, layer and mounts', () => {
    expect(parseContainerInspect(dead)).toEqual({
      status: 'dead',
      pid: 0,
      error: dead.State.Error,
      startedAt: Date.UTC(2026, 10, 21, 7, 2, 2, 733),
      stopTimeoutSeconds: 30,
      init: true,
      logDriver: 'json-file',
      logRotated: true,
      restarts: 7,
      mergedDir: '/var/lib/docker/overlay2/b5bc/merged',
      mounts: [
        { type: 'bind', source: '/srv/data', destination: '/data', propagation: 'rprivate' },
        { type: 'volume', source: '/var/lib/docker/volumes/x/_data', destination: '/x', propagation: '' },
      ],
    });
  });

  test('has nothing to report of what never happened, or is not set', () => {
    const { State } = dead;
    const never = { ...State, FinishedAt: '0001-01-01T00:00:00Z', StartedAt: '' };
    expect(parseContainerInspect({ State: never })).toMatchObject({
      startedAt: null,
      stopTimeoutSeconds: null,
      init: false,
      logDriver: null,
      logRotated: null,
      restarts: 0,
      mergedDir: null,
      mounts: [],
    });
    expect(parseContainerInspect({ State, Config: { StopTimeout: 0 } }).stopTimeoutSeconds).toBe(0);
  });

  test('says whether the log is rotated', () => {
    expect(logging('json-file', { 'max-size': '10m' }).logRotated).toBe(true);
    expect(logging('json-file').logRotated).toBe(false);
    expect(logging('json-file', { 'max-size': '-1' }).logRotated).toBe(false);
    for (const driver of ['local', 'journald', 'syslog', 'none']) expect(logging(driver).logRotated).toBe(true);
  });

  test('keeps a long list of mounts, and a long error, within bounds', () => {
    const parsed = parseContainerInspect({
      State: { ...dead.State, Error: 'x'.repeat(100_000) },
      Mounts: Array.from({ length: 5000 }, () => dead.Mounts[0]),
    });
    expect(parsed.error).toHaveLength(2000);
    expect(parsed.mounts).toHaveLength(64);
  });

  test.each([null, undefined, [], 'x', 7, {}, { State: null }, { State: { Status: 5 } }, { message: 'no' }])(
    'that is %j is refused',
    (answer) => {
      expect(() => parseContainerInspect(answer)).toThrow('no state in the engine’s inspect');
    },
  );
});

test('any JSON gives an inspect with every field, or is refused', () => {
  const json = fc.jsonValue();
  const answer = fc.record(
    {
      State: fc.record({ Status: fc.string(), Pid: json, Error: json, StartedAt: json, FinishedAt: json }),
      Config: fc.oneof(fc.record({ StopTimeout: json }), json),
      HostConfig: fc.oneof(fc.record({ LogConfig: json, Init: json }), json),
      GraphDriver: json,
      Mounts: fc.oneof(fc.array(json), json),
    },
    { requiredKeys: ['State'] },
  );
  fc.assert(
    fc.property(answer, (parsed) => {
      const inspect = parseContainerInspect(parsed);
      expect(inspect.pid).toBeGreaterThanOrEqual(0);
      expect(inspect.error).toBeTypeOf('string');
      for (const { type, source, destination, propagation } of inspect.mounts) {
        for (const text of [type, source, destination, propagation]) expect(text).toBeTypeOf('string');
      }
    }),
    { numRuns: 500 },
  );
});

test('a damaged answer is an inspect or an error on purpose', () => {
  const parse = (text: string): unknown => {
    let json: unknown = null;
    try {
      json = JSON.parse(text);
    } catch {
      return null;
    }
    return parseContainerInspect(json);
  };
  expectToBear(parse, [JSON.stringify(dead)]);
});
