import type Docker from 'dockerode';
import { type ListedContainer, parseContainerList } from '../parse/container-list.ts';
import type { ContainerInspect, ContainersValue, ContainerValue } from '../sample/containers.ts';
import { absent, failed, ok, pending, type Reading } from '../sample/reading.ts';
import type { Endpoint } from './endpoint.ts';
import { openEngine } from './engine-client.ts';
import { EventStream } from './event-stream.ts';
import { PendingKills } from './pending-kills.ts';
import { Probe } from './probe.ts';

/** The list is asked for again after this even when no event came. */
const listPeriodMs = 10_000;
/** And not sooner than this after the one before, however many events come. */
const shortestListPeriodMs = 1000;
const listDeadlineMs = 10_000;
const inspectPeriodMs = 10_000;
const inspectDeadlineMs = 4000;
const maxOpenInspects = 4;
/** How long a look waits for an answer that is on the way. */
const graceMs = 250;
/** A signal that was not answered by `die` for this long is a reason to inspect. */
const killPatienceMs = 2000;

/**
 * The containers as the engine tells them: one list at the start, then the event stream says when it is worth asking
 * again. Containers that do not behave are inspected, because list and inspect can disagree (the list
 * comes from a replica that a failed removal does not update) and because an inspect that hangs is itself a sign.
 */
export class ContainersCollector {
  readonly #endpoint: Endpoint;
  readonly #kills = new PendingKills();
  readonly #events: EventStream;
  readonly #list: Probe<ListedContainer[]>;
  readonly #inspects = new Map<string, Probe<ContainerInspect>>();
  #engine: Promise<Docker> | null = null;
  #known: { readonly containers: ListedContainer[]; readonly tookMs: number } | null = null;
  #lastListAt = Number.NEGATIVE_INFINITY;
  #stale = true;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#list = new Probe({
      what: 'GET /containers/json',
      periodMs: shortestListPeriodMs,
      deadlineMs: listDeadlineMs,
      ask: (signal) => this.#askList(signal),
    });
    this.#events = new EventStream(() => this.#client(), {
      onOpen: () => {
        this.#kills.clear();
        this.#stale = true;
      },
      onEvent: (event) => {
        this.#kills.note(event);
        this.#stale = true;
      },
    });
  }

  /** Opens the event stream. */
  start(): void {
    void this.#events.run();
  }

  close(): void {
    this.#events.close();
    this.#list.stop();
    for (const probe of this.#inspects.values()) probe.stop();
  }

  /** What is known now, asking what is due; waits a quarter of a second at most. */
  async collect(): Promise<Reading<ContainersValue>> {
    const now = performance.now();
    if (this.#stale || now - this.#lastListAt > listPeriodMs || this.#list.reading.status !== 'ok') {
      const answer = this.#list.poll();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([answer, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))]);
      clearTimeout(timer);
    }
    this.#inspectNeedy();
    const { reading } = this.#list;
    if (reading.status === 'pending') return pending(reading.forMs, reading.detail);
    if (reading.status === 'absent') return absent(`no container engine at ${this.#endpoint.url}`);
    if (reading.status === 'failed') return failed(reading.detail);
    const containers = this.#known?.containers ?? [];
    return ok(
      {
        listMs: this.#known?.tookMs ?? 0,
        events: this.#events.reading,
        containers: containers.map((container) => this.#tell(container)),
        inspected: 0,
        churn: null,
      },
      reading.tookMs,
    );
  }

  #tell(container: ListedContainer): ContainerValue {
    return {
      ...container,
      kill: container.state === 'running' ? this.#kills.of(container.id) : null,
      inspect: this.#inspects.get(container.id)?.reading ?? null,
    };
  }

  async #askList(signal: AbortSignal): Promise<ListedContainer[]> {
    // Before the question: what happens while the engine answers is news again.
    this.#stale = false;
    const started = performance.now();
    this.#lastListAt = started;
    try {
      const engine = await this.#client();
      const containers = parseContainerList(await engine.listContainers({ all: true, abortSignal: signal }));
      this.#known = { containers, tookMs: performance.now() - started };
      this.#kills.keep(new Set(containers.map(({ id }) => id)));
      return containers;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  /** Asks for those that are due: one question at a time for each container, a few at a time in all. */
  #inspectNeedy(): void {
    const needy = new Set((this.#known?.containers ?? []).filter((one) => this.#needsInspect(one)).map(({ id }) => id));
    for (const [id, probe] of this.#inspects) {
      if (needy.has(id)) continue;
      probe.stop();
      this.#inspects.delete(id);
    }
    for (const id of needy) if (!this.#inspects.has(id)) this.#inspects.set(id, this.#inspectProbe(id));
    let open = [...this.#inspects.values()].filter((probe) => probe.open).length;
    for (const probe of this.#inspects.values()) {
      if (open >= maxOpenInspects) return;
      if (probe.open || !probe.due) continue;
      void probe.poll();
      open++;
    }
  }

  #needsInspect(container: ListedContainer): boolean {
    if (container.state === 'removing' || container.state === 'dead') return true;
    const kill = container.state === 'running' ? this.#kills.of(container.id) : null;
    return kill !== null && Date.now() - kill.firstAt > killPatienceMs;
  }

  #inspectProbe(id: string): Probe<ContainerInspect> {
    return new Probe({
      what: `GET /containers/${id.slice(0, 12)}/json`,
      periodMs: inspectPeriodMs,
      deadlineMs: inspectDeadlineMs,
      ask: async (signal) => {
        const engine = await this.#client();
        const { State } = await engine.getContainer(id).inspect({ abortSignal: signal });
        return {
          status: State.Status,
          pid: State.Pid,
          error: State.Error,
          startedAt: null,
          finishedAt: null,
          stopTimeoutSeconds: null,
          init: false,
          logDriver: null,
          logRotated: null,
          mergedDir: null,
          mounts: [],
        };
      },
    });
  }

  async #client(): Promise<Docker> {
    this.#engine ??= openEngine(this.#endpoint);
    return this.#engine;
  }
}
