import { type ClusterNode, clusterFleet, ownCondition, parseNodeList } from './conditions.ts';
import type { Fleet } from './fleet.ts';
import { FleetRounds } from './fleet-rounds.ts';

interface KubernetesSourceOptions {
  /** Gives the body of a path of the API server, or rejects with the reason. */
  readonly get: (path: string) => Promise<string>;
  readonly intervalMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Nodes of a page, so that neither side holds the whole of a large cluster at once: a node has 10 to 20 kB. */
const pageSize = 500;
/** A list that goes on and on is none. */
const mostPages = 100;

/** All nodes of a cluster, from the conditions that node-problem-detector and the kubelet set: one list a round, in pages. */
export class KubernetesSource extends FleetRounds {
  readonly #get: KubernetesSourceOptions['get'];
  #nodes: readonly ClusterNode[] | null = null;

  constructor({ get, ...options }: KubernetesSourceOptions) {
    super({ system: 'Kubernetes', questions: ['node conditions'], ...options });
    this.#get = get;
  }

  /** Without trends there is nothing more to ask. */
  override show(): void {}

  protected override async gather(): Promise<Fleet | null> {
    await this.answer('node conditions', async () => {
      this.#nodes = await this.#list();
      const isJudged = this.#nodes.length === 0 || this.#nodes.some((node) => node.isJudged);
      return isJudged
        ? null
        : `no node has a current condition ${ownCondition}: node-problem-detector sets it (docs/fleet.md)`;
    });
    return this.#nodes === null ? null : clusterFleet(this.#nodes);
  }

  async #list(): Promise<ClusterNode[]> {
    const all: ClusterNode[] = [];
    let next: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const after: string = next === null ? '' : `&continue=${encodeURIComponent(next)}`;
      const body = await this.#get(`/api/v1/nodes?limit=${pageSize}${after}`);
      const parsed = parseNodeList(body, this.now());
      all.push(...parsed.nodes);
      next = parsed.next;
      if (next === null) return all;
    }
    throw new Error(`the list of nodes has more than ${mostPages} pages`);
  }
}
