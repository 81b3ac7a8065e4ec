import type { ListedContainer } from '../../parse/engine/list.ts';
import type { ContainerInspect, ContainersValue, PendingKill } from '../../sample/containers.ts';
import { absent, failed, ok, okValue, pending, type Reading } from '../../sample/reading.ts';
import { inspectContainer, listContainers, openEngine } from '../engine/client.ts';
import type { Endpoint } from '../engine/endpoint.ts';
import { EventStream } from '../engine/event-stream.ts';
import type { Gate } from '../engine/gate.ts';
import type { Engine } from '../engine/request.ts';
import { keepSame } from '../keep-same.ts';
import { Probe } from '../probe.ts';
import { settledWithin } from '../settled-within.ts';
import { ContainerChurnCounter } from './churn.ts';
import { DescribedContainers } from './described.ts';
import { Inspections } from './inspections.ts';
import { PendingKills } from './pending-kills.ts';

/** The list is requested again after this even without an event. */
const listPeriodMs = 10_000;
/** And not sooner than this after the one before, however many events come. */
const shortestListPeriodMs = 1000;
const listDeadlineMs = 10_000;
/** How long a poll waits for an answer that is on its way. */
const graceMs = 250;
/** A signal that was not answered by `die` for this long is a reason to inspect. */
const killPatienceMs = 2000;
/** How the engine was chosen. */
interface ContainersOptions {
  /** The endpoint was named by a person: that it is not there is a fault, and not calm. */
  readonly named?: boolean;
  /** What else to name where no engine is at the endpoint; null for nothing. */
  readonly otherEngine?: () => string | null;
  readonly gate: Gate;
}

/** States in which a signal waits for an answer. A paused container's tasks take it when they are thawed. */
const living = new Set(['running', 'paused', 'restarting']);

/**
 * The containers as the engine reports them: one list at the start, then the event stream says when another is worth a
 * request. Containers that misbehave are inspected, because list and inspect can disagree (the list comes from a replica
 * that a failed removal does not update). The others are inspected in turn, because a container whose lock is held looks
 * normal otherwise: its inspect hangs, and no event says so.
 */
export class ContainersCollector {
  readonly #endpoint: Endpoint;
  readonly #named: boolean;
  readonly #otherEngine: () => string | null;
  readonly #gate: Gate;
  readonly #kills = new PendingKills();
  readonly #events: EventStream;
  readonly #list: Probe<readonly ListedContainer[]>;
  readonly #churn = new ContainerChurnCounter();
  readonly #inspections = new Inspections((id, signal) => this.#askInspect(id, signal));
  readonly #described = new DescribedContainers((container) => ({
    kill: this.#killOf(container),
    inspect: this.#inspections.of(container.id, this.#needsInspect(container)),
    settings: this.#inspections.settingsOf(container.id),
  }));
  readonly #firstAnswer = Promise.withResolvers<void>();
  #engine: Promise<Engine> | null = null;
  #known: { readonly containers: readonly ListedContainer[]; readonly tookMs: number } | null = null;
  #lastListAt = Number.NEGATIVE_INFINITY;
  #stale = true;

  constructor(endpoint: Endpoint, { named = false, otherEngine = () => null, gate }: ContainersOptions) {
    this.#endpoint = endpoint;
    this.#named = named;
    this.#otherEngine = otherEngine;
    this.#gate = gate;
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
        this.#churn.note(event);
        this.#kills.note(event, this.#stopTimeoutOf(event.containerId));
        this.#stale = true;
      },
    });
  }

  /** Of the newest list. */
  get listedIds(): string[] {
    return (this.#known?.containers ?? []).map(({ id }) => id);
  }

  /** Resolves when the first list is there, or failed. */
  get firstAnswer(): Promise<void> {
    return this.#firstAnswer.promise;
  }

  /** Opens the event stream. */
  start(): void {
    void this.#events.run();
  }

  close(): void {
    this.#events.close();
    this.#list.stop();
    this.#inspections.stop();
  }

  /** What is known now, asking what is due; waits a quarter of a second at most. */
  async collect(): Promise<Reading<ContainersValue>> {
    const now = performance.now();
    if (this.#stale || now - this.#lastListAt > listPeriodMs || this.#list.reading.status !== 'ok') {
      const answer = this.#list.poll();
      void answer.then(this.#firstAnswer.resolve);
      await settledWithin(answer, graceMs);
    }
    this.#inspect();
    const { reading } = this.#list;
    if (reading.status === 'pending') return pending(reading.forMs, reading.detail);
    if (reading.status === 'absent') {
      const why = this.#endpoint.kind === 'unix' ? this.#gate(this.#endpoint.socketPath) : null;
      if (why !== null) return this.#named ? failed(why) : absent(why);
      if (this.#named) return failed(`no container engine at ${this.#endpoint.url}`);
      const other = this.#otherEngine();
      return absent(`no container engine at ${this.#endpoint.url}${other === null ? '' : `; ${other}`}`);
    }
    if (reading.status === 'failed') return failed(reading.detail);
    const containers = this.#known?.containers ?? [];
    return ok(
      {
        listMs: this.#known?.tookMs ?? 0,
        events: this.#events.reading,
        containers: this.#described.of(containers),
        inspected: this.#inspections.answered,
        churn: this.#churn.value,
      },
      reading.tookMs,
    );
  }

  #killOf({ id, state }: ListedContainer): PendingKill | null {
    return living.has(state) ? this.#kills.of(id) : null;
  }

  #stopTimeoutOf(containerId: string): number | null {
    return okValue(this.#inspections.of(containerId, true) ?? undefined)?.stopTimeoutSeconds ?? null;
  }

  async #askList(signal: AbortSignal): Promise<readonly ListedContainer[]> {
    // Before the question: what happens while the engine answers is news again.
    this.#stale = false;
    const started = performance.now();
    this.#lastListAt = started;
    try {
      const engine = await this.#client();
      const containers = keepSame(this.#known?.containers ?? [], await listContainers(engine, signal));
      this.#known = { containers, tookMs: performance.now() - started };
      this.#kills.keep(new Set(containers.map(({ id }) => id)));
      return containers;
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  #inspect(): void {
    const containers = this.#known?.containers ?? [];
    const needy = containers.filter((container) => this.#needsInspect(container));
    // An engine that does not answer the list has enough to do.
    const others = this.#list.reading.status === 'ok' ? containers : [];
    // Of those that do not run, a start or a removal may hold the lock. They are many on some nodes, so they wait apart.
    const groups = [
      others.filter(({ state }) => state === 'running'),
      others.filter(({ state }) => state !== 'running'),
    ];
    this.#inspections.ask(
      new Set(needy.map(({ id }) => id)),
      groups.map((group) => group.map(({ id }) => id)),
    );
  }

  #needsInspect(container: ListedContainer): boolean {
    if (container.state === 'removing' || container.state === 'dead') return true;
    const kill = this.#killOf(container);
    return kill !== null && Date.now() - kill.firstAt > killPatienceMs;
  }

  async #askInspect(id: string, signal: AbortSignal): Promise<ContainerInspect> {
    return inspectContainer(await this.#client(), id, signal);
  }

  async #client(): Promise<Engine> {
    this.#engine ??= openEngine(this.#endpoint, this.#gate);
    return this.#engine;
  }
}
