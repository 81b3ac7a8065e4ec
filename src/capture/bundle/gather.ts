import { DebugClient } from '../../collect/daemons/debug-client.ts';
import { openEngine } from '../../collect/engine/client.ts';
import type { Endpoint } from '../../collect/engine/endpoint.ts';
import type { Gate } from '../../collect/engine/gate.ts';
import { askEngine as askOverModem } from '../../collect/engine/request.ts';
import { gatherProfiles } from './daemon-profiles.ts';
import { type Ask, DaemonTalk } from './daemon-talk.ts';
import { gatherEngine, gatherInspects, type WantedInspect } from './engine-answers.ts';
import { gatherMachine } from './machine.ts';
import type { WantedFiles } from './node-files.ts';
import { readNode } from './node-reader.ts';
import type { BundleParts } from './parts.ts';

/** It loads a library and starts some programs. */
const machineDeadlineMs = 8000;

/** What a bundle takes from this node. */
export interface BundlePlan {
  readonly files: WantedFiles;
  /** Of stuck containers. */
  readonly inspects: readonly WantedInspect[];
  /** How many of each are over the limit. */
  readonly left: { readonly tasks: number; readonly namespaces: number; readonly containers: number };
  readonly daemons: readonly PlannedDaemon[];
}

interface PlannedDaemon {
  readonly name: string;
  /** Null when none is known. */
  readonly endpoint: string | null;
}

/** What to gather, and how. */
interface Gathering {
  readonly plan: BundlePlan;
  readonly engine: Endpoint;
  readonly gate: Gate;
  /** The engine's debug endpoint, when it is not at its API. */
  readonly enginePages: string | null;
  /** Starts the program that reads the files of the node. */
  readonly filesCommand: readonly string[];
  /** Starts the program that prints what the machine is; null for a node that is not this machine. */
  readonly machineCommand: readonly string[] | null;
  /** List each goroutine, however many there are. */
  readonly full: boolean;
  /** Remove secrets from the engine's JSON, and from a file by its path in the bundle. */
  readonly hide: {
    readonly json: (value: unknown) => unknown;
    readonly file: (path: string, text: string) => string;
  };
  readonly onStep: (step: string) => void;
  readonly deadlineMs: number;
}

/**
 * Asks the daemons and reads the node's files in parallel, each with a deadline.
 *
 * @throws CannotWrite
 */
export async function gather(parts: BundleParts, gathering: Gathering): Promise<void> {
  const { plan, filesCommand, machineCommand, hide, onStep, deadlineMs } = gathering;
  const until = performance.now() + deadlineMs;
  for (const [what, left] of Object.entries(plan.left)) {
    if (left > 0) parts.miss(`${left} more ${what}`, 'over the limit of a bundle');
  }
  onStep('asking the daemons, reading files');
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  const files = readNode({
    command: filesCommand,
    wanted: plan.files,
    onFile: (file, text, tookMs, about) => parts.add(file, hide.file(file, text), tookMs, about).catch(note),
    onMissing: (what, because) => parts.miss(what, because),
    deadlineMs,
  });
  const daemons = plan.daemons.map((daemon) => gatherDaemon(parts, gathering, daemon, until).catch(note));
  const machine = machineCommand === null ? [] : [gatherMachine(parts, machineCommand, machineDeadlineMs).catch(note)];
  await Promise.all([files, gatherDockerd(parts, gathering, until).catch(note), ...daemons, ...machine]);
  if (failures.length > 0) throw failures[0];
}

async function gatherDaemon(
  parts: BundleParts,
  { full, onStep }: Gathering,
  { name, endpoint }: PlannedDaemon,
  until: number,
): Promise<void> {
  if (endpoint === null) {
    parts.miss(`daemons/${name}`, 'no debug endpoint known (name it with --pprof NAME=URL)');
    return;
  }
  const client = DebugClient.forUrl(endpoint);
  try {
    await gatherProfiles(new DaemonTalk(askOf(client), until), parts, { daemon: name, full });
    onStep(`${name}: done`);
  } finally {
    client.close();
  }
}

/** API and debug pages are the same daemon: one request at a time to both together. */
async function gatherDockerd(
  parts: BundleParts,
  { full, onStep, enginePages, engine: endpoint, gate, plan: { inspects }, hide: { json } }: Gathering,
  until: number,
): Promise<void> {
  const engine = askEngine(endpoint, gate);
  const debug = enginePages === null ? null : DebugClient.forUrl(enginePages, gate);
  try {
    const talk = new DaemonTalk(engine.ask, until);
    await gatherEngine(talk, parts, json);
    if (debug === null && endpoint.kind === 'ssh') {
      parts.miss('daemons/dockerd', 'ssh carries only the API (name the debug endpoint with --pprof dockerd=URL)');
    } else {
      talk.forgive();
      const pages = debug === null ? talk : new DaemonTalk(askOf(debug), until);
      await gatherProfiles(pages, parts, { daemon: 'dockerd', full });
    }
    await gatherInspects(talk, parts, json, inspects);
    onStep('dockerd: done');
  } finally {
    engine.close();
    debug?.close();
  }
}

/** Requests to an engine. Over ssh, which only carries the API, through dockerode. */
function askEngine(endpoint: Endpoint, gate: Gate): { readonly ask: Ask; readonly close: () => void } {
  const client = DebugClient.forEngine(endpoint, gate);
  if (client !== null) return { ask: askOf(client), close: () => client.close() };
  const engine = openEngine(endpoint, gate);
  engine.catch(() => {});
  return { ask: async (path, signal) => askOverModem(await engine, path, signal), close: () => {} };
}

const askOf =
  (client: DebugClient): Ask =>
  (path, signal) =>
    client.stream(path, signal);
