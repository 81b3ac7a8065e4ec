import { describe, expect, test } from 'vitest';
import { patterns } from '../../../src/model/goroutines/patterns/table.ts';
import { containerd, goroutine, idsOf, newLock, oldLock, readLock, report } from './goroutine.ts';

const call = (address = '0xc0004d8280'): string[] => [
  `github.com/containerd/ttrpc.(*Client).dispatch(${address}, {0x1, 0x2})`,
  'github.com/containerd/ttrpc.defaultClientInterceptor(0x1)',
  'github.com/containerd/ttrpc.(*Client).Call(0x1)',
];
const shimTask = (method: string, folder = 'runtime/v2'): string => `${containerd}${folder}.(*shimTask).${method}(0x1)`;
const inSelect = { state: 'select' };

describe('a call of a shim', () => {
  test.each(['delete', 'Kill', 'State'])('is waiting: %s', (method) => {
    expect(idsOf([...call(), shimTask(method)], inSelect)).toEqual(['shim-call']);
    expect(idsOf([...call(), shimTask(method, 'v2/core/runtime/v2')], inSelect)).toEqual(['shim-call']);
  });

  test('is reported for each shim once', () => {
    const goroutines = ['0xc0004d8280', '0xc0004d8280', '0xc000ccf500'].map((shim) =>
      goroutine([...call(shim), shimTask('Kill')], inSelect),
    );
    expect(report(goroutines).patterns).toMatchObject([{ id: 'shim-call', count: 3, subjects: 2, noun: 'shim' }]);
  });

  test('that waits for an exit is normal', () => {
    expect(idsOf([...call(), shimTask('Wait')], inSelect)).toEqual(['task-wait']);
  });

  test('is not one where the shim task is not below the call', () => {
    expect(idsOf([shimTask('Kill'), ...call()], inSelect)).toEqual([]);
    expect(idsOf(['main.x()', ...call(), shimTask('Kill')], inSelect)).toEqual([]);
    expect(idsOf(call(), inSelect)).toEqual(['ttrpc-call']);
  });

  test.each([
    `${containerd}pkg/cri/server.handleContainerExit`,
    `${containerd}pkg/cri/sbserver.handleSandboxExit`,
    `${containerd}v2/internal/cri/server.(*criService).handleContainerExit`,
  ])('for a task that has ended belongs to the handling of its exit: %s', (handler) => {
    expect(idsOf([...call(), shimTask('delete'), handler], inSelect)).toEqual(['shim-call', 'task-exit']);
  });

  test('is not in the monitor that waits for exits', () => {
    expect(idsOf([`${containerd}pkg/cri/server.(*eventMonitor).startContainerExitMonitor.func1`], inSelect)).toEqual(
      [],
    );
  });
});

describe('a shim', () => {
  const unmount = (root: string): string[] => [
    'syscall.Syscall(0x44?)',
    'golang.org/x/sys/unix.Unmount({0xc0001d20a0?, 0x0?}, 0xc000226378?)',
    `${containerd}mount.UnmountAll({0x1, 0x2})`,
    `${root}process.(*Init).delete(0xc0001a2580, {0x1, 0x2})`,
    `${root}process.(*stoppedState).Delete(0x1)`,
  ];

  test.each([`${containerd}pkg/`, `${containerd}v2/cmd/containerd-shim-runc-v2/`])('unmounts: %s', (root) => {
    const { patterns: found } = report([goroutine(unmount(root), { state: 'syscall' })]);
    expect(found).toMatchObject([{ id: 'shim-unmount', count: 1, subjects: 1 }]);
  });

  test('has callers that wait for its lock', () => {
    const { patterns: found } = report(
      ['Status', 'Kill', 'ExitStatus'].map((method) =>
        goroutine([...oldLock('0xc0001a25a0'), `${containerd}pkg/process.(*Init).${method}(0x1)`]),
      ),
    );
    expect(found).toMatchObject([{ id: 'shim-lock-waiter', count: 3, subjects: 1 }]);
  });

  test('is not unmounting in another program', () => {
    expect(idsOf(['golang.org/x/sys/unix.Unmount', 'main.main'], { state: 'syscall' })).toEqual(['unmount-call']);
  });
});

describe('containerd’s database', () => {
  const update = ['go.etcd.io/bbolt.(*DB).Update(0x0?, 0x1)', `${containerd}metadata.(*DB).Update(0x1)`];
  const begin = ['go.etcd.io/bbolt.(*DB).beginRWTx(0xc00045c480)', 'go.etcd.io/bbolt.(*DB).Begin(...)'];
  const fsync = ['syscall.Syscall(0x4a)', 'syscall.Fsync(0x1)', 'os.(*File).Sync(0x1)'];

  test('is waited for', () => {
    expect(idsOf([...oldLock('0xc00045c638'), ...begin, ...update])).toEqual(['bbolt-lock-waiter']);
    expect(idsOf([...newLock('0xc00045c638'), ...begin, ...update])).toEqual(['bbolt-lock-waiter']);
  });

  test('is held during the commit of content', () => {
    const commit = [
      `${containerd}content/local.(*writer).Commit(0x1)`,
      `${containerd}metadata.(*namespacedWriter).Commit.func1(0x1)`,
    ];
    expect(idsOf([...fsync, ...commit, ...update], { state: 'syscall' })).toEqual(['bbolt-lock-holder']);
  });

  test('is held during its own commit', () => {
    const commit = ['go.etcd.io/bbolt.fdatasync(0x1)', 'go.etcd.io/bbolt.(*Tx).Commit(0x1)'];
    expect(idsOf([...commit, `${containerd}snapshots/storage.(*MetaStore).WithTransaction(0x1)`])).toEqual([
      'bbolt-lock-holder',
    ]);
  });

  test('is not held by readers, nor by a commit outside', () => {
    expect(idsOf(['go.etcd.io/bbolt.(*DB).View(0x1)', `${containerd}metadata.(*DB).View(0x1)`])).toEqual([]);
    expect(idsOf([...fsync, `${containerd}content/local.(*writer).Commit(0x1)`])).toEqual([]);
  });

  test('is waited for while the status of a container is held: both are counted, the cause names the group', () => {
    const stack = [
      ...oldLock('0xc00045c638'),
      ...begin,
      ...update,
      `${containerd}pkg/cri/store/container.(*statusStorage).UpdateSync(0xc0007ff880, 0x1)`,
    ];
    const { groups, patterns: found } = report([goroutine(stack)]);
    expect(found.map(({ id }) => id)).toEqual(['bbolt-lock-waiter', 'cri-status-lock-holder']);
    expect(groups[0]?.pattern).toBe('cri-status-lock-holder');
  });
});

describe('the status of a CRI container', () => {
  const storage = (method: string): string =>
    `${containerd}pkg/cri/store/container.(*statusStorage).${method}(0xc0007ff880)`;

  test('is waited for by ListContainers', () => {
    expect(idsOf([...readLock, storage('Get'), `${containerd}pkg/cri/server.toCRIContainer(0x1)`])).toEqual([
      'cri-status-lock-waiter',
    ]);
  });

  test('is waited for by a second writer, which does not hold it', () => {
    expect(idsOf([...oldLock('0xc000000100'), storage('UpdateSync')])).toEqual(['cri-status-lock-waiter']);
  });

  test('is held by a writer that syncs', () => {
    expect(idsOf(['syscall.Fsync', 'os.(*File).Sync', storage('UpdateSync')])).toEqual(['cri-status-lock-holder']);
  });

  test('is only read otherwise', () => {
    expect(idsOf([storage('Get'), `${containerd}pkg/cri/server.toCRIContainer(0x1)`])).toEqual([]);
  });
});

describe('the table of patterns', () => {
  const ids = patterns.map(({ id }) => id);

  test('names each once, in kebab-case', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('excludes only what stands earlier', () => {
    for (const { id, unless } of patterns) {
      for (const other of unless ?? []) expect(ids.slice(0, ids.indexOf(id))).toContain(other);
    }
  });

  test('explains each, and has a noun where it finds subjects', () => {
    for (const { title, meaning, signatures, noun } of patterns) {
      expect(title).not.toBe('');
      expect(meaning).toMatch(/\.$/);
      expect(signatures.length).toBeGreaterThan(0);
      if (signatures.some(({ subject }) => subject !== undefined)) expect(noun).not.toBeNull();
    }
  });
});
