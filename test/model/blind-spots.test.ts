import { describe, expect, test } from 'vitest';
import { blindSpots } from '../../src/model/blind-spots.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import { overall } from '../../src/view/report/overall.ts';
import { statusLine } from '../../src/view/report/status-line.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const seen = (readings: Readings) => scenes.modelOf([make.sampleAt(0, readings)]);
const nested = ok(make.host({ pidNamespace: 'nested' }), 1);
const noDaemon = ok(make.daemons(make.dockerd({ process: absent('no dockerd process') })), 1);
const noShims = ok(make.shims(), 1);
const nothing = { findings: [], unknown: [] };

describe('a PID namespace that is not the host’s', () => {
  test('is a blind spot where no container runtime is in it', () => {
    const model = seen({ host: nested, daemons: noDaemon, shims: noShims });
    expect(blindSpots(model)).toEqual([
      expect.objectContaining({ id: 'pid-namespace', remedy: 'run the container with --pid=host' }),
    ]);
    expect(overall(model, nothing)).toBe('unknown');
  });

  test('is a node of its own where a runtime runs in it, as in kind', () => {
    expect(blindSpots(seen({ host: nested, daemons: ok(make.daemons(), 1), shims: noShims }))).toEqual([]);
    expect(
      blindSpots(seen({ host: nested, daemons: noDaemon, shims: ok(make.shims({ shims: [make.shim(70)] }), 1) })),
    ).toEqual([]);
  });

  test('is not assumed of a host without a runtime, or where the namespace is not known', () => {
    for (const pidNamespace of ['host', null] as const) {
      const host = ok(make.host({ pidNamespace }), 1);
      const model = seen({ host, daemons: noDaemon, shims: noShims });
      expect(blindSpots(model)).toEqual([]);
      expect(overall(model, nothing)).toBe('ok');
    }
  });
});

describe('a debug endpoint', () => {
  const kubelet = (change: Parameters<typeof make.dockerd>[0]) =>
    seen({
      daemons: ok(make.daemons(make.dockerd({ name: 'kubelet', endpoint: 'unix:///x', ...change })), 1),
    });

  test('that was named and gives nothing is a blind spot', () => {
    for (const goroutines of [absent('no such socket: /x'), failed('GET /debug/pprof/: HTTP 404')]) {
      const [spot] = blindSpots(kubelet({ named: true, goroutines }));
      expect(spot?.because).toContain(`--pprof, and unix:///x gives no goroutine count: ${goroutines.detail}`);
    }
  });

  test('that answers, or that was not requested, is no blind spot', () => {
    expect(blindSpots(kubelet({ named: true }))).toEqual([]);
    expect(blindSpots(kubelet({ goroutines: absent('no such socket: /x') }))).toEqual([]);
  });
});

describe('a container engine', () => {
  const because = 'no container engine at unix:///none.sock';

  test('that was named and is not there is a blind spot, which the first line of a report names', () => {
    const model = seen({ containers: failed(because) });
    expect(blindSpots(model)).toEqual([{ id: 'containers', because, remedy: null }]);
    expect(statusLine(model, nothing)).toBe(`UNKNOWN: ${because}`);
  });

  test('that was only assumed is none', () => {
    expect(blindSpots(seen({ containers: absent(because) }))).toEqual([]);
  });
});

describe('a log', () => {
  const log = (change: object) =>
    seen({
      logs: ok(
        make.logs({ origins: [{ name: '/a.log', reading: absent('/a.log is not there'), named: false, ...change }] }),
        1,
      ),
    });

  test('that was named and is not there is a blind spot', () => {
    expect(blindSpots(log({ named: true }))).toEqual([
      { id: 'log /a.log', because: expect.stringContaining('/a.log is not there'), remedy: null },
    ]);
  });

  test('that was only looked for is none', () => {
    expect(blindSpots(log({}))).toEqual([]);
  });
});

test('a root that was named and is not there keeps a calm node from being ok', () => {
  const model = seen({
    host: ok(make.host({ missingRoots: ['--rootfs /host'] }), 1),
    daemons: noDaemon,
    shims: noShims,
  });
  expect(blindSpots(model)).toMatchObject([{ because: '--rootfs /host is not a directory that can be read' }]);
  expect(overall(model, nothing)).toBe('unknown');
});
