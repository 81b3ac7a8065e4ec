import { blockedLogDriver } from './blocked-log-driver.ts';
import { blockedProcess } from './blocked-process.ts';
import { bondDown } from './bond-down.ts';
import { busyVolume } from './busy-volume.ts';
import { containerLockContention } from './container-lock-contention.ts';
import { containerStatusLock } from './container-status-lock.ts';
import { crashLoop } from './crash-loop.ts';
import { deadFuseDaemon } from './dead-fuse-daemon.ts';
import { deadNetworkStorage } from './dead-network-storage.ts';
import { deadSandbox } from './dead-sandbox.ts';
import { deadVolume } from './dead-volume.ts';
import { deniedSignal } from './denied-signal.ts';
import { deniedStart } from './denied-start.ts';
import { diskErrors } from './disk-errors.ts';
import type { Rule } from './engine/rule.ts';
import { engineNotResponding } from './engine-not-responding.ts';
import { expiredCertificate } from './expired-certificate.ts';
import { failedGuest } from './failed-guest.ts';
import { failedNetworkSetup } from './failed-network-setup.ts';
import { failedPull } from './failed-pull.ts';
import { failedRemoval } from './failed-removal.ts';
import { failedSandbox } from './failed-sandbox.ts';
import { failedStop } from './failed-stop.ts';
import { failedVolume } from './failed-volume.ts';
import { fdExhaustion } from './fd-exhaustion.ts';
import { filesystemFull } from './filesystem-full.ts';
import { frozenCgroup } from './frozen-cgroup.ts';
import { frozenFilesystem } from './frozen-filesystem.ts';
import { goroutineGrowth } from './goroutine-growth.ts';
import { goroutineLeakOnStop } from './goroutine-leak-on-stop.ts';
import { gpuFault } from './gpu-fault.ts';
import { growingHeap } from './growing-heap.ts';
import { hangingStart } from './hanging-start.ts';
import { hotCpu } from './hot-cpu.ts';
import { hungCniPlugin } from './hung-cni-plugin.ts';
import { hungRuntime } from './hung-runtime.ts';
import { hungTask } from './hung-task.ts';
import { ioPressure } from './io-pressure.ts';
import { kernelLimitReached } from './kernel-limit-reached.ts';
import { kernelOops } from './kernel-oops.ts';
import { kernelPanic } from './kernel-panic.ts';
import { kernelStall } from './kernel-stall.ts';
import { kmemAccountingLeak } from './kmem-accounting-leak.ts';
import { largeShim } from './large-shim.ts';
import { leakedMount } from './leaked-mount.ts';
import { leakedShim } from './leaked-shim.ts';
import { lockContention } from './lock-contention.ts';
import { lostEventStream } from './lost-event-stream.ts';
import { lostShim } from './lost-shim.ts';
import { machineCheck } from './machine-check.ts';
import { memoryFault } from './memory-fault.ts';
import { metadataLockContention } from './metadata-lock-contention.ts';
import { missingContent } from './missing-content.ts';
import { missingPlugin } from './missing-plugin.ts';
import { nameReserved } from './name-reserved.ts';
import { networkDeviceStuck } from './network-device-stuck.ts';
import { networkDeviceTimeout } from './network-device-timeout.ts';
import { networkStorageSilent } from './network-storage-silent.ts';
import { nriLock } from './nri-lock.ts';
import { oomKill } from './oom-kill.ts';
import { outdatedEngine } from './outdated-engine.ts';
import { overlayLayers } from './overlay-layers.ts';
import { overlaySync } from './overlay-sync.ts';
import { pcieFault } from './pcie-fault.ts';
import { readOnlyFilesystem } from './read-only-filesystem.ts';
import { refusedNode } from './refused-node.ts';
import { riskyConfiguration } from './risky-configuration.ts';
import { rootlessFailure } from './rootless-failure.ts';
import { runtimeNotResponding } from './runtime-not-responding.ts';
import { silentDaemon } from './silent-daemon.ts';
import { silentKubelet } from './silent-kubelet.ts';
import { silentSystemd } from './silent-systemd.ts';
import { slowClock } from './slow-clock.ts';
import { slowDatastore } from './slow-datastore.ts';
import { snapshotGcLock } from './snapshot-gc-lock.ts';
import { splitMountNamespace } from './split-mount-namespace.ts';
import { stalledDisk } from './stalled-disk.ts';
import { stalledPull } from './stalled-pull.ts';
import { stalledReader } from './stalled-reader.ts';
import { stalledTaskDelete } from './stalled-task-delete.ts';
import { stoppedEventQueue } from './stopped-event-queue.ts';
import { stoppedShim } from './stopped-shim.ts';
import { stuckRemoval } from './stuck-removal.ts';
import { threadExhaustion } from './thread-exhaustion.ts';
import { udevTimeout } from './udev-timeout.ts';
import { unkillableContainer } from './unkillable-container.ts';
import { unreachableApiServer } from './unreachable-api-server.ts';
import { unreadyNetworkAgent } from './unready-network-agent.ts';
import { unreapedZombie } from './unreaped-zombie.ts';
import { unstableIscsi } from './unstable-iscsi.ts';
import { xtablesLock } from './xtables-lock.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [
  frozenFilesystem,
  deadNetworkStorage,
  stalledDisk,
  unkillableContainer,
  stuckRemoval,
  frozenCgroup,
  hungRuntime,
  hungCniPlugin,
  stalledTaskDelete,
  metadataLockContention,
  containerLockContention,
  containerStatusLock,
  stoppedEventQueue,
  snapshotGcLock,
  nriLock,
  lockContention,
  goroutineLeakOnStop,
  goroutineGrowth,
  lostEventStream,
  hangingStart,
  silentDaemon,
  silentKubelet,
  unreachableApiServer,
  refusedNode,
  expiredCertificate,
  silentSystemd,
  slowDatastore,
  stoppedShim,
  leakedShim,
  largeShim,
  ioPressure,
  blockedProcess,
  leakedMount,
  splitMountNamespace,
  kmemAccountingLeak,
  fdExhaustion,
  threadExhaustion,
  growingHeap,
  unreapedZombie,
  stalledReader,
  runtimeNotResponding,
  engineNotResponding,
  crashLoop,
  filesystemFull,
  diskErrors,
  readOnlyFilesystem,
  unstableIscsi,
  udevTimeout,
  networkStorageSilent,
  deadFuseDaemon,
  deadVolume,
  failedVolume,
  busyVolume,
  networkDeviceStuck,
  networkDeviceTimeout,
  bondDown,
  hungTask,
  kernelOops,
  kernelPanic,
  kernelStall,
  memoryFault,
  machineCheck,
  hotCpu,
  pcieFault,
  gpuFault,
  oomKill,
  kernelLimitReached,
  slowClock,
  nameReserved,
  deadSandbox,
  deniedSignal,
  deniedStart,
  stalledPull,
  missingContent,
  failedStop,
  failedRemoval,
  lostShim,
  failedNetworkSetup,
  unreadyNetworkAgent,
  failedPull,
  failedSandbox,
  failedGuest,
  rootlessFailure,
  xtablesLock,
  overlayLayers,
  overlaySync,
  missingPlugin,
  blockedLogDriver,
  outdatedEngine,
  riskyConfiguration,
];
