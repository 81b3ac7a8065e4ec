import { expect, test } from 'vitest';
import { containerd, goroutine, idsOf, report } from '../goroutine.ts';

const v2 = `${containerd}v2/`;
const served = 'google.golang.org/grpc.(*Server).processUnaryRPC(0x1)';
const locked = ['sync.runtime_SemacquireMutex(0xc0001)', 'sync.(*Mutex).lockSlow(0xc0001)', 'sync.(*Mutex).Lock(...)'];
const readLocked = ['sync.runtime_SemacquireRWMutexR(0xc0001)', 'sync.(*RWMutex).RLock(...)'];
const inMutex = { state: 'sync.Mutex.Lock' };

test('a subscriber of the CRI’s events that does not read holds up removals', () => {
  const send = `${v2}internal/eventq.(*EventQueue[...]).Send(0x1)`;
  const stack = [send, `${v2}internal/cri/server.(*criService).generateAndSendContainerEvent(0x1)`, served];
  expect(idsOf(stack, { state: 'select' })).toContain('cri-event-send');
  const publish = [
    `${v2}internal/eventq.eventSubscription[...].publish(0x1)`,
    `${v2}internal/eventq.(*EventQueue[...]).startup(0x1)`,
  ];
  expect(idsOf(publish, { state: 'chan send' })).toContain('cri-event-send');
  expect(idsOf([`${v2}internal/eventq.(*EventQueue[...]).startup(0x1)`], { state: 'select' })).toEqual([]);
});

test('the garbage collection of snapshots is one, and who waits for its lock is another', () => {
  const gc = [
    'syscall.unlinkat(0x1)',
    'os.RemoveAll(0x1)',
    `${containerd}metadata.(*snapshotter).pruneBranch(0x1)`,
    `${containerd}metadata.(*snapshotter).garbageCollect(0x1)`,
  ];
  expect(idsOf(gc, { state: 'syscall' })).toContain('snapshot-gc');
  const prepare = `${v2}core/metadata.(*snapshotter).createSnapshot(0x1)`;
  expect(idsOf([...readLocked, prepare, served], { state: 'sync.RWMutex.RLock' })).toContain('snapshotter-lock-waiter');
  expect(idsOf([prepare, served], { state: 'select' })).not.toContain('snapshotter-lock-waiter');
});

test('calls about pods wait for the lock of NRI', () => {
  for (const wanter of [
    `${containerd}pkg/nri.(*local).RunPodSandbox(0x1)`,
    'github.com/containerd/nri/pkg/adaptation.(*Adaptation).StateChange(0x1)',
  ])
    expect(idsOf([...locked, wanter, served], inMutex)).toContain('nri-lock-waiter');
});

test('a create looks at a volume that does not answer', () => {
  const stat = ['syscall.Syscall6(0x106)', 'syscall.fstatat(0x1)', 'syscall.Stat(...)', 'os.Stat(0x1)'];
  const create = `${containerd}pkg/cri/opts.WithMounts.func1(0x1)`;
  expect(idsOf([...stat, create, served], { state: 'syscall' })).toContain('mount-stat');
  expect(idsOf([create, served], { state: 'runnable' })).not.toContain('mount-stat');
});

test('a pod’s network is set up by a CNI plugin', () => {
  const stack = [
    'os.(*Process).blockUntilWaitable(0x1)',
    'os.(*Process).Wait(0x1)',
    'os/exec.(*Cmd).Wait(0x1)',
    'os/exec.(*Cmd).Run(0x1)',
    'github.com/containernetworking/cni/pkg/invoke.(*RawExec).ExecPlugin(0x1)',
    'github.com/containerd/go-cni.(*Network).Attach(0x1)',
  ];
  expect(idsOf(stack, { state: 'syscall' })).toContain('cni-plugin-wait');
});

test('repeated stops in CRI-O wait for the first', () => {
  const stack = ['github.com/cri-o/cri-o/internal/oci.(*Container).WaitOnStopTimeout(0x1)', served];
  expect(idsOf(stack, { state: 'chan send' })).toContain('crio-stop-lock');
  expect(idsOf(stack, { state: 'runnable' })).not.toContain('crio-stop-lock');
});

// https://github.com/containerd/containerd/pull/12126
test('a download waits for a slot of its registry, which is a sign when it lasts', () => {
  const acquire = 'golang.org/x/sync/semaphore.(*Weighted).Acquire(0x1)';
  const stack = [
    acquire,
    `${v2}core/remotes/docker.(*dockerBase).Acquire(...)`,
    `${v2}core/remotes/docker.dockerFetcher.open`,
  ];
  const harmless = (waitMinutes: number): unknown =>
    report([goroutine(stack, { state: 'select', waitMinutes })]).patterns.map((one) => [one.id, one.harmless]);
  expect(harmless(606)).toEqual([['pull-slot-wait', false]]);
  expect(harmless(2)).toEqual([['pull-slot-wait', true]]);
  expect(idsOf([acquire, 'example.org/x.(*Limiter).Take'], { state: 'select' })).toEqual([]);
});

// https://github.com/cri-o/cri-o/pull/9954
test('attaches of CRI-O are counted, as they stay when their clients have gone', () => {
  const attach = 'github.com/cri-o/cri-o/internal/oci.(*runtimeOCI).AttachContainer';
  expect(idsOf([`${attach}.func3`], { state: 'chan send' })).toContain('crio-attach');
  expect(
    idsOf([
      'net.(*conn).Read',
      'github.com/cri-o/cri-o/internal/oci.redirectResponseToOutputStreams',
      `${attach}.func2`,
    ]),
  ).toEqual(['crio-attach']);
});
