import { absent, type Reading } from '../../sample/reading.ts';
import { Probe } from '../probe.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import { DebugClient } from './debug-client.ts';

/** The names of a kubelet's process: its own, and those of k3s and microk8s, in which it runs. */
export const kubeletNames = ['kubelet', 'kubelite', 'k3s-server', 'k3s-agent'] as const;

/** Its default (`healthzPort`), on the loopback address only. It needs no credentials and takes no lock. */
const url = 'http://127.0.0.1:10248';
const periodMs = 10_000;
const deadlineMs = 5000;

/**
 * Whether the kubelet says that it is well: `GET /healthz`, the only page that it gives without credentials. HTTP 500 is its word
 * for a sync loop that does not advance (pkg/kubelet, syncLoopHealthCheck).
 */
export class Healthz {
  readonly #world: World;
  readonly #client: DebugClient;
  readonly #probe: Probe<{ readonly ms: number }>;
  #isHere = false;

  /** @param at another address than the kubelet's default, for tests */
  constructor(world: World, at: string = url) {
    this.#world = world;
    const client = DebugClient.forUrl(at);
    this.#client = client;
    this.#probe = new Probe({
      what: `GET ${at}/healthz`,
      periodMs,
      deadlineMs,
      ask: async (signal) => {
        const started = performance.now();
        await client.get('/healthz', signal);
        return { ms: performance.now() - started };
      },
    });
  }

  get reading(): Reading<{ readonly ms: number }> {
    if (!this.#isHere) return absent('its network namespace is not that of rtwatch: healthz is not requested');
    const { reading } = this.#probe;
    // healthzPort can be another one, or 0 for none.
    return reading.status === 'failed' && reading.detail.includes('connection refused')
      ? absent(reading.detail)
      : reading;
  }

  /** Requests it, if it is due: only of a kubelet whose loopback address is ours. */
  async poll({ stat }: ProcessEntry): Promise<void> {
    this.#isHere = this.#isSameNetwork(stat.pid);
    if (!this.#isHere) return;
    await this.#client.prepare();
    await this.#probe.poll();
  }

  /** Another process answers now. */
  expire(): void {
    this.#probe.expire();
  }

  close(): void {
    this.#probe.stop();
    this.#client.close();
  }

  #isSameNetwork(pid: number): boolean {
    if (!this.#world.live) return false;
    const own = this.#world.tryLink(this.#world.proc('self/ns/net'));
    return own !== null && own === this.#world.tryLink(this.#world.proc(`${pid}/ns/net`));
  }
}
