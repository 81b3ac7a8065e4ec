import type { CriRuntime, CriValue } from '../../sample/cri.ts';
import { absent, failed, ok, type Reading } from '../../sample/reading.ts';
import { isBlocked } from '../processes/containers.ts';
import type { ProcessTable } from '../processes/table.ts';
import { settledWithin } from '../settled-within.ts';
import type { World } from '../world.ts';
import { DiskStatuses } from './disk-statuses.ts';
import { type FoundRuntime, RuntimeFinder } from './finder.ts';
import { RuntimeWatch } from './runtime-watch.ts';

/** How long a poll waits for answers that are on the way. */
const graceMs = 250;

interface CriOptions {
  /** `--cri`: these sockets and no others; empty for every one that is found. */
  readonly named: readonly string[];
  /** Ids of containers as their shims know them. */
  readonly knownIds: () => readonly string[];
}

/** One runtime that is asked. */
interface Asked {
  readonly kind: CriRuntime['kind'];
  readonly socket: string;
  readonly watch: RuntimeWatch;
  readonly disk: DiskStatuses;
  pid: number | null;
  identity: string;
  /** Only its socket was found: a file that may be left over. */
  guessed: boolean;
}

/** Every containerd and CRI-O of the node, as each describes itself. */
export class CriCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #finder: RuntimeFinder;
  readonly #options: CriOptions;
  readonly #asked = new Map<string, Asked>();

  #firstAnswers: Promise<unknown> | null = null;

  constructor(world: World, table: ProcessTable, options: CriOptions) {
    this.#world = world;
    this.#table = table;
    this.#finder = new RuntimeFinder(world, table);
    this.#options = options;
  }

  /** Polls once; waits for answers for a quarter of a second at most. */
  async collect(): Promise<Reading<CriValue>> {
    const started = performance.now();
    this.#find();
    if (this.#asked.size === 0) {
      const hidden = this.#mayConnect ? this.#finder.hidden() : null;
      if (hidden !== null)
        return failed(`the sockets of ${hidden}: permission denied (run as root with CAP_SYS_PTRACE)`);
      return absent('no containerd and no CRI-O');
    }
    const all = [...this.#asked.values()];
    const answers = Promise.all(all.map(({ watch }) => watch.poll()));
    this.#firstAnswers ??= answers;
    await settledWithin(answers, graceMs);
    this.#world.onResume();
    const asked = all.filter(({ guessed, watch }) => !guessed || watch.hasAnswered);
    if (asked.length === 0) return absent('no containerd and no CRI-O');
    const runtimes = asked.map((one) => this.#describe(one));
    const missing = runtimes.find(({ ping }) => ping.status === 'absent');
    if (missing !== undefined && this.#options.named.length > 0)
      return failed(`no container runtime at ${missing.socket}`);
    return ok({ runtimes }, performance.now() - started);
  }

  /** With what its files say, while it says nothing itself and no thread of it waits for a disk. */
  #describe({ kind, watch, disk, socket, pid }: Asked): CriRuntime {
    const value = watch.value(socket, pid);
    if (kind !== 'containerd' || !watch.isMute) return value;
    const entry = pid === null ? undefined : this.#table.entries.get(pid);
    if (entry !== undefined && !isBlocked(entry)) disk.read(this.#options.knownIds());
    const diskStatuses = disk.list;
    return diskStatuses.length === 0 ? value : { ...value, diskStatuses };
  }

  /** Resolves when the runtimes of the first poll have listed their containers, or failed to. */
  async firstAnswers(): Promise<void> {
    await this.#firstAnswers;
  }

  /** Where the runtimes keep their containers, as far as they say. */
  get storageRoots(): string[] {
    const asked = [...this.#asked.values()];
    return asked.flatMap(({ watch, socket, pid }) => watch.value(socket, pid).storage?.root ?? []);
  }

  /** The containers and pods of the newest lists. */
  get lists(): Pick<CriRuntime, 'containers' | 'sandboxes'>[] {
    return [...this.#asked.values()].map(({ watch, socket, pid }) => watch.value(socket, pid));
  }

  close(): void {
    for (const { watch } of this.#asked.values()) watch.close();
  }

  #find(): void {
    const found = new Map(this.#mayConnect ? this.#finder.find().map((one) => [`unix://${one.socketPath}`, one]) : []);
    const { named } = this.#options;
    const unseen = new Set(
      this.#mayConnect && named.length === 0 ? this.#finder.unseen().map((path) => `unix://${path}`) : [],
    );
    const wanted = named.length > 0 ? named : [...new Set([...this.#asked.keys(), ...found.keys(), ...unseen])];
    for (const url of wanted) {
      const runtime = found.get(url);
      // The daemons source reports a runtime that is gone; here its containers have no list.
      if (runtime === undefined && named.length === 0 && !(unseen.has(url) && this.#mayBeUnseen(url)))
        this.#forget(url);
      else this.#take(url, runtime);
    }
  }

  /** A captured tree is of another node: the sockets that its processes listened on are not here. */
  get #mayConnect(): boolean {
    return this.#world.live || this.#world.roots.rootfs !== '/';
  }

  /** One whose process was seen, and is not any more, has ended: its socket is left over until the next start. */
  #mayBeUnseen(url: string): boolean {
    return this.#asked.get(url)?.guessed !== false;
  }

  #take(url: string, runtime: FoundRuntime | undefined): void {
    const stat = runtime?.entry.stat;
    const identity = stat === undefined ? '' : `${stat.pid} ${stat.starttime}`;
    const guessed = runtime === undefined && this.#options.named.length === 0;
    const known = this.#asked.get(url);
    if (known === undefined) {
      const socketPath = url.slice('unix://'.length);
      const kind = runtime?.kind ?? (socketPath.includes('crio') ? 'crio' : 'containerd');
      const watch = new RuntimeWatch({ kind, socketPath, knownIds: this.#options.knownIds });
      const socket = runtime === undefined ? url : `unix://${runtime.socket}`;
      const disk = new DiskStatuses(this.#world, socket.slice('unix://'.length));
      this.#asked.set(url, { kind, socket, watch, disk, pid: stat?.pid ?? null, identity, guessed });
      return;
    }
    if (identity !== known.identity) known.watch.expire();
    known.identity = identity;
    known.guessed = guessed;
    known.pid = stat?.pid ?? null;
  }

  #forget(url: string): void {
    this.#asked.get(url)?.watch.close();
    this.#asked.delete(url);
  }
}
