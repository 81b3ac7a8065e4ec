import fs from 'node:fs';
import { kernelAtLeast } from '../../base/kernel-release.ts';
import { parseDiskMounts } from '../../parse/proc/disk-mounts.ts';
import { type HoldingMount, parseHoldingMounts } from '../../parse/proc/filesystem-mounts.ts';
import type { ContainerLog, FilesystemsValue, FilesystemValue } from '../../sample/filesystems.ts';
import { absent, ok, type Reading } from '../../sample/reading.ts';
import { liveRoots, type World } from '../world.ts';
import { hasStopped, magics } from './safe-mounts.ts';

/** What the node and its engines write to, where nothing else is known of them. */
const usual: readonly string[] = [
  ...['/', '/var', '/var/log', '/run', '/var/lib/docker', '/var/lib/containerd', '/var/lib/containers'],
  '/var/lib/kubelet',
];
/** A node has a handful of them. */
const maxFilesystems = 12;

/** How full a filesystem is. */
type StatFs = Pick<fs.StatsFs, 'type' | 'bsize' | 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;

interface FilesystemsOptions {
  /** The release of the node's kernel. */
  readonly kernel: string;
  /** The engines' data directories, as they say themselves. */
  readonly engineRoots: () => readonly string[];
  /** How large the logs of containers are, by the node's `mountinfo`. */
  readonly containerLogs?: (mountinfo: string) => readonly ContainerLog[];
  /** statfs(2) */
  readonly statfs?: (path: string) => StatFs;
}

/**
 * Asks the filesystems that engines write to how full they are: one at a time, each announced, none that a server or another
 * process answers for, and none that a reader hung on before.
 */
export class FilesystemsCollector {
  readonly #world: World;
  readonly #engineRoots: () => readonly string[];
  readonly #containerLogs: (mountinfo: string) => readonly ContainerLog[];
  readonly #statfs: (path: string) => StatFs;
  readonly #kernel: string;

  constructor(world: World, options: FilesystemsOptions) {
    this.#world = world;
    this.#kernel = options.kernel;
    this.#engineRoots = options.engineRoots;
    this.#containerLogs = options.containerLogs ?? (() => []);
    this.#statfs = options.statfs ?? ((path) => fs.statfsSync(path));
  }

  /**
   * Polls once.
   *
   * @throws when the mounts cannot be read
   */
  collect(): Reading<FilesystemsValue> {
    const started = performance.now();
    if (!isSameKernel(this.#world)) return absent('these files are not of the kernel that runs here');
    const text = readMountinfo(this.#world);
    const known = [...this.#engineRoots(), ...rootsIn(text)];
    const mounts = wantedMounts(text, known);
    const filesystems = mounts
      .filter((mount) => whyNot(mount, this.#kernel) === null)
      .flatMap((mount) => this.#ask(mount, known));
    const skipped = skippedOf(mounts, this.#kernel);
    const containerLogs = this.#containerLogs(text);
    return ok({ filesystems, skipped, containerLogs }, performance.now() - started);
  }

  /** None when it is not that filesystem: seen from a container the path can lead to another. */
  #ask({ path, device, type, source, holds }: HoldingMount, known: readonly string[]): FilesystemValue[] {
    const { rootfs } = this.#world.roots;
    const place = rootfs === '/' ? path : `${rootfs}${path === '/' ? '' : path}`;
    try {
      this.#world.announce(place, true);
      const { type: magic, bsize, blocks, bfree, bavail, files, ffree } = this.#statfs(place);
      if (magic !== magics.get(type) || blocks === 0) return [];
      // The usual places need not be there: only what is known to be a root of an engine is called one.
      const named = holds.filter((directory) => known.includes(directory) || directory === path);
      return [
        {
          path,
          source,
          type,
          device,
          holds: named,
          totalBytes: blocks * bsize,
          freeBytes: Math.max(bavail, bfree - keptBlocks(type, blocks)) * bsize,
          availableBytes: bavail * bsize,
          inodes: files === 0 ? null : { total: files, free: ffree },
        },
      ];
    } catch {
      // It is not there in this view of the node, may not be asked, or hung before.
      return [];
    }
  }
}

/**
 * Those that are not asked, as far as the mounts alone say where engines write.
 *
 * @throws when the mounts cannot be read
 */
export function skippedFilesystems(world: World, kernel: string): FilesystemsValue['skipped'] {
  const text = readMountinfo(world);
  return skippedOf(wantedMounts(text, rootsIn(text)), kernel);
}

function skippedOf(mounts: readonly HoldingMount[], kernel: string): FilesystemsValue['skipped'] {
  return mounts.flatMap((mount) => {
    const because = whyNot(mount, kernel);
    return because === null ? [] : { path: mount.path, type: mount.type, because };
  });
}

/** Roots of engines whose mounts show them. */
const rootsIn = (mountinfo: string): string[] => parseDiskMounts(mountinfo).roots.map(({ path }) => path);

function wantedMounts(mountinfo: string, known: readonly string[]): HoldingMount[] {
  return parseHoldingMounts(mountinfo, [...new Set([...usual, ...known])])
    .filter(isWritable)
    .slice(0, maxFilesystems);
}

function whyNot(mount: HoldingMount, kernel: string): string | null {
  const { type } = mount;
  // ab23a7768739 of 5.14 lets statfs(2) wait for inodes that are freed, 5e672cd69f0a of 5.19 no more.
  const xfsWaits = kernelAtLeast(kernel, 5, 14) && !kernelAtLeast(kernel, 5, 19);
  if (!magics.has(type) || (type === 'xfs' && xfsWaits)) return `statfs(2) can hang on ${type}`;
  return hasStopped(mount) ? 'it stopped after an error' : null;
}

/** What ext4 lets no process use, not even root's (fs/ext4/super.c ext4_calculate_resv_clusters, from 3.10 on). */
function keptBlocks(type: string, blocks: number): number {
  return type === 'ext4' ? Math.min(Math.floor(blocks / 50), 4096) : 0;
}

/** Where pid 1 may not be asked, our own namespace stands for the host's. */
function readMountinfo(world: World): string {
  // namespace_sem: a reader waits while someone mounts or unmounts.
  return world.tryText(world.proc('1/mountinfo'), true) ?? world.readText(world.proc('self/mountinfo'), true);
}

/** A read-only filesystem is as full as it was made. */
function isWritable({ superOptions }: HoldingMount): boolean {
  return !/^ro(?:,|$)/.test(superOptions);
}

/** A captured tree describes another node: paths of the same name here are other mounts. */
function isSameKernel(world: World): boolean {
  if (world.live) return true;
  const file = 'sys/kernel/random/boot_id';
  const theirs = world.tryText(world.proc(file));
  return theirs !== null && theirs === world.tryText(`${liveRoots.procfs}/${file}`);
}
