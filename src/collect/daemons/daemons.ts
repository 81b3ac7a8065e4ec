import { parseFileHandles } from '../../parse/proc/file-nr.ts';
import type { DaemonsValue, FileHandles } from '../../sample/daemons.ts';
import { type FoundRuntime, RuntimeFinder } from '../cri/finder.ts';
import { runtimeName } from '../cri/runtime-name.ts';
import { ContainedProcesses } from '../processes/contained.ts';
import type { ProcessTable } from '../processes/table.ts';
import { settledWithin } from '../settled-within.ts';
import type { World } from '../world.ts';
import { Daemon, type DaemonsOptions } from './daemon.ts';
import { EndedRuntimes } from './ended-runtimes.ts';
import { kubeletNames } from './healthz.ts';
import { OtherDaemons } from './others.ts';
import type { StackTarget } from './stacks.ts';

/** How long a tick waits for answers on the way; later ones go with the next tick. */
const graceMs = 250;
/** The kernel sums the count up over all processors. */
const fileHandlesPeriodMs = 5000;
/** Runtimes beside the containerd of the node that have a row of their own; more stay among the others. */
const maxRuntimes = 6;

/**
 * dockerd, every containerd and CRI-O of the node, and every `--pprof` daemon: the process according to the kernel, the Go
 * runtime according to its pprof index page and `/debug/vars`. Never a profile: those stop the daemon's world.
 */
export class DaemonsCollector {
  readonly #daemons: readonly Daemon[];
  readonly #world: World;
  readonly #others: OtherDaemons;
  readonly #finder: RuntimeFinder;
  readonly #open: (name: string, comm: string) => Daemon;
  /** By socket: a runtime keeps its row when it ends, and has it again when it is started anew. */
  readonly #runtimes = new Map<string, Daemon>();
  readonly #ended = new EndedRuntimes(maxRuntimes);
  readonly #table: ProcessTable;
  readonly #contained: ContainedProcesses;
  #firstAnswers: Promise<unknown> | null = null;
  #fileHandles: FileHandles | null = null;
  #fileHandlesAt = Number.NEGATIVE_INFINITY;
  /** Null on a node without a kubelet, and where it was named with `--pprof`. */
  #kubelet: Daemon | null = null;

  constructor(world: World, table: ProcessTable, options: DaemonsOptions) {
    this.#world = world;
    this.#table = table;
    this.#contained = new ContainedProcesses(world, table);
    this.#others = new OtherDaemons(world, table);
    this.#finder = new RuntimeFinder(world, table);
    this.#open = (name, comm) => new Daemon(name, world, table, options, comm);
    const named = [...options.pprof].filter(([name]) => name !== 'dockerd' && name !== 'containerd');
    const dockerd = new Daemon('dockerd', world, table, options);
    const containerd = new Daemon('containerd', world, table, options);
    containerd.partner = dockerd;
    this.#daemons = [dockerd, containerd, ...named.map(([name]) => new Daemon(name, world, table, options))];
  }

  /** Polls once; waits for the network for a quarter of a second at most. */
  async collect(): Promise<DaemonsValue> {
    const uptimeSeconds = this.#world.uptimeSeconds();
    const runtimes = this.#findAll();
    const all = [...this.#daemons, ...runtimes, ...this.#findKubelet()];
    const answers = Promise.all(all.map((daemon) => daemon.poll()));
    this.#firstAnswers ??= answers;
    await settledWithin(answers, graceMs);
    this.#world.onResume();
    const watched = new Set(all.map(({ pid }) => pid).filter((pid) => pid !== null));
    const others = this.#others.collect(watched);
    return {
      daemons: all.map((daemon) => daemon.describe(uptimeSeconds)),
      fileHandles: this.#readFileHandles(),
      others,
    };
  }

  /** The daemons whose goroutines can be requested, over the existing connection. */
  stackTargets(): StackTarget[] {
    const all = [...this.#daemons, ...this.#runtimes.values()];
    return all.map((daemon) => daemon.stackTarget).filter((target) => target !== null);
  }

  /** Resolves when what was asked at the first poll is answered or given up. */
  async firstAnswers(): Promise<void> {
    await this.#firstAnswers;
  }

  /** The data directories that the engines reported. */
  engineRoots(): string[] {
    return this.#daemons.map((daemon) => daemon.rootDir).filter((path) => path !== null);
  }

  close(): void {
    for (const daemon of [...this.#daemons, ...this.#runtimes.values()]) daemon.close();
    this.#kubelet?.close();
  }

  /**
   * The kubelet of the node, from the first sight of its process on. One in a container (kind) is another node's, except where it has the
   * pid namespace of the node: Talos and RKE 1 run theirs so.
   */
  #findKubelet(): Daemon[] {
    if (this.#daemons.some(({ name }) => name === 'kubelet')) return [];
    const all = kubeletNames.flatMap((name) => this.#table.named(name));
    const found =
      all.find((entry) => !this.#contained.has(entry)) ?? all.find((entry) => this.#contained.seesNode(entry));
    if (found !== undefined) this.#kubelet ??= this.#open('kubelet', found.stat.comm);
    this.#kubelet?.follow(found ?? null);
    return this.#kubelet === null ? [] : [this.#kubelet];
  }

  /** The runtimes beside the daemons that are always looked for. */
  #findAll(): Daemon[] {
    const all = this.#finder.find();
    // By its socket also when it was started anew: it is not taken for another one that ended.
    const taken = new Set(all.filter(({ socket }) => this.#runtimes.has(socket)).map(({ entry }) => entry.stat.pid));
    // One in a container can listen at a path of the same name, and be older than a daemon that was started anew.
    for (const daemon of this.#daemons)
      daemon.find((entry) => !taken.has(entry.stat.pid) && !this.#contained.has(entry));
    const own = new Set(this.#daemons.map(({ pid }) => pid));
    const found = all.filter(({ entry }) => !own.has(entry.stat.pid));
    this.#forgetEnded(found);
    for (const { kind, socket } of found) {
      if (this.#runtimes.has(socket) || this.#runtimes.size >= maxRuntimes) continue;
      this.#runtimes.set(socket, this.#open(this.#freeName(runtimeName(kind, socket)), kind));
    }
    const entries = new Map(found.map(({ socket, entry }) => [socket, entry]));
    for (const [socket, daemon] of this.#runtimes) daemon.follow(entries.get(socket) ?? null);
    return [...this.#runtimes.values()];
  }

  #forgetEnded(found: readonly FoundRuntime[]): void {
    const running = new Set(found.map(({ socket }) => socket));
    const isLeft = (socket: string): boolean => this.#world.isSocket(this.#world.host(socket));
    for (const socket of this.#ended.lost(new Set(this.#runtimes.keys()), running, isLeft)) {
      this.#runtimes.get(socket)?.close();
      this.#runtimes.delete(socket);
    }
  }

  #freeName(wanted: string): string {
    const names = new Set([...this.#daemons, ...this.#runtimes.values()].map(({ name }) => name));
    let name = wanted;
    for (let count = 2; names.has(name); count++) name = `${wanted}-${count}`;
    return name;
  }

  #readFileHandles(): FileHandles | null {
    const now = performance.now();
    if (now - this.#fileHandlesAt < fileHandlesPeriodMs) return this.#fileHandles;
    this.#fileHandlesAt = now;
    try {
      this.#fileHandles = parseFileHandles(this.#world.readText(this.#world.proc('sys/fs/file-nr')));
    } catch {
      this.#fileHandles = null;
    }
    return this.#fileHandles;
  }
}
