import { describe, expect, test } from 'vitest';
import type { Model } from '../../../../src/model/model.ts';
import { run } from '../../../../src/rules/engine/run.ts';
import { rules } from '../../../../src/rules/rules.ts';
import type { ContainerValue } from '../../../../src/sample/containers.ts';
import { absent, ok, pending } from '../../../../src/sample/reading.ts';
import type { ShimValue } from '../../../../src/sample/shims.ts';
import { paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { paneText, plainTheme } from '../../../support/render.tsx';
import * as make from '../../../support/samples.ts';
import { followed, modelOf, stopLeak } from '../../../support/scenes.ts';

const pane = paneOf('containers');
const id = make.idOf('a1');

const shim = (change: Partial<ShimValue> = {}): ShimValue => ({
  pid: 700,
  starttime: 7,
  ageSeconds: 5000,
  comm: 'containerd-shim',
  state: 'S',
  waits: [],
  mountNamespace: null,
  bundle: null,
  runtimeNamespace: 'moby',
  bundleId: id,
  containers: [{ containerId: id, initPid: 710, count: 2, tasks: [] }],
  ...change,
});

/** The page about one container, a line each. */
function pageOf(model: Model, containerId: string): string[] {
  const row = pane.rows(model)?.find((candidate) => pane.key(candidate) === containerId);
  return row === undefined
    ? []
    : pane.details(row, plainTheme, model).map((line) => line.map(({ text }) => text).join(''));
}

const withoutEngine = modelOf([
  make.sampleAt(0, {
    containers: absent('no container engine at unix:///var/run/docker.sock'),
    processes: ok(
      make.processes([make.blocked(4242, { containerId: id, killPending: true }, { offCpuSeconds: 90 })]),
      1,
    ),
    shims: ok(
      make.shims({
        shims: [shim()],
        orphans: [{ containerId: 'batch-1', initPid: 900, count: 1, tasks: [] }],
      }),
      1,
    ),
  }),
]);

const exited = { state: 'exited', status: 'Exited (137) 2 minutes ago' };
const listing = (second: number, ...list: ContainerValue[]) =>
  make.sampleAt(second, { containers: ok(make.containers(list), 1), processes: ok(make.processes([]), 1) });
const freed = followed([
  listing(
    0,
    make.container('a1', 'web-1', { kill: make.pendingKill() }),
    make.container('b2', 'web-2', { state: 'dead', status: 'Dead' }),
  ),
  ...[95, 98, 102, 215].map((second) => listing(second, make.container('a1', 'web-1', exited))),
]);

const busy = modelOf(
  [0, 5].map((second) =>
    make.sampleAt(second, {
      containers: ok(
        make.containers([
          make.container('a1', 'kube-system/fluentd-hjj42/fluentd'),
          make.container('b2', 'web-2'),
          make.container('c3', 'batch-9', { state: 'exited', status: 'Exited (137) 2 hours ago' }),
        ]),
        1,
      ),
      cgroups: ok(
        make.cgroups({
          groups: [
            make.cgroup(`docker/${make.idOf('a1')}`, {
              ioPressure: ok({ some: { avg10: 0, avg60: 0, totalMicros: second * 410_000 }, full: null }, 1),
              use: make.groupUse({
                cpuMicros: second * 1_850_000,
                memoryBytes: 1.9 * 1024 ** 3,
                memoryLimitBytes: 2 * 1024 ** 3,
                pids: 96,
                pidsLimit: 100,
                oomKills: 3,
              }),
            }),
            make.cgroup(`docker/${make.idOf('b2')}`, { use: make.groupUse({ cpuMicros: second * 4000 }) }),
          ],
        }),
        1,
      ),
    }),
  ),
);

test.each(['60x8', '80x8', '100x8', '160x8'])('what containers use has room at %s', async (size) => {
  await expect(paneText('containers', busy, size)).toMatchFileSnapshot(
    `../../../../snapshots/terminal/containers/use.${size}.txt`,
  );
});

test('containers can be sorted by what they use', () => {
  const first = (sortBy: string): string | undefined =>
    paneText('containers', busy, '160x8', false, { sortBy }).split('\n')[2];
  for (const column of ['cpu', 'memory', 'limit', 'io', 'oom', 'pids'])
    expect(first(column), column).toContain('fluentd');
});

describe.each(['60x8', '80x8', '120x8'])('the pane at %s', (size) => {
  test.each([
    [
      'says that the kernel alone tells',
      'without-engine',
      { model: withoutEngine, verdicts: run(rules, withoutEngine) },
    ],
    ['says what became of those that were stuck', 'freed', freed],
  ])('%s', async (_, name, { model, verdicts }) => {
    await expect(paneText('containers', model, size, false, {}, verdicts)).toMatchFileSnapshot(
      `../../../../snapshots/terminal/containers/${name}.${size}.txt`,
    );
  });
});

test('one that was stuck is listed once: by its row, or by a note when it has none', () => {
  const text = paneText('containers', freed.model, '120x8', false, {}, freed.verdicts);
  expect(text.match(/web-1/g)).toHaveLength(1);
  expect(text).toContain('web-2 removed 2m ago, was stuck for 1m 35s');
});

test.each([
  ['Up About a minute', 'Up 1m'],
  ['Up 3 hours (healthy)', 'Up 3h (healthy)'],
  ['Up About an hour (Paused)', 'Up 1h (Paused)'],
  ['Exited (137) Less than a second ago', 'Exited (137) <1s ago'],
  ['Exited (0) 2 weeks ago', 'Exited (0) 2 weeks ago'],
  ['Removal In Progress', 'Removal In Progress'],
])('what the engine says, %s, is shown as %s', (status, text) => {
  const model = modelOf([listing(0, make.container('a1', 'web-1', { status }))]);
  expect(paneText('containers', model, '120x8')).toContain(` ${text} `);
  expect(pageOf(model, id).join('\n')).toContain(`“${status}”`);
});

test('how often Docker started a container again is shown without a request of its own', () => {
  const madeWith = { init: false, logDriver: 'json-file', logRotated: true, restarts: 12 };
  const again = modelOf([
    listing(0, make.container('a1', 'web-1', { settings: madeWith }), make.container('b2', 'web-2')),
  ]);
  const text = paneText('containers', again, '100x8');
  expect(text).toMatch(/web-1 +running +12 /);
  expect(text).toMatch(/web-2 +running +Up/);
});

describe('the page of a container', () => {
  test('shows what it uses with its limits', () => {
    const page = pageOf(busy, id).join('\n');
    expect(page).toContain('185% of one core');
    expect(page).toContain('1.9 GiB of 2 GiB');
    expect(page).toContain('96 of 100');
    expect(pageOf(busy, make.idOf('c3')).join('\n')).not.toContain('CPU');
  });

  test('that cannot stop shows evidence with sources, attempts, its holder and its process tree', async () => {
    await expect(`${pageOf(modelOf(stopLeak), make.idOf('a9')).join('\n')}\n`).toMatchFileSnapshot(
      '../../../../snapshots/terminal/containers/details-stop.txt',
    );
  });

  test('whose removal failed shows what list and inspect say, and the error', async () => {
    await expect(`${pageOf(modelOf(stopLeak), make.idOf('fe')).join('\n')}\n`).toMatchFileSnapshot(
      '../../../../snapshots/terminal/containers/details-removal.txt',
    );
  });

  test('that only the kernel knows says so', async () => {
    await expect(`${pageOf(withoutEngine, id).join('\n')}\n`).toMatchFileSnapshot(
      '../../../../snapshots/terminal/containers/details-kernel.txt',
    );
  });

  test('that behaves has nothing to say of trouble', () => {
    const page = pageOf(modelOf(stopLeak), make.idOf('b2')).join('\n');
    expect(page).not.toMatch(/stuck|proof|sign|stop requests/);
  });

  test('has its evidence too, while that proves nothing', () => {
    const listed = make.container('a1', 'web-1', {
      inspect: pending(8000, 'GET /containers/a1/json: no answer yet'),
    });
    const page = pageOf(modelOf([make.sampleAt(0, { containers: ok(make.containers([listed]), 1) })]), id);
    expect(page.find((line) => line.includes('inspect has not answered'))).toMatch(/^evidence {10}\S/);
    expect(page.some((line) => line.startsWith('stuck'))).toBe(false);
  });
});

describe('the size of a log', () => {
  const withLogs = modelOf([
    make.sampleAt(0, {
      containers: ok(make.containers([make.container('a1', 'web-1', {}), make.container('b2', 'db-1', {})]), 1),
      filesystems: ok(
        {
          filesystems: [],
          skipped: [],
          containerLogs: [
            { id: make.idOf('a1'), bytes: 3 * 1024 ** 3 },
            { id: make.idOf('b2'), bytes: null, because: 'permission denied (run as root)' },
          ],
        },
        1,
      ),
    }),
  ]);

  test('is a column where there is room, and is empty where it is unknown', () => {
    const wide = paneText('containers', withLogs, '110x6');
    expect(wide).toMatch(/web-1 .* 3 GiB/);
    expect(paneText('containers', withLogs, '36x6')).not.toContain('GiB');
  });

  test('is on the page of its container, or why it is unknown', () => {
    expect(pageOf(withLogs, make.idOf('a1'))).toContain('log size          3 GiB, rotated files included');
    expect(pageOf(withLogs, make.idOf('b2'))).toContain('log size          unknown: permission denied (run as root)');
  });
});
