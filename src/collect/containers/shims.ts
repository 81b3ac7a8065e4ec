import { podName } from '../../parse/cri/conmon.ts';
import { isDaemonOrShim, isDockerd, isShim, type ShimBundle, shimBundle } from '../../parse/engine/shim-bundle.ts';
import type { ShimsValue, ShimValue } from '../../sample/shims.ts';
import { kernelRelease } from '../host.ts';
import { keepSame } from '../keep-same.ts';
import { isBlocked, ProcessContainers } from '../processes/containers.ts';
import { ageOf, type ProcessEntry, type ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';
import { BundleNames } from './bundle-names.ts';
import { Conmons } from './conmons.ts';
import { ShimMemory } from './shim-memory.ts';
import { ShimPrograms } from './shim-programs.ts';
import { ContainerTrees } from './trees.ts';

/** Threads in D of one shim whose wait is listed: they wait for the same unmount. */
const maxWaits = 8;

/**
 * The shims of the node and what runs below each, from the process table: in addition it reads a link or two per shim, once,
 * and one cgroup per container.
 */
export class ShimsCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #trees: ContainerTrees;
  readonly #bundles = new WeakMap<ProcessEntry, string>();
  readonly #names: BundleNames;
  readonly #conmons: Conmons;
  readonly #memory: ShimMemory;
  readonly #programs: ShimPrograms;
  #newest: ShimsValue | null = null;

  /** @param kernel the release of the node's kernel */
  constructor(world: World, table: ProcessTable, kernel: string = kernelRelease(world)) {
    this.#world = world;
    this.#table = table;
    this.#names = new BundleNames(world);
    this.#conmons = new Conmons(world);
    this.#programs = new ShimPrograms(world);
    this.#memory = new ShimMemory(world, this.#programs);
    this.#trees = new ContainerTrees(world, table, new ProcessContainers(world, table, kernel));
  }

  /**
   * Polls once.
   *
   * @throws if the process table was never read, or the uptime is unreadable
   */
  collect(): ShimsValue {
    if (!this.#table.scanned) throw new Error('needs the source "processes", which is disabled');
    const uptimeSeconds = this.#world.uptimeSeconds();
    this.#trees.begin();
    this.#memory.begin();
    const entries = [...this.#table.entries.values()]
      .filter((entry) => this.#isShim(entry) || this.#conmons.of(entry) !== null)
      .sort((a, b) => a.stat.pid - b.stat.pid);
    const bundles = entries.flatMap((entry) => (this.#conmons.of(entry) === null ? (this.#bundleOf(entry) ?? []) : []));
    const named = this.#names.collect(bundles);
    const shims = entries.map((entry) => this.#valueOf(entry, uptimeSeconds));
    const commands = entries.flatMap((entry) => this.#conmons.of(entry) ?? []);
    const names = keepSame(this.#newest?.names ?? [], [
      ...named,
      ...commands.flatMap(({ id, name }) => podName(id, name) ?? []),
    ]);
    const plainNames = keepSame(this.#newest?.plainNames ?? [], [
      ...this.#names.plain,
      ...commands.flatMap(({ id, name, engine }) =>
        engine === 'podman' && name !== null ? [{ id, name, engine }] : [],
      ),
    ]);
    this.#newest = {
      shims,
      orphans: this.#trees.orphans(),
      ...(names.length === 0 ? {} : { names }),
      ...(plainNames.length === 0 ? {} : { plainNames }),
    };
    return this.#newest;
  }

  /** The containers that the newest poll found below shims, without those that dockerd lists itself. */
  get containerIds(): string[] {
    const others = (this.#newest?.shims ?? []).filter(({ runtimeNamespace }) => runtimeNamespace !== 'moby');
    return others.flatMap(({ containers }) => containers.map(({ containerId }) => containerId));
  }

  /** The containers of containerd that the newest poll found, and that have names for ids. */
  get namedTasks(): { readonly namespace: string; readonly id: string }[] {
    return (this.#newest?.shims ?? []).flatMap(({ runtimeNamespace: namespace, bundleId: id }) =>
      namespace === null || id === null || fullId.test(id) ? [] : [{ namespace, id }],
    );
  }

  #valueOf(entry: ProcessEntry, uptimeSeconds: number): ShimValue {
    const { stat } = entry;
    const watched = this.#conmons.of(entry);
    const bundle = watched === null ? this.#bundleOf(entry) : watched.bundle;
    const known = watched === null ? shimBundle(bundle ?? '') : { namespace: watched.engine, id: watched.id };
    const own = watched?.isPods === true ? null : containerOfBundle(known);
    const pod = known === null || own !== null ? null : { id: known.id, tasks: this.#names.tasksIn(known.id) };
    const containers = this.#trees.below(entry, own, pod);
    // A pod of CRI-O often has no pause process: then no container has its id.
    const isNamed = watched?.isPods !== true || containers.some(({ containerId }) => containerId === watched.id);
    const rssBytes = watched === null ? this.#memory.of(entry) : null;
    return {
      pid: stat.pid,
      starttime: stat.starttime,
      ageSeconds: ageOf(stat, uptimeSeconds),
      comm: stat.comm,
      state: stat.state,
      waits: this.#waitsOf(entry),
      mountNamespace: this.#mountNamespaceOf(entry),
      bundle,
      runtimeNamespace: known?.namespace ?? null,
      bundleId: isNamed ? (known?.id ?? null) : null,
      // A conmon without a child is on its way out.
      ...(bundle === null || watched !== null || this.#trees.childrenOf(stat.pid).length > 0
        ? {}
        : this.#idle(entry, bundle)),
      ...(rssBytes === null ? {} : { rssBytes }),
      // Only of the CRI's is it asked: there a shim without runc has one sandbox for all containers of the pod.
      ...(known?.namespace === 'k8s.io' && this.#programs.isRunc(entry) === false ? { ownSandbox: true } : {}),
      containers,
    };
  }

  /** A zombie shim has nothing below it and waits to be reaped. The old daemon shares its name with its shims. */
  #isShim(entry: ProcessEntry): boolean {
    const { stat } = entry;
    if (!isShim(stat.comm) || stat.state === 'Z') return false;
    if (!isDaemonOrShim(stat.comm)) return true;
    const isDaemon =
      isDockerd(this.#table.entries.get(stat.ppid)?.stat.comm ?? '') ||
      this.#trees.childrenOf(stat.pid).some((child) => child.stat.comm === stat.comm);
    return !isDaemon && (this.#trees.childrenOf(stat.pid).length > 0 || this.#bundleOf(entry) !== null);
  }

  /** A shim works in its bundle as long as it lives. */
  #bundleOf(entry: ProcessEntry): string | null {
    const known = this.#bundles.get(entry);
    if (known !== undefined) return known;
    const path = this.#world.tryLink(this.#world.proc(`${entry.stat.pid}/cwd`));
    // The path of a directory that was removed below the shim.
    const bundle = path?.replace(/ \(deleted\)$/, '') ?? null;
    if (bundle === null || shimBundle(bundle) === null) return null;
    this.#bundles.set(entry, bundle);
    return bundle;
  }

  /** What is known of a shim without children; a child of any kind may be the runtime at work. */
  #idle(entry: ProcessEntry, bundle: string): Pick<ShimValue, 'initGone' | 'childless' | 'bundleGone'> {
    const path = this.#world.tryLink(this.#world.proc(`${entry.stat.pid}/cwd`));
    return {
      ...(this.#isInitGone(bundle) ? { initGone: true } : {}),
      childless: true,
      ...(path?.endsWith(' (deleted)') === true ? { bundleGone: true } : {}),
    };
  }

  /** `init.pid` is written by the shims of runc and crun, in memory (`/run`). */
  #isInitGone(bundle: string): boolean {
    const text = this.#world.tryText(this.#world.host(`${bundle}/init.pid`))?.trim() ?? '';
    return /^\d+$/.test(text) && !this.#table.entries.has(Number(text));
  }

  #waitsOf(entry: ProcessEntry): string[] {
    if (!isBlocked(entry)) return [];
    const { pid, state } = entry.stat;
    const tids = entry.blockedThreads.map((thread) => `${pid}/task/${thread.pid}`);
    const waits = (state === 'D' ? [`${pid}`, ...tids] : tids)
      .slice(0, maxWaits)
      .map((task) => this.#world.tryText(this.#world.proc(`${task}/wchan`))?.trim() ?? '');
    return [...new Set(waits.filter((wchan) => wchan !== '' && wchan !== '0'))];
  }

  #mountNamespaceOf(entry: ProcessEntry): string | null {
    entry.mountNamespace ??= /\[(\d+)\]/.exec(
      this.#world.tryLink(this.#world.proc(`${entry.stat.pid}/ns/mnt`)) ?? '',
    )?.[1];
    return entry.mountNamespace ?? null;
  }
}

const fullId = /^[0-9a-f]{64}$/;

/** The container that a shim was started for; a shim of the CRI stands for a pod of several. */
function containerOfBundle(bundle: ShimBundle | null): string | null {
  return bundle === null || bundle.namespace === 'k8s.io' ? null : bundle.id;
}
