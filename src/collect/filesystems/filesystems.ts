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
  readonly #xfsWaits: boolean;

  constructor(world: World, options: FilesystemsOptions) {
    const { kernel } = options;
    this.#world = world;
    this.#engineRoots = options.engineRoots;
    this.#containerLogs = options.containerLogs ?? (() => []);
    this.#statfs = options.statfs ?? ((path) => fs.statfsSync(path));
    // ab23a7768739 of 5.14 lets statfs(2) wait for inodes that are freed, 5e672cd69f0a of 5.19 no more.
    this.#xfsWaits = kernelAtLeast(kernel, 5, 14) && !kernelAtLeast(kernel, 5, 19);
  }

  /**
   * Looks once.
   *
   * @throws when the mounts cannot be read
   */
  collect(): Reading<FilesystemsValue> {
    const started = performance.now();
    if (!isSameKernel(this.#world)) return absent('these files are not of the kernel that runs here');
    const text = readMountinfo(this.#world);
    const roots = parseDiskMounts(text).roots.map(({ path }) => path);
    const known = [...this.#engineRoots(), ...roots];
    const mounts = parseHoldingMounts(text, [...new Set([...usual, ...known])]).filter(isWritable);
    const filesystems: FilesystemValue[] = [];
    const skipped: FilesystemsValue['skipped'][number][] = [];
    for (const mount of mounts.slice(0, maxFilesystems)) {
      const because = this.#whyNot(mount);
      if (because === null) filesystems.push(...this.#ask(mount, known));
      else skipped.push({ path: mount.path, type: mount.type, because });
    }
    const containerLogs = this.#containerLogs(text);
    return ok({ filesystems, skipped, containerLogs }, performance.now() - started);
  }

  #whyNot(mount: HoldingMount): string | null {
    const { type } = mount;
    if (!magics.has(type) || (type === 'xfs' && this.#xfsWaits)) return `statfs(2) can hang on ${type}`;
    return hasStopped(mount) ? 'it stopped after an error' : null;
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
