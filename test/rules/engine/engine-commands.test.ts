import { describe, expect, test } from 'vitest';
import type { Model } from '../../../src/model/model.ts';
import { initWays, onThisEngine, withInitWays, withSocket } from '../../../src/rules/engine/engine-commands.ts';
import { absent, ok } from '../../../src/sample/reading.ts';
import type { Readings } from '../../../src/sample/sample.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const id = make.idOf('a');
const short = id.slice(0, 12);
const none = ok(make.daemons(make.dockerd(make.goneDaemon), make.containerd()), 1);
const nodeOf = (readings: Readings): Model => modelOf([make.sampleAt(0, readings)]);
const below = (runtimeNamespace: string, readings: Readings = {}): Model => {
  const shim = make.shim(42, { runtimeNamespace, bundleId: id, containers: [make.containerTasks('a')] });
  return nodeOf({ daemons: none, shims: ok(make.shims({ shims: [shim] }), 1), ...readings });
};
const docker = nodeOf({
  daemons: ok(make.daemons(), 1),
  containers: ok(make.containers([make.container('a', 'web-1')]), 1),
});

describe('a command for a container', () => {
  test.each([
    ['of Docker', docker, `docker restart ${short}`],
    ['that is nowhere known', nodeOf({ daemons: none }), `docker restart ${short}`],
    ['of dockerd, which is away', below('moby'), `docker restart ${short}`],
    ['of a pod below containerd', below('k8s.io'), `crictl stop ${short}`],
    ['of a pod below CRI-O', below('cri-o'), `crictl stop ${short}`],
    ['of Podman', below('podman'), `podman restart ${short}`],
    ['of nerdctl', below('default'), `nerdctl --namespace default restart ${short}`],
  ])('%s is that of its engine', (_, node, expected) => {
    expect(onThisEngine(`docker restart ${short}`, null, node)).toBe(expected);
  });

  test('removes by force alike', () => {
    expect(onThisEngine(`docker rm -f ${short}`, null, below('k8s.io'))).toBe(`crictl rm -f ${short}`);
    expect(onThisEngine(`docker rm ${short}`, null, below('podman'))).toBe(`podman rm ${short}`);
    expect(onThisEngine(`docker rm ${short}`, null, docker)).toBe(`docker rm ${short}`);
  });

  test('without its name is about the container of the finding', () => {
    const paused = 'docker ps --filter status=paused';
    expect(onThisEngine(paused, id, docker)).toBe(paused);
    expect(onThisEngine(paused, null, docker)).toBe(paused);
    expect(onThisEngine(paused, id, below('podman'))).toBe('podman ps --filter status=paused');
    expect(onThisEngine(paused, id, below('k8s.io'))).toBeNull();
  });

  test('is podman’s where Podman answers as the engine', () => {
    const version = ok({ version: '4.9.4', goVersion: null, product: 'Podman Engine' }, 1);
    const node = nodeOf({
      daemons: ok(make.daemons(make.dockerd({ version })), 1),
      containers: ok(make.containers([make.container('a', 'web-1')]), 1),
    });
    expect(onThisEngine(`docker restart ${short}`, null, node)).toBe(`podman restart ${short}`);
  });
});

describe('an init that reaps', () => {
  const text = `Run it with one (${initWays}).`;

  test.each([
    ['of Docker', docker, 'docker run --init'],
    ['of Podman', below('podman'), '(podman run --init, tini in the image)'],
    ['of a pod', below('k8s.io'), '(shareProcessNamespace: true in'],
    ['of nerdctl', below('default'), '(nerdctl run --init'],
  ])('is what a container %s can have', (_, node, expected) => {
    const said = withInitWays(text, id, node);
    expect(said).toContain(expected);
    if (node !== docker) expect(said).not.toContain('docker');
    expect(withInitWays('Another sentence.', id, node)).toBe('Another sentence.');
  });
});

describe('a command for all images', () => {
  const prune = 'docker system prune || crictl rmi --prune';

  test.each([
    ['beside Docker', docker, prune],
    ['on a node of which nothing is known', nodeOf({ daemons: none }), prune],
    ['on a node of a cluster', below('k8s.io'), 'crictl rmi --prune'],
    [
      'with the service of Podman',
      nodeOf({ daemons: ok(make.daemons(make.dockerd({ engine: 'podman' })), 1) }),
      'podman system prune',
    ],
    ['with Podman alone', below('podman'), 'podman system prune'],
    ['with nerdctl alone', below('default'), 'nerdctl --namespace default system prune'],
  ])('%s', (_, node, expected) => {
    expect(onThisEngine(prune, null, node)).toBe(expected);
  });

  test('reloads no dockerd that is not there', () => {
    expect(onThisEngine('systemctl reload docker', null, docker)).toBe('systemctl reload docker');
    expect(onThisEngine('systemctl reload docker', null, below('k8s.io'))).toBeNull();
  });
});

describe('the socket of the runtime', () => {
  const k3s = 'unix:///run/k3s/containerd/containerd.sock';
  const nodeWith = (change: Parameters<typeof make.cri>[0]): Model => nodeOf({ cri: ok(make.cri(change), 1) });

  test('is named where the tools do not try it by themselves', () => {
    const node = nodeWith({ socket: k3s });
    expect(withSocket('timeout 10 crictl inspect abc', node)).toBe(`timeout 10 crictl -r ${k3s} inspect abc`);
    expect(withSocket('ctr -n k8s.io images check', node)).toBe(
      'ctr -a /run/k3s/containerd/containerd.sock -n k8s.io images check',
    );
    expect(withSocket('cat /proc/1/stack', node)).toBe('cat /proc/1/stack');
  });

  test.each([
    ['the usual one', nodeWith({})],
    ['that of CRI-O', nodeWith({ socket: 'unix:///var/run/crio/crio.sock' })],
    ['one without the CRI', nodeWith({ socket: k3s, sandboxList: absent('no CRI') })],
    ['no runtime that is asked', nodeOf({})],
    [
      'one of several',
      nodeOf({ cri: ok({ runtimes: [...make.cri().runtimes, ...make.cri({ socket: k3s }).runtimes] }, 1) }),
    ],
  ])('is not named of %s', (_, node) => {
    expect(withSocket('crictl rmi --prune', node)).toBe('crictl rmi --prune');
  });
});
