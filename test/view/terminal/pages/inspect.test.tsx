import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../../src/sample/reading.ts';
import { exitMeaning } from '../../../../src/view/terminal/pages/exit-code.ts';
import type { InspectAnswer } from '../../../../src/view/terminal/pages/inspect.ts';
import { flat, pageText } from '../../../support/pages.tsx';
import * as make from '../../../support/samples.ts';
import { idOf } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../../snapshots/terminal/views/${name}.${size}.txt`;
const captured = (name: string): string =>
  fs.readFileSync(path.join(import.meta.dirname, `../../../recordings/inspect/${name}.json`), 'utf8');
const answered = (json: unknown): InspectAnswer => ({ status: 'ok', json: JSON.stringify(json) });

const node = scenes.modelOf(scenes.healthy);
const page = (answer: InspectAnswer, change: { revealed?: boolean; scroll?: number; containerId?: string } = {}) => ({
  kind: 'inspect' as const,
  containerId: idOf('a1'),
  answer,
  revealed: false,
  scroll: 0,
  ...change,
});
/** The page at once, as one line. */
const textOf = (json: unknown, model = node): string => flat(pageText(page(answered(json)), model, '120x400'));

describe('the page of an inspect', () => {
  test.each(['60x40', '80x40', '120x40'])('is a summary, then the JSON, at %s', async (size) => {
    const answer: InspectAnswer = { status: 'ok', json: captured('stuck-stop') };
    await expect(pageText(page(answer), node, size)).toMatchFileSnapshot(snapshot('inspect', size));
  });

  test('shows why a removal failed, and that list and inspect differ', () => {
    const removing = scenes.modelOf([
      make.sampleAt(0, {
        containers: ok(
          make.containers([make.container('a1', 'web-2', { state: 'removing', status: 'Removal In Progress' })]),
          1,
        ),
      }),
    ]);
    const text = textOf(JSON.parse(captured('failed-removal')), removing);
    expect(text).toContain('removing in the list, dead in inspect');
    expect(text).toContain('failed to remove root filesystem');
    expect(text).toContain('device or resource busy');
    expect(text).toContain('137: SIGKILL: stop timeout, kill, or out of memory');
    expect(text).toContain('finished 4h 56m ago, 07:03:29Z');
  });

  test('is of the CRI’s status and the OCI specification where no Docker is, with hidden variables and the last log lines', () => {
    const inspect = {
      id: idOf('a1'),
      name: 'shop/web-0/app',
      runtime: '/run/containerd/containerd.sock',
      status: {
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'OOMKilled',
        metadata: { name: 'app', attempt: 3 },
        mounts: [{ hostPath: '/data', containerPath: '/mnt', readonly: true }],
        logPath: '/var/log/pods/app/3.log',
      },
      statusError: null,
      bundle: null,
      spec: {
        process: { args: ['sleep', '1 2'], env: ['PLAIN=hunter22'] },
        linux: { resources: { pids: { limit: 7 } } },
      },
      specError: null,
      logTail: ['2026-11-21T12:00:00Z stderr F token=hunter22 refused'],
      logError: null,
    };
    const text = textOf(inspect);
    expect(text).toContain("sleep '1 2'");
    expect(text).toContain('exit code 137');
    expect(text).toContain('restarts 3');
    expect(text).toContain('/data → /mnt (read-only)');
    expect(text).toContain('pids 7');
    expect(text).toContain('stderr F token=… refused');
    expect(text).not.toContain('hunter22');
    const silent = textOf({ ...inspect, status: null, statusError: 'no answer to ContainerStatus within 3.0s' });
    expect(silent).toContain('no status no answer to ContainerStatus');
    expect(silent).toContain("sleep '1 2'");
  });

  test('shows why a container counts as stuck, with the sources', () => {
    const stuck = scenes.modelOf(scenes.stopLeak);
    const container = stuck.containers?.list.find(({ stuck: isStuck }) => isStuck);
    const pending = page({ status: 'pending' }, { containerId: container?.id ?? '' });
    const text = flat(pageText(pending, stuck, '120x60'));
    expect(container?.evidence.length).toBeGreaterThan(0);
    for (const { source } of container?.evidence ?? []) expect(text).toContain(source);
    expect(text).toMatch(/blocked by dd 28816: percpu_rwsem_wait/);
  });

  test('shows health, limits, restarts, stop, log and init as they were set', () => {
    const text = textOf({
      State: {
        Status: 'exited',
        ExitCode: 137,
        OOMKilled: true,
        Health: {
          Status: 'unhealthy',
          FailingStreak: 7,
          Log: [
            { ExitCode: 0, Output: 'fine' },
            { ExitCode: 1, Output: 'trying\ncurl: (7) refused\n' },
          ],
        },
      },
      RestartCount: 12,
      HostConfig: {
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
        Memory: 512 * 1024 ** 2,
        NanoCpus: 1.5e9,
        PidsLimit: 100,
        Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 4096 }],
        LogConfig: { Type: 'json-file', Config: {} },
        Init: true,
        NetworkMode: 'bridge',
        Tmpfs: { '/run': '' },
      },
      Config: {
        StopSignal: 'SIGQUIT',
        StopTimeout: 90,
        Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'cart' },
      },
      NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.2' } } },
      Mounts: [{ Type: 'bind', Source: '/mnt/a', Destination: '/a', RW: false, Propagation: 'rslave' }],
    });
    for (const words of [
      '137: SIGKILL from the kernel: out of memory',
      'yes: memory limit reached',
      'unhealthy, failed 7 times in a row',
      'exit 1: curl: (7) refused',
      '12, policy on-failure, at most 5',
      'SIGQUIT, then SIGKILL after 1m 30s',
      '/mnt/a → /a (bind, rslave, read-only)',
      '/run (tmpfs)',
      'memory 512 MiB, cpus 1.5, pids 100, nofile 1,024 of 4,096',
      'bridge, bridge 172.17.0.2',
      'not rotated: the file grows without limit',
      'yes: it reaps zombies',
      'shop/cart (compose)',
    ])
      expect(text).toContain(words);
  });

  test('shows the processes as a tree below their shim, and what is wrong with each', () => {
    const task = (pid: number, ppid: number, change: object = {}) => ({
      pid,
      ppid,
      starttime: 5,
      comm: 'sh',
      state: 'S',
      threads: 1,
      exiting: false,
      killPending: false,
      blockedThreads: 0,
      ...change,
    });
    const tasks = [task(26_138, 26_100), task(28_816, 26_138, { comm: 'dd', state: 'D', killPending: true })];
    const shim = {
      pid: 26_100,
      starttime: 4,
      ageSeconds: 7200,
      comm: 'containerd-shim',
      state: 'S',
      waits: [],
      mountNamespace: null,
      bundle: null,
      runtimeNamespace: 'moby',
      bundleId: null,
      containers: [{ containerId: idOf('a1'), initPid: 26_138, count: 2, tasks }],
    };
    const model = scenes.modelOf([
      ...scenes.healthy,
      make.sampleAt(9, { shims: ok(make.shims({ shims: [shim] }), 1) }),
    ]);
    const text = pageText(page({ status: 'pending' }), model, '100x40');
    expect(text).toMatch(/shim +containerd-shim 26100, sleeping, up 2h/);
    expect(text).toMatch(/│ {3}26138 sh {2}S sleeping/);
    expect(text).toMatch(/│ {5}· 28816 dd {2}D uninterruptible sleep, SIGKILL pending/);
  });

  test('shows what is known while the engine is asked, and when it does not answer', () => {
    const pending = pageText(page({ status: 'pending' }), node, '80x24');
    expect(pending).toContain('asking the engine …');
    expect(pending).toContain('web-1');
    const detail = 'no answer within 5s: the daemon holds the lock of this container, or hangs';
    expect(flat(pageText(page({ status: 'failed', detail }), node, '60x24'))).toContain(detail);
    expect(pageText(page({ status: 'pending' }, { containerId: idOf('zz') }), node, '80x24')).toContain(
      'not in the engine’s list',
    );
  });

  test('stands whatever the engine answers', () => {
    for (const json of [
      '',
      'null',
      '[]',
      '7',
      '{"State":7,"Mounts":{},"Config":[1]}',
      '{"State":{"Health":null}}',
      '<html>',
    ])
      expect(pageText(page({ status: 'ok', json }), node, '80x24')).toContain('Inspect');
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        pageText(
          page(answered({ State: value, Config: value, HostConfig: value, Mounts: value, Args: value })),
          node,
          '60x12',
        );
      }),
      { numRuns: 50 },
    );
  });

  test('hides secrets in the summary and in the JSON until they are asked for', () => {
    const json = {
      Path: 'run',
      Args: ['--token', 's3cr3t-value', 'postgres://app:s3cr3t-value@db/x'],
      State: { Status: 'running', Error: 'dial postgres://app:s3cr3t-value@db' },
      Config: { Env: ['A=s3cr3t-value'], Labels: { 'db.password': 's3cr3t-value' } },
    };
    for (const scroll of [0, 20, 40])
      expect(pageText(page(answered(json), { scroll }), node, '80x30')).not.toContain('s3cr3t');
    const revealed = pageText(page(answered(json), { revealed: true }), node, '120x80');
    expect(revealed).toContain('A=s3cr3t-value');
    expect(revealed).toContain('e hide secrets');
  });

  test('lets nothing from the engine write to the terminal', () => {
    const hostile = 'evil\u001b[2J\u001b]52;c;AAAA\u0007\u202Etxt\u2066\nnext\rline\u0000\u009b1m';
    const json = {
      Id: hostile,
      Name: hostile,
      Path: hostile,
      Args: [hostile],
      State: { Status: hostile, Error: hostile, Health: { Status: hostile, Log: [{ Output: hostile }] } },
      Config: { Image: hostile, Labels: { [hostile]: hostile }, StopSignal: hostile },
      HostConfig: { NetworkMode: hostile, LogConfig: { Type: hostile }, RestartPolicy: { Name: hostile } },
      Mounts: [{ Source: hostile, Destination: hostile, Propagation: hostile }],
    };
    for (const size of ['60x100', '120x100']) expect(pageText(page(answered(json)), node, size)).toContain('evil');
  });
});

describe('an exit code', () => {
  test.each([
    [0, 'no error'],
    [126, 'cannot be executed'],
    [127, 'was not found'],
    [134, 'SIGABRT'],
    [139, 'SIGSEGV'],
    [143, 'SIGTERM'],
    [160, 'signal 32'],
    [3, 'an error of the program'],
  ])('%i means %s', (code, words) => {
    expect(exitMeaning(code, false)).toContain(words);
  });
});
