import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { riskyConfiguration } from '../../src/rules/risky-configuration.ts';
import type { ContainerInspect } from '../../src/sample/containers.ts';
import type { NamespaceHolder } from '../../src/sample/mounts.ts';
import { ok, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([riskyConfiguration], scenes.modelOf(scene)).findings;
const node = (readings: Readings, seconds = 0): readonly Finding[] =>
  judge([0, seconds].map((second) => make.sampleAt(second, { daemons: ok(make.daemons(), 1), ...readings })));

const inspectedContainers = (changes: Readonly<Record<string, Partial<ContainerInspect>>>): Readings => ({
  containers: ok(
    make.containers(
      Object.entries(changes).map(([id, change]) =>
        make.container(id, `c-${id}`, { inspect: ok(make.inspected(change), 1) }),
      ),
    ),
    1,
  ),
});

test('a healthy node has none', () => {
  expect(judge(scenes.healthy)).toEqual([]);
  expect(judge(scenes.bare)).toEqual([]);
});

describe('container logs are not rotated', () => {
  test('of one container and of several are reported in good grammar', () => {
    const text = (...ids: string[]) =>
      node(inspectedContainers(Object.fromEntries(ids.map((id) => [id, { logRotated: false }]))))[0]?.summary;
    expect(text('a')).toContain('The log of c-a (json-file) grows until');
    expect(text('a', 'b')).toContain('The logs of c-a and c-b (json-file) grow until');
  });

  test('says how many containers were inspected, until all were', () => {
    const known = { inspect: ok(make.inspected({ logRotated: false }), 1) };
    const partly = make.containers([make.container('a', 'c-a', known), make.container('b', 'c-b')]);
    expect(node({ containers: ok(partly, 1) })[0]?.summary).toContain('So far 1 of 2 containers are inspected.');
    expect(node(inspectedContainers({ a: { logRotated: false } }))[0]?.summary).not.toContain('inspected');
  });

  test('of an engine that is not Docker’s are not remedied in daemon.json', () => {
    const podman = make.dockerd({
      version: ok({ version: '4.3.1', goVersion: null, product: 'Podman Engine' }, 1),
      settings: ok(make.settings({ loggingDriver: '' }), 1),
    });
    const [finding] = node({
      daemons: ok(make.daemons(podman), 1),
      ...inspectedContainers({ a: { logRotated: false } }),
    });
    const remedies = (finding?.remedies ?? []).map(({ text }) => text).join();
    expect(remedies).toBe('Set log_size_max in containers.conf; new containers have it.');
    expect(remedies).not.toContain('daemon.json');
    expect(finding?.evidence.map(({ source }) => source)).not.toContain('GET /info');
  });

  test('are remedied for either engine while it has not said which one it is', () => {
    const text = (...daemons: Parameters<typeof make.daemons>) =>
      node({ daemons: ok(make.daemons(...daemons), 1), ...inspectedContainers({ a: { logRotated: false } }) })
        .flatMap(({ remedies }) => remedies.map(({ text }) => text))
        .join();
    expect(text(make.dockerd({ version: pending(100, 'no answer yet') }))).toMatch(
      /^Docker: .*daemon\.json.*Podman: set/,
    );
    expect(text(make.dockerd())).toMatch(/daemon\.json/);
    expect(text(make.dockerd())).not.toContain('Podman');
  });

  test('are reported once for all containers, with the engine’s default', () => {
    const findings = node(inspectedContainers({ a: { logRotated: false }, b: { logRotated: false }, c: {} }));
    expect(findings).toMatchObject([
      {
        severity: 'info',
        title: 'Settings of containers that can go wrong: container logs are not rotated',
        subjects: { containers: [make.idOf('a'), make.idOf('b')] },
      },
    ]);
    expect(findings[0]?.summary).toContain('logs of c-a and c-b');
    expect(findings[0]?.summary).toContain('json-file is the engine’s default here');
    expect(findings[0]?.evidence.map(({ text }) => text)).toEqual([
      'c-a: json-file without max-size',
      'c-b: json-file without max-size',
      'LoggingDriver json-file',
    ]);
  });

  test('are not supposed where inspect does not say so', () => {
    expect(node(inspectedContainers({ a: { logRotated: null } }))).toEqual([]);
    expect(node({ containers: ok(make.containers([make.container('a', 'web')]), 1) })).toEqual([]);
  });
});

describe('a container whose first process does not reap', () => {
  const zombie = { containerId: make.idOf('c'), parentIsInit: true };
  const with_ = (count: number, change: Partial<ContainerInspect> = {}, seconds = 12): readonly Finding[] =>
    node(
      {
        ...inspectedContainers({ c: change }),
        processes: ok(make.processes(Array.from({ length: count }, (_, n) => make.zombie(300 + n, zombie))), 1),
      },
      seconds,
    );

  test('is reported by the first zombie that stays; three are another finding', () => {
    expect(with_(1)).toMatchObject([{ title: 'Settings of containers that can go wrong: no init that reaps' }]);
    expect(with_(3)).toEqual([]);
  });

  test('is not when the zombie is young, or there is an init', () => {
    expect(with_(1, {}, 9)).toEqual([]);
    expect(with_(1, { init: true })).toEqual([]);
  });
});

describe('a daemon', () => {
  test('with few descriptors is reported', () => {
    const limit = (fdLimit: number | null): readonly Finding[] =>
      node({ daemons: ok(make.daemons(make.dockerd({ process: ok(make.daemonProcess({ fdLimit }), 1) })), 1) });
    expect(limit(4097)).toEqual([]);
    expect(limit(null)).toEqual([]);
    expect(limit(1024)).toMatchObject([
      {
        title: 'Settings of dockerd that can go wrong: 1,024 file descriptors',
        subjects: { daemons: ['dockerd'] },
        remedies: [{ command: 'prlimit --pid 901 --nofile=1048576:1048576', risk: 'low' }],
      },
    ]);
  });

  const slave = (shims: NamespaceHolder[], liveRestore = true): readonly Finding[] =>
    node({
      daemons: ok(make.daemons(make.dockerd({ settings: ok(make.settings({ liveRestore }), 1) })), 1),
      mounts: ok(
        make.mounts(
          [
            make.namespace('4026531840', [], { host: true }),
            make.namespace('4026531841', [], {
              holders: [make.holder(901, 'dockerd', { kind: 'daemon', unit: 'docker.service' }), ...shims],
            }),
          ],
          {
            units: [
              {
                unit: 'docker.service',
                mountFlags: 'slave',
                namespaced: [],
                killMode: 'process',
                files: ['/usr/lib/systemd/system/docker.service'],
              },
            ],
          },
        ),
        1,
      ),
    });

  test('with MountFlags=slave and live-restore is reported while no container runs', () => {
    expect(slave([])).toMatchObject([
      { title: 'Settings of dockerd that can go wrong: MountFlags=slave with live-restore' },
    ]);
    expect(slave([], false)).toEqual([]);
  });
});

describe('a kernel that loses memory groups', () => {
  const kernel = (slabs: number): readonly Finding[] =>
    node({
      host: ok(make.host({ kernel: '3.10.0-957.el7.x86_64' }), 1),
      cgroups: ok(
        make.cgroups({
          memory: {
            counted: 140,
            visible: 120,
            dying: 20,
            elsewhere: 118,
            nokmem: false,
            accounting: { path: 'docker/x', usageBytes: 0, slabs },
          },
        }),
        1,
      ),
    });

  test('is reported before anything has piled up, and not when nothing is accounted', () => {
    expect(kernel(20)).toMatchObject([{ title: 'Settings of the node that can go wrong: kernel memory accounting' }]);
    expect(kernel(20)[0]?.summary).toContain('20 groups so far');
    expect(kernel(0)).toEqual([]);
  });
});

test('each subject has one finding, with all its reasons', () => {
  const findings = node(
    {
      ...inspectedContainers({ a: { logRotated: false }, c: {} }),
      daemons: ok(
        make.daemons(make.dockerd({ process: ok(make.daemonProcess({ fdLimit: 1024 }), 1) }), make.containerd()),
        1,
      ),
      processes: ok(make.processes([make.zombie(300, { containerId: make.idOf('c'), parentIsInit: true })]), 1),
    },
    12,
  );
  expect(findings.map(({ title }) => title)).toEqual([
    'Settings of dockerd that can go wrong: 1,024 file descriptors',
    'Settings of containers that can go wrong: container logs are not rotated and no init that reaps',
  ]);
  expect(findings[1]?.remedies).toHaveLength(2);
});

test('nothing is judged where the daemons are unknown, and that does not matter', () => {
  expect(run([riskyConfiguration], scenes.modelOf(scenes.broken)).unknown).toMatchObject([
    { id: 'risky-configuration', matters: false },
  ]);
});
