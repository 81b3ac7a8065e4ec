import { isInRange, type VersionRange } from '../../base/versions.ts';

/** What has to be the case on a node for a defect to hurt it. */
export type DefectTrigger = 'unkillable-container' | 'held-lock' | 'leaked-mount' | 'slow-unmount' | 'stop';

/** A defect of an engine that keeps nodes from getting well, and the releases that have it. */
export interface EngineDefect {
  readonly id: string;
  readonly daemon: 'dockerd' | 'containerd' | 'crio';
  /** Any of these. */
  readonly ranges: readonly VersionRange[];
  /** Its effect, a clause that follows the daemon's name: `waits forever …`. */
  readonly does: string;
  /** The first releases without it, in words. */
  readonly fixedIn: string;
  /** When it hurts. */
  readonly trigger: DefectTrigger;
  /** Worth telling only while its trigger is there: on a node that is well it is a matter of taste. */
  readonly onlyWhenNear: boolean;
  readonly references: readonly string[];
}

const moby = (number: number): string => `https://github.com/moby/moby/pull/${number}`;
const before = (release: string): VersionRange => ({ from: null, before: release });
const between = (from: string, release: string): VersionRange => ({ from, before: release });

/** Read in the sources at the tags of the releases. A distribution may have put a fix into an older number. */
const engineDefects: readonly EngineDefect[] = [
  {
    id: 'unbounded-stop-wait',
    daemon: 'dockerd',
    // moby 52f5b613ba, the 20.10 backport of 41586, 41588 and 42488; 19.03 never got it.
    ranges: [before('20.10.10')],
    does: 'waits for ever when it stops, kills or removes a container that cannot exit: each attempt leaks two goroutines and a connection',
    fixedIn: '20.10.10',
    trigger: 'unkillable-container',
    onlyWhenNear: false,
    references: [moby(42_956)],
  },
  {
    id: 'disconnect-kills',
    daemon: 'dockerd',
    ranges: [between('23.0.0', '23.0.7'), between('24.0.0', '24.0.3')],
    does: 'kills a container without its grace period when the client of the stop goes away',
    fixedIn: '23.0.7 and 24.0.3',
    trigger: 'stop',
    onlyWhenNear: false,
    references: ['https://github.com/moby/moby/commit/fc94ed0a86'],
  },
  {
    id: 'exit-without-deadline',
    daemon: 'dockerd',
    // daemon/monitor.go: DeleteTask with context.Background() up to 19.03, with 30 s from 20.10 on.
    ranges: [before('20.10.0')],
    does: 'keeps the lock of a container for as long as containerd takes to delete its task, without a deadline',
    fixedIn: '20.10.0',
    trigger: 'held-lock',
    onlyWhenNear: false,
    references: ['https://github.com/moby/moby/blob/v20.10.0/daemon/monitor.go'],
  },
  {
    id: 'output-without-deadline',
    daemon: 'dockerd',
    // StreamConfig.Wait() with the lock held in 18.06 and 18.09; 2 s from 19.03 on.
    ranges: [between('18.06.0', '19.03.0')],
    does: 'keeps the lock of an exited container until the last holder of its output pipes is gone',
    fixedIn: '19.03.0',
    trigger: 'held-lock',
    onlyWhenNear: false,
    references: ['https://github.com/moby/moby/blob/v19.03.0/daemon/monitor.go'],
  },
  {
    id: 'private-storage-home',
    daemon: 'dockerd',
    // Up to 18.02 the home of overlay2 was made private; 17.12.1 got the fix too.
    ranges: [before('17.12.1'), between('18.01.0', '18.03.0')],
    does: 'makes its storage folder private: copies of its mounts in other namespaces never hear of an unmount, and keep directories busy',
    fixedIn: '17.12.1 and 18.03.0',
    trigger: 'leaked-mount',
    onlyWhenNear: false,
    references: [moby(36_047), moby(36_096)],
  },
  {
    id: 'list-takes-locks',
    daemon: 'dockerd',
    ranges: [before('17.07.0')],
    does: 'takes the lock of every container for its list: one that is stuck hangs docker ps and the kubelet',
    fixedIn: '17.07.0',
    trigger: 'held-lock',
    onlyWhenNear: false,
    references: ['https://github.com/moby/moby/commit/8e425ebc42'],
  },
  {
    id: 'forgotten-removal',
    daemon: 'dockerd',
    ranges: [before('17.06.0')],
    does: 'forgets a container whose removal failed after rm -f, and its files stay',
    fixedIn: '17.06.0',
    trigger: 'leaked-mount',
    onlyWhenNear: false,
    references: [moby(31_012)],
  },
  {
    id: 'no-volatile-mounts',
    daemon: 'containerd',
    ranges: [before('1.6.24'), between('1.7.0', '1.7.4')],
    does: 'cannot mount the roots of containers with volatile: each unmount writes all dirty memory of the filesystem first',
    fixedIn: '1.6.24, 1.7.4 and 2.0.0',
    trigger: 'slow-unmount',
    onlyWhenNear: true,
    references: ['https://github.com/containerd/containerd/pull/8676'],
  },
  {
    id: 'repeated-stop-deadlock',
    daemon: 'crio',
    ranges: [before('1.31.11'), between('1.32.0', '1.32.7'), between('1.33.0', '1.33.3')],
    does: 'can deadlock when the kubelet repeats the stop of a container that a process in D keeps from exiting: it then stays unstoppable after the wait has ended, until CRI-O is restarted',
    fixedIn: '1.31.11, 1.32.7, 1.33.3 and 1.34.0 (some cases remain: cri-o issue 9754)',
    trigger: 'unkillable-container',
    onlyWhenNear: true,
    references: ['https://github.com/cri-o/cri-o/pull/9256', 'https://github.com/cri-o/cri-o/issues/9754'],
  },
];

/** The known defects of a daemon, the most harmful first; none if its version is unknown. */
export function defectsOf(daemon: string, version: string | null): readonly EngineDefect[] {
  return engineDefects.filter(
    (defect) => defect.daemon === daemon && defect.ranges.some((range) => isInRange(version, range) === true),
  );
}
