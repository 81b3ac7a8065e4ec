import { parseCniEnvironment } from '../../parse/cri/cni-environment.ts';
import { isConmon } from '../../parse/cri/conmon.ts';
import { isRuntime } from '../../parse/engine/runtime-command.ts';
import { isShim } from '../../parse/engine/shim-bundle.ts';
import type { CniPlugin } from '../../sample/cni.ts';
import type { World } from '../world.ts';
import { isBlocked } from './containers.ts';
import { ageOf, type ProcessEntry, type ProcessTable } from './table.ts';

/** The network of a pod is set up within a second or two, and with some clouds within ten. */
const oldSeconds = 20;
/** No rule and no reader needs more than this: five thousand were seen behind one file lock. */
const maxPlugins = 64;
const maxDepth = 4;
const maxThreads = 16;
/** Those after these wait for the same. */
const maxWaits = 8;

/** What starts CNI plugins; a containerd of k3s, RKE2 and the like has that name too. */
const starters = ['containerd', 'crio', 'cri-dockerd', 'kubelet'] as const;

/** Other children of those that may live for long, whose environment says nothing. */
const isOther = (comm: string): boolean => isShim(comm) || isRuntime(comm) || isConmon(comm);

/** Programs of that name need no further proof (containernetworking/plugins, and the agents met most often). */
const known: ReadonlySet<string> = new Set([
  ...['bridge', 'host-local', 'loopback', 'portmap', 'ptp', 'macvlan', 'ipvlan', 'vlan', 'bandwidth', 'firewall'],
  ...['host-device', 'tuning', 'dhcp', 'flannel', 'calico', 'calico-ipam', 'cilium-cni', 'multus', 'multus-shim'],
  ...['aws-cni', 'azure-vnet', 'weave-net', 'istio-cni', 'kube-ovn', 'ovn-k8s-cni-ove', 'antrea'],
]);

/** Where an idle thread of a Go program, or a parent of another process, sleeps. */
const idle = /^(?:futex_|do_futex|ep_poll|do_epoll|do_wait|hrtimer_nanosleep|0?$)/;

type About = NonNullable<ReturnType<typeof parseCniEnvironment>>;

/** CNI plugins that have lived for longer than their work takes. */
export class CniPlugins {
  readonly #world: World;
  readonly #table: ProcessTable;
  /** Null: not a plugin. */
  readonly #known = new WeakMap<ProcessEntry, About | null>();

  constructor(world: World, table: ProcessTable) {
    this.#world = world;
    this.#table = table;
  }

  describe(uptimeSeconds: number): CniPlugin[] {
    const parents = new Map<number, string>();
    for (const comm of starters) {
      for (const { stat } of this.#table.byComm.get(comm) ?? []) parents.set(stat.pid, comm);
    }
    if (parents.size === 0) return [];
    const found: [ProcessEntry, About | null][] = [];
    for (const entry of this.#table.entries.values()) {
      const { stat } = entry;
      const parent = parents.get(stat.ppid);
      // Between fork and exec a child has the name of its parent.
      if (parent === undefined || isOther(stat.comm) || stat.comm === parent || stat.state === 'Z') continue;
      if (ageOf(stat, uptimeSeconds) < oldSeconds) continue;
      const about = this.#aboutOf(entry);
      if (about === null && !known.has(stat.comm)) continue;
      found.push([entry, about]);
      if (found.length === maxPlugins) break;
    }
    const children = found.length === 0 ? new Map<number, ProcessEntry>() : this.#children();
    return found.map(([entry, about], index): CniPlugin => {
      const { pid, starttime, ppid, comm, state } = entry.stat;
      const innermost = innermostOf(entry, children);
      return {
        pid,
        starttime,
        comm,
        ppid,
        parentComm: parents.get(ppid) ?? '',
        state,
        ageSeconds: ageOf(entry.stat, uptimeSeconds),
        command: about?.command ?? null,
        sandboxId: about?.sandboxId ?? null,
        pod: about?.pod ?? null,
        // Between fork and exec its child has its name: what it is to be is not known yet.
        waitsFor: innermost.stat.comm === comm ? null : innermost.stat.comm,
        waits: index < maxWaits ? this.#waitsOf(innermost.stat.pid) : [],
      };
    });
  }

  /** The environment takes the memory map's lock, which a thread in D may hold. */
  #aboutOf(entry: ProcessEntry): About | null {
    const before = this.#known.get(entry);
    if (before !== undefined || isBlocked(entry)) return before ?? null;
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/environ`), true);
    const about = text === null ? null : parseCniEnvironment(text);
    this.#known.set(entry, about);
    return about;
  }

  #children(): Map<number, ProcessEntry> {
    const living = [...this.#table.entries.values()].filter(({ stat }) => stat.state !== 'Z');
    return new Map(living.map((entry) => [entry.stat.ppid, entry]));
  }

  #waitsOf(pid: number): string[] {
    const threads = (this.#world.tryList(this.#world.proc(`${pid}/task`)) ?? []).slice(0, maxThreads);
    const waits = threads.map((tid) => this.#world.tryText(this.#world.proc(`${pid}/task/${tid}/wchan`))?.trim() ?? '');
    return [...new Set(waits.filter((wchan) => !idle.test(wchan)))];
  }
}

/** A plugin runs the one for its addresses, and a meta plugin those that it delegates to. */
function innermostOf(entry: ProcessEntry, children: ReadonlyMap<number, ProcessEntry>): ProcessEntry {
  let innermost = entry;
  for (let depth = 0; depth < maxDepth; depth++) {
    const child = children.get(innermost.stat.pid);
    if (child === undefined) break;
    innermost = child;
  }
  return innermost;
}
