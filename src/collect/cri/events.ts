import { TaskExit } from '../../parse/cri/messages.ts';
import { failed, ok, pending, type Reading } from '../../sample/reading.ts';
import { keepOpen } from '../keep-open.ts';
import { reasonOf } from '../reason.ts';
import type { GrpcClient } from './grpc-client.ts';
import { methods } from './methods.ts';

/** What happened to a task. */
interface TaskEvent {
  /** The namespace of containerd. */
  readonly namespace: string;
  /** `create`, `start`, `exit`, `oom`, `delete`, `paused`, `resumed` */
  readonly what: string;
  /** Milliseconds since 1970, by containerd's clock. */
  readonly at: number;
}

interface TaskEventsHandlers {
  /** Earlier events are not repeated: what is known may be out of date. */
  readonly onOpen: () => void;
  readonly onEvent: (event: TaskEvent) => void;
}

/** Only the topics of tasks: without this filter a start makes six events and each exec probe three. */
const filters = ['topic~="^/tasks/(create|start|exit|oom|delete|paused|resumed)$"'];

/** The stream of containerd's events, reopened with growing pauses whenever it ends. */
export class TaskEvents {
  readonly #client: GrpcClient;
  readonly #handlers: TaskEventsHandlers;
  readonly #stop = new AbortController();
  #reading: Reading<{ seen: number }> = pending(0, 'the event stream is not open yet');
  #seen = 0;

  constructor(client: GrpcClient, handlers: TaskEventsHandlers) {
    this.#client = client;
    this.#handlers = handlers;
  }

  /** Only the first event shows that it is open: on a quiet node a request without an answer is a healthy stream. */
  get reading(): Reading<{ seen: number }> {
    return this.#reading;
  }

  /** Runs until `close`; never rejects. */
  run(): Promise<void> {
    const onEnd = (error: unknown): void => {
      this.#reading = failed(
        error === null ? 'containerd closed the event stream' : `event stream: ${reasonOf(error)}`,
      );
    };
    return keepOpen({ follow: () => this.#follow(), onEnd }, this.#stop.signal);
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const stream = this.#client.stream(methods.subscribe, filters, { signal });
    this.#seen = 0;
    this.#reading = ok({ seen: 0 }, 0);
    this.#handlers.onOpen();
    for await (const { namespace, topic, timestamp, event } of stream) {
      const what = topic.slice('/tasks/'.length);
      // The exit of an exec, such as a probe's every few seconds.
      if (what === 'exit' && isExec(event?.value)) continue;
      this.#reading = ok({ seen: ++this.#seen }, 0);
      const at = Number(timestamp?.seconds ?? 0n) * 1000 + Math.floor((timestamp?.nanos ?? 0) / 1e6);
      this.#handlers.onEvent({ namespace, what, at });
    }
  }
}

function isExec(exit: Uint8Array | undefined): boolean {
  if (exit === undefined) return false;
  try {
    const { containerId, id } = TaskExit.decode(exit);
    return id !== containerId;
  } catch {
    return false;
  }
}
