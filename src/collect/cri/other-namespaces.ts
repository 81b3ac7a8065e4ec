import { criNamespace, readContainerdContainers } from '../../parse/cri/lists.ts';
import type { CriContainer } from '../../sample/cri.ts';
import { dockerNamespaces } from '../../sample/shims.ts';
import { keepSame } from '../keep-same.ts';
import { Probe } from '../probe.ts';
import type { GrpcClient } from './grpc-client.ts';
import { methods } from './methods.ts';

/** Those of the CRI and of dockerd: they list their own containers. */
const listedElsewhere = new Set([criNamespace, ...dockerNamespaces]);
/** A list reads the whole database with every OCI specification, so the events of many containers share one list. */
const shortestPeriodMs = 30_000;
const deadlineMs = 30_000;
const maxNamespaces = 16;

/** The containers of the other namespaces of a containerd (`default` of nerdctl and ctr): listed once, and again after events of theirs. */
export class OtherNamespaces {
  readonly #client: GrpcClient;
  readonly #namespaces: Probe<readonly string[]>;
  readonly #lists = new Map<string, Probe<readonly CriContainer[]>>();
  readonly #newest = new Map<string, readonly CriContainer[]>();
  readonly #due = new Set<string>();

  constructor(client: GrpcClient) {
    this.#client = client;
    this.#namespaces = new Probe({
      what: 'Namespaces/List',
      periodMs: Number.POSITIVE_INFINITY,
      deadlineMs,
      ask: async (signal) => {
        const { namespaces } = await client.call(methods.listNamespaces, null, { signal });
        return namespaces.map(({ name }) => name);
      },
    });
  }

  get containers(): readonly CriContainer[] {
    return [...this.#newest.values()].flat();
  }

  /** Takes note of an event in a namespace. */
  note(namespace: string, what: string): void {
    if (what === 'create' || what === 'delete') this.#due.add(namespace);
  }

  expire(): void {
    this.#namespaces.expire();
    for (const name of this.#newest.keys()) this.#due.add(name);
  }

  async poll(): Promise<void> {
    if (this.#namespaces.due) {
      await this.#namespaces.poll();
      const { reading } = this.#namespaces;
      if (reading.status === 'ok') for (const name of reading.value) this.#due.add(name);
    }
    const names = [...this.#due].filter((name) => !listedElsewhere.has(name)).slice(0, maxNamespaces);
    await Promise.all(names.map((name) => this.#list(name)));
  }

  async #list(namespace: string): Promise<void> {
    const probe = this.#lists.get(namespace) ?? this.#probe(namespace);
    this.#lists.set(namespace, probe);
    if (!probe.due || probe.open) return;
    this.#due.delete(namespace);
    await probe.poll();
    const { reading } = probe;
    if (reading.status === 'ok')
      this.#newest.set(namespace, keepSame(this.#newest.get(namespace) ?? [], reading.value));
    else this.#due.add(namespace);
    this.#forgetEmpty();
  }

  /** A build may make a namespace of its own each time: those that were emptied are forgotten, the longest known first. */
  #forgetEmpty(): void {
    for (const [name, list] of this.#newest) {
      if (this.#newest.size <= maxNamespaces) return;
      if (list.length > 0 || this.#due.has(name)) continue;
      this.#newest.delete(name);
      this.#lists.delete(name);
    }
  }

  #probe(namespace: string): Probe<readonly CriContainer[]> {
    return new Probe({
      what: 'Containers/List',
      periodMs: shortestPeriodMs,
      deadlineMs,
      ask: async (signal) =>
        readContainerdContainers(
          await this.#client.call(methods.listContainerdContainers, null, { signal, namespace }),
          namespace,
        ),
    });
  }
}
