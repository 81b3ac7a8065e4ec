import { gatherProfiles } from '../../capture/bundle/daemon-profiles.ts';
import { type Ask, DaemonTalk } from '../../capture/bundle/daemon-talk.ts';
import { gatherEngine, gatherInspects } from '../../capture/bundle/engine-answers.ts';
import { askEngine } from '../../capture/bundle/engine-ask.ts';
import { readNode } from '../../capture/bundle/node-reader.ts';
import type { BundleParts } from '../../capture/bundle/parts.ts';
import { DebugClient } from '../../collect/daemons/debug-client.ts';
import type { Endpoint } from '../../collect/engine/endpoint.ts';
import { passOn } from '../options.ts';
import type { MakeOptions } from './make-options.ts';
import type { BundlePlan } from './plan.ts';
import type { Masks } from './secrets.ts';

const defaultGatherMs = 18_000;

/** What to gather, and how. */
interface Gathering {
  readonly make: MakeOptions;
  readonly engine: Endpoint;
  readonly plan: BundlePlan;
  readonly masks: Masks;
}

/**
 * Asks the daemons and reads the node's files in parallel, each with a deadline.
 *
 * @throws CannotWrite
 */
export async function gather(parts: BundleParts, gathering: Gathering): Promise<void> {
  const { make, plan, masks } = gathering;
  const { onStep = () => {}, options, command, gatherMs = defaultGatherMs } = make;
  const until = performance.now() + gatherMs;
  for (const [what, left] of Object.entries(plan.left)) {
    if (left > 0) parts.miss(`${left} more ${what}`, 'over the limit of a bundle');
  }
  onStep('asking the daemons, reading files');
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  const files = readNode({
    command: [...command, 'bundle-files', ...passOn(options)],
    wanted: plan.files,
    onFile: (file, text, tookMs, about) => parts.add(file, masks.file(file, text), tookMs, about).catch(note),
    onMissing: (what, because) => parts.miss(what, because),
    deadlineMs: gatherMs,
  });
  const daemons = plan.daemons.map((daemon) => gatherDaemon(parts, make, daemon, until).catch(note));
  await Promise.all([files, gatherDockerd(parts, gathering, until).catch(note), ...daemons]);
  if (failures.length > 0) throw failures[0];
}

async function gatherDaemon(
  parts: BundleParts,
  { full, onStep }: MakeOptions,
  { name, endpoint }: BundlePlan['daemons'][number],
  until: number,
): Promise<void> {
  if (endpoint === null) {
    parts.miss(`daemons/${name}`, 'no debug endpoint known (name it with --pprof NAME=URL)');
    return;
  }
  const client = DebugClient.forUrl(endpoint);
  try {
    await gatherProfiles(new DaemonTalk(askOf(client), until), parts, { daemon: name, full });
    onStep?.(`${name}: done`);
  } finally {
    client.close();
  }
}

/** API and debug pages are the same daemon: one request at a time to both together. */
async function gatherDockerd(
  parts: BundleParts,
  { make: { full, options, onStep }, engine: endpoint, plan: { inspects }, masks: { json } }: Gathering,
  until: number,
): Promise<void> {
  const url = new Map(options.pprof).get('dockerd');
  const engine = askEngine(endpoint);
  const debug = url === undefined ? null : DebugClient.forUrl(url);
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
    onStep?.('dockerd: done');
  } finally {
    engine.close();
    debug?.close();
  }
}

const askOf =
  (client: DebugClient): Ask =>
  (path, signal) =>
    client.stream(path, signal);
