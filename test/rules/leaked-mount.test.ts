import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { leakedMount } from '../../src/rules/leaked-mount.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import { wordsOf } from '../support/findings.ts';
import { captured, mountBusy, mountsOf, nodeAt, reported, reportedNode } from '../support/mount-worlds.ts';
import * as make from '../support/samples.ts';
import { modelOf, type Scene } from '../support/scenes.ts';

const judge = (scene: Scene): readonly Finding[] => run([leakedMount], modelOf(scene)).findings;
const commands = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ remedies }) => remedies.flatMap(({ command }) => command ?? []));

describe('a pod that stays Terminating, because the mount of its container is held by shims of others', () => {
  const findings = judge([reportedNode()]);
  const [first] = findings;

  test('is reported with the container, its mount, the four shims and their namespace', () => {
    expect(first).toMatchObject({
      severity: 'critical',
      confidence: 'certain',
      title: 'The mount of default/pod-976a0-5/stupig is held by 4 shims: removal fails',
      subjects: {
        containers: [reported.container],
        pids: reported.shims,
        mounts: [`/var/lib/docker/overlay2/${reported.layer}/merged`],
      },
    });
    expect(wordsOf(first)).toContain('mount namespace 4026532512');
  });

  test('is explained by the restart of dockerd and the pair of settings', () => {
    const text = wordsOf(first);
    expect(text).toContain(
      'kernel 3.10.0-514.16.1.el7.x86_64 refuses to remove a directory that any namespace has mounted',
    );
    expect(text).toContain('dockerd (pid 34836) lives in mount namespace 4026532630, 4 shims');
    expect(text).toMatch(/All 4 shims are older than dockerd, by up to \d+[dhms]/);
    expect(text).toContain('docker.service sets MountFlags=slave (/usr/lib/systemd/system/docker.service)');
    expect(text).toContain('MountFlags=slave and live-restore must not be combined (moby issue 35873)');
    expect(text).toContain('device or resource busy');
  });

  test('comes with the command that frees it', () => {
    expect(first?.remedies).toMatchObject([
      {
        command: `nsenter -t 22283 -m -- umount /var/lib/docker/overlay2/${reported.layer}/merged`,
        risk: 'low',
        text: expect.stringContaining('It breaks nothing'),
      },
      { command: expect.stringMatching(/^docker rm [0-9a-f]{12}$/), text: 'Then remove it again.', risk: 'low' },
    ]);
  });

  test('will happen to the running containers whose mounts dockerd does not see either', () => {
    expect(findings).toHaveLength(2);
    expect(findings[1]).toMatchObject({
      severity: 'warning',
      title: 'The mounts of 4 containers are out of the daemon’s sight, in the namespace of 4 shims',
      subjects: { containers: reported.others },
      // They would lose their files.
      remedies: [],
    });
    expect(findings[1]?.summary).toContain('will fail with EBUSY');
  });
});

describe('mounts held by a backup job beside dockerd, and by a scanner', () => {
  const { ids } = mountBusy;
  const findings = judge(captured('mount-busy-t2', mountBusy.failed));

  test('are reported once for all the containers that cannot be removed', () => {
    expect(findings).toMatchObject([
      {
        severity: 'critical',
        confidence: 'certain',
        title: 'The mounts of 3 containers are held by the host: removal fails',
        subjects: { containers: [ids.stupig, ids.web2, ids.batch1], pids: [10_695] },
      },
      {
        severity: 'warning',
        title: 'The mount of web-3 is held by the host and scan-agent.service',
        summary: expect.stringMatching(/^The removal of web-3 fails for another reason\./),
      },
    ]);
    expect(findings[0]?.summary).toMatch(/^The removal of 3 containers \(.*\) fails with EBUSY/);
    expect(findings[0]?.summary).not.toContain('web-3');
    // Only the copy in dockerd's own namespace stops the removal on this kernel.
    expect(findings[0]?.evidence.find(({ text }) => text.startsWith('scan-agent.service'))?.text).toContain(
      'this copy does not stop the removal',
    );
    expect(findings[0]?.subjects.mounts).toContain(`/mnt/backup/overlay2/${mountBusy.layers.web2}/merged`);
    expect(findings[0]?.subjects.mounts).toContain('/mnt/scan/a');
  });

  test('are freed where they block, and where they stay; copies that go with the directory need nothing', () => {
    const [host, immutable] = commands(findings).filter((command) => command.startsWith('nsenter -t 9037 '));
    const [again, scanner, restart] = commands(findings).filter((command) => !command.startsWith('nsenter -t 9037 '));
    expect(host).toMatch(/^nsenter -t 9037 -m -- umount \/mnt\/backup\/overlay2\/992a\S+\/merged /);
    expect(host?.split(' ').slice(6)).toHaveLength(3);
    expect(immutable?.split(' ').slice(6)).toHaveLength(1);
    expect(again).toMatch(/^docker rm( [0-9a-f]{12}){3}$/);
    expect(scanner).toBe('nsenter -t 10695 -m -- umount /mnt/scan/a /mnt/scan/b');
    expect(restart).toBe('systemctl restart scan-agent.service');
  });

  test('do not come with the copies of running containers', () => {
    const all = JSON.stringify(findings);
    expect(all).not.toContain(mountBusy.ids.cadvisor);
    expect(all).not.toContain('4026532624');
  });

  test('of containers that are gone cost their disk space', () => {
    const later = judge(captured('mount-busy-t4', mountBusy.later));
    expect(later).toMatchObject([
      {
        severity: 'warning',
        confidence: 'likely',
        title: 'The mounts of 2 containers are held by scan-agent.service',
        subjects: { pids: [10_695], mounts: ['/mnt/scan/a', '/mnt/scan/b'] },
      },
    ]);
    expect(later[0]?.summary).toContain('disk space');
  });

  test('are none while all is well, although cadvisor has a copy of every layer', () => {
    expect(judge(captured('mount-busy-t0', mountBusy.healthy))).toEqual([]);
  });
});

test('without the list of the engine the rule judges in part, and says so', () => {
  const unknownOf = (containers: Readings['containers']): readonly string[] =>
    run(
      [leakedMount],
      modelOf([
        make.sampleAt(0, {
          mounts: ok(make.mounts([]), 1),
          shims: ok(make.shims(), 1),
          ...(containers && { containers }),
        }),
      ]),
    ).unknown.map(({ because }) => because);
  expect(unknownOf(failed('no answer within 5s'))).toEqual(['judged in part, containers: no answer within 5s']);
  expect(unknownOf(absent('no container engine'))).toEqual([]);
  expect(unknownOf(ok(make.containers([]), 1))).toEqual([]);
});

describe('network namespaces left in the namespace of a former dockerd', () => {
  const left = (running: number): readonly Finding[] =>
    judge([
      nodeAt(0, {
        mounts: mountsOf('mount-leak'),
        containers: [
          ...Array.from({ length: running }, (_, n) => make.container(`${n}a`, `web-${n}`)),
          make.container('e', 'old', { state: 'exited' }),
        ],
        dockerd: [7365, '4026532698'],
      }),
    ]);

  test('are those that no running container can account for', () => {
    expect(left(3)).toMatchObject([
      { severity: 'warning', title: '3 network namespaces of removed containers are held by 2 shims' },
    ]);
    expect(left(3)[0]?.subjects.mounts).toHaveLength(6);
    expect(commands(left(3))[0]).toMatch(/^nsenter -t 3568 -m -- umount \/run\/docker\/netns\/38503be0ea12 /);
    expect(left(6)).toEqual([]);
  });
});
