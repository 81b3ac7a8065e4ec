import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { silentDaemon } from '../../src/rules/silent-daemon.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { NamespaceHolder } from '../../src/sample/mounts.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import { wordsOf } from '../support/findings.ts';
import { kernelReadings } from '../support/kernel-readings.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const judge = (...samples: Sample[]): readonly Finding[] => run([silentDaemon], scenes.modelOf(samples)).findings;
const at = (second: number, dockerd: DaemonValue, containerd = make.containerd(), readings: Readings = {}): Sample =>
  make.sampleAt(second, { daemons: ok(make.daemons(dockerd, containerd), 1), ...readings });

describe('a dockerd that lives and does not answer', () => {
  const silent = (ping: DaemonValue['ping'], ageSeconds = 9000): DaemonValue =>
    make.dockerd({ ping, process: ok(make.daemonProcess({ ageSeconds }), 1) });

  test('is reported after five seconds', () => {
    expect(judge(at(0, silent(failed('GET /_ping: no answer within 5s'))))).toMatchObject([
      { severity: 'critical', title: 'dockerd does not answer', subjects: { pids: [901], daemons: ['dockerd'] } },
    ]);
    const [finding] = judge(at(0, silent(pending(47_000, 'GET /_ping: no answer yet'))));
    expect(finding?.summary).toContain('for 47s now');
    expect(finding?.since).toBe(make.noon - 47_000);
    expect(judge(at(0, silent(pending(4000, 'GET /_ping: no answer yet'))))).toEqual([]);
  });

  test('is to be dumped before it is started anew, and that ends what runs here', () => {
    const containers = ok(make.containers([make.container('a', 'web-1'), make.container('b', 'web-2')]), 1);
    const [finding] = judge(
      at(0, silent(failed('GET /_ping: no answer within 5s')), make.containerd(), { containers }),
    );
    expect(finding?.remedies).toMatchObject([
      { command: 'rtwatch dump dockerd', risk: 'none' },
      {
        command: 'systemctl restart docker',
        risk: 'high',
        text: expect.stringContaining('stops its 2 running containers'),
      },
    ]);
  });

  test('is not one that says no, that may not be asked, or that is only just starting', () => {
    expect(judge(at(0, silent(failed('GET /_ping: permission denied (run as root)'))))).toEqual([]);
    expect(judge(at(0, silent(failed('GET /_ping: HTTP 403'))))).toEqual([]);
    expect(judge(at(0, silent(failed('GET /_ping: no answer within 5s'), 12)))).toEqual([]);
    expect(judge(at(0, silent(absent('no such socket'))))).toEqual([]);
  });
});

describe('a socket that takes a question and gives no answer, with no dockerd to be seen', () => {
  const unseen = (ping: DaemonValue['ping']): DaemonValue => make.dockerd({ ...make.goneDaemon, ping });

  test('is reported after five seconds, with how to find who listens', () => {
    const [finding, ...others] = judge(at(0, unseen(pending(9000, 'GET /_ping: no answer yet'))));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'critical',
      title: 'unix:///var/run/docker.sock does not answer, and no dockerd process is visible',
      subjects: { daemons: ['dockerd'], pids: [] },
    });
    expect(finding?.remedies[0]?.command).toBe('ss -xlp src /var/run/docker.sock');
    expect(judge(at(0, unseen(failed('GET /_ping: no answer within 10s'))))).toHaveLength(1);
  });

  test('does not say that no dockerd runs where another one does', () => {
    const others = [{ name: 'dockerd' as const, pid: 77, sockets: ['unix:///run/other.sock'] }];
    const daemons = ok({ ...make.daemons(unseen(failed('GET /_ping: no answer within 10s'))), others }, 1);
    const [finding] = judge(make.sampleAt(0, { daemons }));
    expect(finding?.title).toBe('unix:///var/run/docker.sock does not answer, and no dockerd process listens there');
    expect(finding?.evidence).toMatchObject([{}, { source: '/proc/77', text: expect.stringContaining('other.sock') }]);
    expect(JSON.stringify(finding)).not.toMatch(/no process named|is visible/);
  });

  test('is not one that was only just asked, refuses, or is not there', () => {
    expect(judge(at(0, unseen(pending(2000, 'GET /_ping: no answer yet'))))).toEqual([]);
    expect(judge(at(0, unseen(failed('GET /_ping: nobody listens (connection refused)'))))).toEqual([]);
    expect(judge(at(0, unseen(failed('GET /_ping: permission denied (run as root)'))))).toEqual([]);
    expect(judge(at(0, unseen(absent('no such socket'))))).toEqual([]);
  });
});

const noDockerd = make.dockerd({
  process: absent('no dockerd process'),
  goroutines: absent('no such socket'),
  ping: failed('GET /_ping: nobody listens (connection refused)'),
  settings: absent('no such socket'),
});
const noContainerd = make.containerd(make.goneDaemon);

describe('daemons that were killed while their shims live on', () => {
  const findings = judge(at(0, noDockerd, noContainerd, kernelReadings('mount-leak')));

  test('are reported although rtwatch came after they died', () => {
    expect(findings).toMatchObject([
      {
        severity: 'critical',
        title: expect.stringMatching(/^dockerd is gone, and \d shims of its containers live on$/),
      },
      { severity: 'critical', title: expect.stringMatching(/^containerd is gone, and \d shims/) },
    ]);
    expect(wordsOf(findings[0])).toContain('no process named dockerd');
    expect(wordsOf(findings[0])).toContain('mount namespace 4026532186');
  });

  test('are to be started with care: without live-restore dockerd ends what it finds', () => {
    expect(findings[0]?.remedies.at(-1)).toMatchObject({
      command: 'systemctl start docker',
      risk: 'high',
      text: expect.stringContaining('live-restore'),
    });
    expect(findings[1]?.remedies.at(-1)).toMatchObject({ command: 'systemctl start containerd', risk: 'low' });
  });

  test.each([
    ['/run/containerd', 'journalctl -u containerd -n 100 --no-pager', 'systemctl start containerd'],
    ['/run/k3s/containerd', 'tail -n 100 /var/lib/rancher/*/agent/containerd/containerd.log', null],
    ['/run/k0s/containerd', 'journalctl -u k0scontroller -u k0sworker -n 100 --no-pager', null],
    [
      '/var/snap/microk8s/common/run/containerd',
      'journalctl -u snap.microk8s.daemon-containerd -n 100 --no-pager',
      'systemctl start snap.microk8s.daemon-containerd',
    ],
  ])('with pods below %s, are started by the unit of that distribution', (state, journal, start) => {
    const id = make.idOf('5');
    const bundle = `${state}/io.containerd.runtime.v2.task/k8s.io/${id}`;
    const pod = make.shim(42, { runtimeNamespace: 'k8s.io', bundleId: id, bundle });
    const [finding] = judge(at(0, noDockerd, noContainerd, { shims: ok(make.shims({ shims: [pod] }), 1) }));
    expect(finding?.remedies.map(({ command }) => command)).toEqual([journal, start]);
    expect(finding?.remedies.at(-1)?.text).not.toContain('docker');
  });
});

const shims = (...list: ShimValue[]): Readings => ({ shims: ok(make.shims({ shims: list }), 1) });
const mounts = (inode: string, holders: NamespaceHolder[]): Readings => ({
  mounts: ok(make.mounts([make.namespace(inode, [make.mount('/x/merged')], { holders })]), 1),
});

describe('a node without dockerd', () => {
  test('may have no engine at all, or only containerd', () => {
    expect(judge(at(0, noDockerd, noContainerd, shims()))).toEqual([]);
    const pods = make.shim(700, { runtimeNamespace: 'k8s.io' });
    expect(judge(at(0, noDockerd, make.containerd(), shims(pods)))).toEqual([]);
    expect(judge(at(0, noDockerd, noContainerd, shims(pods)))).toMatchObject([
      { title: 'containerd is gone, and 1 shim of its containers lives on' },
    ]);
  });

  test('may have shims of a dockerd in a container', () => {
    const inner = make.holder(3000, 'dockerd', { kind: 'daemon', containerId: make.idOf('d') });
    const shim = make.shim(700, { mountNamespace: '42' });
    expect(judge(at(0, noDockerd, make.containerd(), { ...shims(shim), ...mounts('42', [inner]) }))).toEqual([]);
    expect(judge(at(0, noDockerd, make.containerd(), { ...shims(shim), ...mounts('43', [inner]) }))).toHaveLength(1);
  });

  test('may have another dockerd than the one that is asked', () => {
    const other = make.holder(3000, 'dockerd', { kind: 'daemon' });
    const readings = { ...shims(make.shim(700)), ...mounts('43', [other]) };
    expect(judge(at(0, noDockerd, make.containerd(), readings))).toEqual([]);
  });

  test('may answer all the same, from where rtwatch does not see it', () => {
    const remote = make.dockerd({ process: absent('no dockerd process') });
    expect(judge(at(0, remote, make.containerd(), shims(make.shim(700))))).toEqual([]);
  });

  test('may have its containerd inside dockerd, which names its version (29.7, embedded-containerd)', () => {
    const inside = make.containerd({
      ...make.goneDaemon,
      version: ok({ version: '2.3.4', goVersion: null, product: null }, 1),
    });
    const left = shims(make.shim(700, { runtimeNamespace: 'moby' }));
    expect(judge(at(0, make.dockerd(), inside, left))).toEqual([]);
    const unknown = make.containerd({ ...make.goneDaemon, version: absent('only the engine’s API reports versions') });
    expect(judge(at(0, make.dockerd(), unknown, left))).toMatchObject([{ subjects: { daemons: ['containerd'] } }]);
  });

  test('of docker 18.06 has a containerd of another name', () => {
    const old = make.shim(700, { comm: 'docker-containe', runtimeNamespace: 'moby' });
    expect(judge(at(0, make.dockerd(), noContainerd, shims(old)))).toEqual([]);
  });
});

describe('a daemon that was there', () => {
  test('is gone at once, also without containers', () => {
    const [finding, ...others] = judge(
      at(0, make.dockerd()),
      at(7, noDockerd, make.containerd(), shims()),
      at(9, noDockerd),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ title: 'dockerd is gone', since: make.noon + 7000 });
    expect(finding?.summary).toContain('dockerd (pid 901) has exited');
  });

  test('and came again is not gone', () => {
    expect(judge(...scenes.restarted)).toEqual([]);
  });
});

test('a dockerd is not blamed for an address at which nothing listens', () => {
  const named = make.dockerd({
    endpoint: 'tcp://127.0.0.1:1',
    ping: failed('GET /_ping: nothing listens on 127.0.0.1:1 (connection refused)'),
    process: ok(make.daemonProcess({ ageSeconds: 9000 }), 1),
  });
  expect(judge(at(0, named))).toEqual([]);
  expect(judge(at(0, { ...named, ping: failed('GET /_ping: no answer within 5s') }))).toHaveLength(1);
});

describe('one of two containerds whose sockets share a folder', () => {
  const lab = make.containerd({ name: 'containerd-lab', process: ok(make.daemonProcess({ pid: 891 }), 1) });
  const left = (folder: string): Readings => ({
    cri: ok(make.cri({ socket: 'unix:///run/lab/one/containerd.sock' }), 1),
    ...shims(make.shim(700, { bundle: `/run/lab/${folder}/io.containerd.runtime.v2.task/moby/x` })),
  });
  const both = (second: number, one: DaemonValue, folder: string): Sample =>
    make.sampleAt(second, {
      daemons: ok(make.daemons(make.dockerd(), make.containerd(), one), 1),
      ...left(folder),
    });
  const judgeWith = (folder: string): readonly Finding[] =>
    judge(both(0, lab, folder), both(7, { ...lab, ...make.goneDaemon }, folder));

  test('is not gone from the containers of the one that lives', () => {
    expect(judgeWith('one')).toMatchObject([{ title: 'containerd-lab is gone', subjects: { pids: [] } }]);
    expect(judgeWith('two')).toMatchObject([{ subjects: { pids: [700] } }]);
  });

  test('is found in the journal by its program, and has no unit that rtwatch knows', () => {
    expect(judgeWith('one')[0]?.remedies.map(({ command }) => command)).toEqual([
      'journalctl _COMM=containerd -n 100 --no-pager',
      null,
    ]);
    expect(judgeWith('one')[0]?.evidence[0]?.text).toBe('no process of containerd-lab');
  });
});

test('it cannot be judged without the daemons', () => {
  const lost = scenes.modelOf([make.sampleAt(0, { daemons: failed('/proc/uptime: EACCES') })]);
  expect(run([silentDaemon], lost).unknown).toMatchObject([{ id: 'silent-daemon', matters: true }]);
});

describe('a dockerd that was stopped, and that systemd starts at a request', () => {
  const reason = 'dockerd does not run; systemd starts it at the first request to /run/docker.sock';
  const stopped = make.dockerd({
    ...make.goneDaemon,
    process: absent(reason),
    ping: absent(reason),
    startsOnRequest: true,
  });

  test('is calm, also after it was seen to run', () => {
    expect(judge(at(0, stopped, make.containerd(), shims()))).toEqual([]);
    expect(judge(at(0, make.dockerd()), at(7, stopped, make.containerd(), shims()), at(9, stopped))).toEqual([]);
  });

  test('is not calm where it crashed: shims of its containers live on', () => {
    const left = shims(make.shim(700, { runtimeNamespace: 'moby' }));
    expect(judge(at(0, make.dockerd()), at(7, stopped, make.containerd(), left))).toMatchObject([
      { severity: 'critical', title: 'dockerd is gone, and 1 shim of its containers lives on' },
    ]);
  });
});

describe('a service of Podman', () => {
  const podman = (change: Partial<DaemonValue> = {}): DaemonValue =>
    make.dockerd({
      engine: 'podman',
      endpoint: 'unix:///run/podman/podman.sock',
      version: failed('GET /version: no answer within 5s'),
      ping: failed('GET /_ping: no answer within 5s'),
      ...change,
    });

  test('that lives and does not answer is called podman, and no remedy is Docker’s', () => {
    const [finding, ...others] = judge(at(0, podman()));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: 'podman does not answer',
      subjects: { daemons: ['podman'], pids: [901] },
      remedies: [{ command: 'timeout 10 podman ps' }, { command: 'kill -QUIT 901', risk: 'low' }],
    });
    expect(JSON.stringify(finding)).not.toMatch(/docker(?!\.sock)/i);
  });

  test('that a signal stopped is continued', () => {
    const process = ok(make.daemonProcess({ state: 'T', ageSeconds: 9000 }), 1);
    expect(judge(at(0, podman({ process })))).toMatchObject([
      { title: 'podman does not answer: a signal stopped its service', remedies: [{ command: 'kill -CONT 901' }] },
    ]);
  });

  test('whose process is not in sight names the socket', () => {
    const [finding] = judge(at(0, podman({ process: absent('no podman process') })));
    expect(finding?.summary).toContain('The API at unix:///run/podman/podman.sock does not answer');
    expect(finding?.remedies.map(({ command }) => command)).toEqual(['timeout 10 podman ps']);
  });

  test('of a user without root is asked as that user', () => {
    const [finding] = judge(at(0, podman({ endpoint: 'unix:///run/user/1000/podman/podman.sock' })));
    expect(finding?.remedies[0]?.command).toBe("sudo -u '#1000' XDG_RUNTIME_DIR=/run/user/1000 timeout 10 podman ps");
    expect(finding?.remedies[1]?.text).toContain('journalctl _SYSTEMD_USER_UNIT=podman.service _UID=1000');
  });

  test('that answers, or has exited, is calm: the containers and the command do without it', () => {
    expect(judge(at(0, podman({ ping: ok({ ms: 3 }, 3) })))).toEqual([]);
    expect(judge(at(0, podman()), at(7, podman(make.goneDaemon)))).toHaveLength(0);
  });
});
