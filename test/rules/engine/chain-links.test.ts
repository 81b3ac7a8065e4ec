import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../../src/rules/engine/diagnosis.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { ok } from '../../../src/sample/reading.ts';
import { glance, looks } from '../../corpus/case.ts';
import { type Line, logged, logsOf, repeated } from '../../corpus/log-node.ts';
import { dockerNode, type NodeParts } from '../../corpus/node.ts';
import { batch1, removingEngine } from '../../corpus/parts.ts';
import { lockedLayers } from '../../corpus/stacks.ts';
import * as make from '../../support/samples.ts';
import { modelOf, type Scene } from '../../support/scenes.ts';

const findingsOf = (scene: Scene): readonly Diagnosis[] => run(rules, modelOf(scene)).findings;
/** The rules of what a finding of this rule follows from. */
function causesOf(effect: string, scene: Scene): string[] {
  const findings = findingsOf(scene);
  const found = findings.find(({ id }) => id === effect);
  if (found === undefined) throw new Error(`no ${effect} among ${findings.map(({ id }) => id).join(', ')}`);
  return found.causes.flatMap((key) => findings.find((one) => one.key === key)?.id ?? []);
}

const nfsWaiter = make.blocked(
  5000,
  {
    comm: 'app',
    containerId: batch1.id,
    killPending: true,
    volumes: [make.volume('/srv', { source: 'nas-1:/home', type: 'nfs4', device: '0:54' })],
  },
  { offCpuSeconds: 200, wchan: 'folio_wait_bit_common', stack: ['folio_wait_bit_common', 'nfs_wb_all', 'filp_flush'] },
);
const nfsLine = (server: string): Line[] =>
  repeated(3, 60, 20, 'kernel', `nfs: server ${server} not responding, timed out`);

describe('a file server that does not answer the kernel', () => {
  test('is the one that processes wait for, when it has its name', () => {
    expect(causesOf('network-storage-silent', logged(nfsLine('nas-1'), { processes: [nfsWaiter] })())).toEqual([
      'dead-network-storage',
    ]);
  });

  test('is another one with another name', () => {
    expect(causesOf('network-storage-silent', logged(nfsLine('nas-2'), { processes: [nfsWaiter] })())).toEqual([]);
  });
});

describe('a task that the kernel reported', () => {
  const hung = (comm: string): Line[] =>
    repeated(3, 120, 20, 'kernel', `INFO: task ${comm}:433 blocked for more than 241 seconds.`);
  const errors: Line[] = repeated(
    4,
    20,
    30,
    'kernel',
    'blk_update_request: I/O error, dev sda, sector 1234 op 0x1:(WRITE)',
  );

  test('follows from the errors of the disk that its name gives', () => {
    expect(causesOf('hung-task', logged([...hung('jbd2/sda1-8'), ...errors])())).toEqual(['disk-errors']);
    expect(causesOf('hung-task', logged([...hung('xfsaild/sda'), ...errors])())).toEqual(['disk-errors']);
  });

  test('does not follow from those of another one, nor when its name gives none', () => {
    expect(causesOf('hung-task', logged([...hung('jbd2/sdb1-8'), ...errors])())).toEqual([]);
    expect(causesOf('hung-task', logged([...hung('postgres'), ...errors])())).toEqual([]);
  });
});

const pleg = repeated(
  20,
  5,
  10,
  'kubelet[900]',
  '"Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m7s ago; threshold is 3m0s"',
);
const reserved = repeated(
  6,
  15,
  10,
  'containerd[890]',
  'level=error msg="CreateContainer within sandbox failed" error="rpc error: code = Unknown desc = failed to reserve container name \\"web_web-0_default_6c_1\\": name \\"web_web-0_default_6c_1\\" is reserved for \\"d5d5\\""',
);
const hangingContainerd: NodeParts = {
  containerd: { process: ok(make.daemonProcess({ pid: 890, ageSeconds: 300, listens: false }), 0.2) },
};

describe('a kubelet whose runtime does not respond', () => {
  test('waits for the one containerd, which hangs in its start', () => {
    expect(causesOf('runtime-not-responding', logged(pleg, hangingContainerd)())).toEqual(['hanging-start']);
  });

  test('may wait for another one beside a second containerd', () => {
    const scene = logged(pleg, hangingContainerd)().map((sample) => {
      const { daemons } = sample.readings;
      if (daemons?.status !== 'ok') return sample;
      const others = [{ name: 'containerd', pid: 7000, sockets: [] } as const];
      return { ...sample, readings: { ...sample.readings, daemons: ok({ ...daemons.value, others }, 1) } };
    });
    expect(causesOf('runtime-not-responding', scene)).toEqual([]);
  });

  test('leaves names reserved by creates that did not end', () => {
    expect(causesOf('name-reserved', logged([...pleg, ...reserved])())).toEqual(['runtime-not-responding']);
  });
});

test('a name stays reserved because of the CNI plugin that its first create waits for, and of no plugin of another pod', () => {
  const node = (sandboxId: string): Scene => {
    const id = make.idOf('c1');
    const lines = repeated(
      6,
      15,
      10,
      'containerd[890]',
      `level=error msg="RunPodSandbox failed" error="failed to reserve sandbox name \\"web-0\\": name \\"web-0\\" is reserved for \\"${id}\\""`,
    );
    const plugin = make.cniPlugin(5010, { sandboxId, ageSeconds: 300, command: sandboxId === id ? 'ADD' : 'DEL' });
    return glance((second) =>
      dockerNode(second, {
        readings: {
          processes: ok(make.processes([], { cniPlugins: [plugin] }), 9),
          logs: ok(logsOf(lines), 3),
        },
      }),
    );
  };
  expect(causesOf('name-reserved', node(make.idOf('c1')))).toEqual(['hung-cni-plugin']);
  expect(causesOf('name-reserved', node(make.idOf('d2')))).toEqual([]);
});

test('a daemon that the OOM killer ended is in a crash loop because of it, and another daemon is not', () => {
  const loop = repeated(6, 30, 5, 'systemd[1]', 'docker.service: Scheduled restart job, restart counter is at 6.');
  const oom = (unit: string): Line[] => repeated(3, 60, 8, 'systemd[1]', `${unit}: Failed with result 'oom-kill'.`);
  expect(causesOf('crash-loop', logged([...loop, ...oom('docker.service')])())).toEqual(['oom-kill']);
  expect(causesOf('crash-loop', logged([...loop, ...oom('containerd.service')])())).toEqual([]);
});

test('a log of another day says nothing of the daemons of now', () => {
  const old = { ...logsOf(pleg), origins: [] };
  const scene = glance((second) => ({ ...dockerNode(second, hangingContainerd), logs: ok(old, 1) })).map((sample) => ({
    ...sample,
    at: sample.at + 3_600_000,
  }));
  const found = findingsOf(scene).find(({ id }) => id === 'runtime-not-responding');
  expect(found?.causes ?? []).toEqual([]);
});

describe('a lock whose holder is in a system call', () => {
  const scene = (call: string): Scene =>
    looks(100, 2, (second) => {
      const [engine] = [removingEngine(60 + second)];
      const blocked = engine.blocked.map((task) => ({
        ...task,
        syscall: { number: 1, name: call, fd: null, file: null },
      }));
      return dockerNode(second, { processes: [{ ...engine, blocked }], dockerdStacks: lockedLayers(60) });
    });

  test('follows from what holds the thread of that call', () => {
    expect(causesOf('lock-contention', scene('umount2'))).toEqual(['blocked-process']);
    const found = findingsOf(scene('umount2')).find(({ id }) => id === 'lock-contention');
    expect(found?.evidence.at(-1)?.text).toContain('the thread of that call (umount2) has been in D for');
  });

  test('does not follow from a thread that is in another call', () => {
    expect(causesOf('lock-contention', scene('fdatasync'))).toEqual([]);
  });
});
