import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import type { ContainerValue } from '../../src/sample/containers.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { ok, pending } from '../../src/sample/reading.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const id = make.idOf('a1');
const kill = make.pendingKill({ firstAt: make.noon - 60_000, lastAt: make.noon - 50_000 });
const volume = { mountPoint: '/data', root: '/', source: '/dev/loop0', type: 'ext4', device: '7:0', readOnly: false };
const doomed = (change: Partial<ProcessValue> = {}, waits: Parameters<typeof make.blocked>[2] = {}): ProcessValue =>
  make.blocked(4242, { containerId: id, killPending: true, volumes: [volume], ...change }, waits);

const causes = ['frozen-filesystem', 'dead-network-storage', 'stalled-disk'];

function findings(change: Partial<ContainerValue>, inside: ProcessValue[] = [], shims: ShimValue[] = []): Finding[] {
  const model = modelOf([
    make.sampleAt(0, {
      daemons: ok(make.daemons(), 1),
      containers: ok(make.containers([make.container('a1', 'web-1', change), make.container('b2', 'web-2')]), 1),
      processes: ok(make.processes(inside), 1),
      shims: ok(make.shims({ shims }), 1),
    }),
  ]);
  // The filesystem or the server behind it has findings, and tests, of its own.
  return run(rules, model).findings.filter(
    (finding) => finding.subjects.containers.includes(id) && !causes.includes(finding.id),
  );
}

describe('a container that cannot exit', () => {
  test('is reported as a chain from the container to the mount, with what ends the wait', () => {
    const [finding, ...others] = findings({ kill }, [doomed()]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: 'unkillable-container', confidence: 'certain', title: 'web-1 cannot exit' });
    expect(finding?.summary).toContain(
      'web-1 ← dd (pid 4242, D, SIGKILL pending) ← open() on a frozen ext4 filesystem ← /data (/dev/loop0).',
    );
    expect(finding?.summary).toContain('asked to stop once through the API');
    expect(finding?.subjects).toMatchObject({ pids: [4242], mounts: ['/data'], devices: ['/dev/loop0'] });
    expect(finding?.remedies[0]).toMatchObject({ command: 'fsfreeze -u /proc/4242/root/data', risk: 'low' });
    expect(finding?.ruledOut.map((one) => one.id)).toEqual(['silent-daemon']);
  });

  test('is never to be killed again', () => {
    const kinds = [
      'percpu_rwsem_wait',
      'request_wait_answer',
      'rpc_wait_bit_killable',
      'folio_wait_bit',
      'do_exit',
      'x',
    ];
    for (const wchan of kinds) {
      for (const { remedies } of findings({ kill }, [doomed({}, { wchan, stack: [wchan] })])) {
        for (const { command } of remedies) expect(command ?? '').not.toMatch(/\bkill\b(?! -CONT)/);
      }
    }
  });

  test('on a FUSE filesystem can be let go by aborting its connection, which is said to be expensive', () => {
    const fuse = { ...volume, mountPoint: '/mnt/s3', source: 's3fs', type: 'fuse.s3fs', device: '0:57' };
    const stack = ['request_wait_answer', 'fuse_simple_request', 'fuse_lookup_name'];
    const [finding] = findings({ kill }, [doomed({ volumes: [fuse] }, { wchan: 'request_wait_answer', stack })]);
    expect(finding?.remedies[0]).toMatchObject({ command: 'echo 1 > /sys/fs/fuse/connections/57/abort', risk: 'high' });
  });

  test('names the path of the node where inspect gives it, as a shell takes it', () => {
    const mounts = [{ type: 'bind', source: "/srv/it's $(here)", destination: '/data', propagation: 'rprivate' }];
    const [finding] = findings({ kill, inspect: ok(make.inspected({ mounts }), 1) }, [doomed()]);
    expect(finding?.remedies[0]?.command).toBe("fsfreeze -u '/srv/it'\\''s $(here)'");
  });

  test('because its shim was stopped is reported with the shim, and needs only that it goes on', () => {
    const shim = make.stoppedShim(id);
    const [finding] = findings({ inspect: pending(8000, 'not yet') }, [], [shim]);
    expect(finding).toMatchObject({ confidence: 'likely', title: 'web-1 does not answer the engine' });
    expect(finding?.summary).toContain('web-1 ← its shim (pid 700, T)');
    expect(finding?.remedies).toEqual([{ text: expect.any(String), command: 'kill -CONT 700', risk: 'low' }]);
  });

  test('because something holds its lock in the engine is to be checked in the goroutines', () => {
    const [finding] = findings({ inspect: pending(40_000, 'not yet') });
    expect(finding).toMatchObject({ id: 'unkillable-container', confidence: 'certain' });
    expect(finding?.remedies[0]?.command).toBe('rtwatch goroutines dockerd');
  });

  test('because of a thread of a dead process is not its parent’s fault', () => {
    const process = doomed({ state: 'Z', blocked: [make.task(4250)] });
    const [finding] = findings({ kill }, [process]);
    expect(finding?.summary).toContain('dead, with a thread in D');
    expect(finding?.ruledOut.map((one) => one.id)).toContain('unreaped-zombie');
  });
});

describe('a removal that the kernel holds up', () => {
  test('is one chain from the container over the daemon to the filesystem', () => {
    const dockerd = make.blocked(901, {
      comm: 'dockerd',
      state: 'S',
      volumes: [volume],
      blocked: [7, 8, 9].map((tid) =>
        make.task(tid, {
          stack: ['percpu_rwsem_wait', 'mnt_want_write', 'do_unlinkat', '__x64_sys_unlinkat'],
          offCpuSeconds: 20,
          syscall: { number: 263, name: 'unlinkat', fd: null, file: null },
        }),
      ),
    });
    const [finding, ...others] = findings({ state: 'removing', status: 'Removal In Progress' }, [dockerd]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      id: 'stuck-removal',
      confidence: 'certain',
      title: 'web-1 cannot be removed: dockerd is blocked in the kernel',
      subjects: { pids: [901], mounts: ['/data'], devices: ['/dev/loop0'], daemons: ['dockerd'] },
    });
    expect(finding?.summary).toContain(
      'web-1 ← dockerd (pid 901, 3 threads in D) ← unlinkat() on a frozen ext4 filesystem ← /data (/dev/loop0).',
    );
    expect(finding?.remedies[0]).toMatchObject({ command: 'fsfreeze -u /data', risk: 'low' });
  });
});

describe('a removal that failed', () => {
  const dead = (error: string): Partial<ContainerValue> => ({
    state: 'removing',
    status: 'Removal In Progress',
    inspect: ok(make.inspected({ status: 'dead', pid: 0, error }), 1),
  });
  const layer = '/var/lib/docker/overlay2/992a128390c8';

  test.each([
    [
      'busy',
      `unlinkat ${layer}/merged: device or resource busy`,
      'is busy',
      'grep -l 992a128390c8 /proc/[0-9]*/mountinfo',
    ],
    [
      'immutable',
      `unlinkat ${layer}/diff/a file: operation not permitted`,
      'immutable',
      `chattr -i -a '${layer}/diff/a file'`,
    ],
    ['read-only', `unlinkat ${layer}/diff/x: read-only file system`, 'read-only', 'dmesg --level=err,warn | tail -40'],
  ])('because something is %s says so, and how to find it', (_, error, title, command) => {
    const [finding, ...others] = findings(
      dead(`container a1: driver "overlay2" failed to remove root filesystem: ${error}`),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: 'stuck-removal', confidence: 'certain' });
    expect(finding?.title).toContain(title);
    expect(finding?.summary).toContain(`${layer}/`);
    expect(finding?.remedies[0]?.command).toBe(command);
    expect(finding?.remedies.at(-1)?.command).toBe('docker rm a1a1a1a1a1a1');
  });

  test('with another error than EBUSY does not follow from a mount that is held', () => {
    const idsOf = (error: string): string[] | undefined =>
      findings(dead(`container a1: driver "overlay2" failed to remove root filesystem: ${error}`))[0]?.ruledOut.map(
        (one) => one.id,
      );
    expect(idsOf(`unlinkat ${layer}/diff/x: operation not permitted`)).toContain('leaked-mount');
    expect(idsOf(`unlinkat ${layer}/merged: device or resource busy`)).not.toContain('leaked-mount');
    const [file] = findings(dead(`unlinkat ${layer}/diff/x: operation not permitted`));
    expect(file?.subjects.mounts).toEqual([]);
  });

  test('for another reason is reported with the engine’s words', () => {
    const [finding] = findings(dead('something else'));
    expect(finding).toMatchObject({ title: 'web-1 cannot be removed' });
    expect(finding?.summary).toContain('something else');
  });

  test('is reported beside what keeps it from ending only when both are so', () => {
    expect(
      findings(dead('device or resource busy'), [doomed()])
        .map((one) => one.id)
        .toSorted(),
    ).toEqual(['stuck-removal', 'unkillable-container']);
  });
});

test('containers that behave are none of it', () => {
  expect(findings({})).toEqual([]);
  expect(
    findings({ kill: make.pendingKill({ firstAt: make.noon - 9000, lastAt: make.noon - 9000, count: 1, signal: 15 }) }),
  ).toEqual([]);
});
