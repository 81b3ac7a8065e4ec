import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { nodeClock } from '../../src/collect/node-clock.ts';
import { Sampler } from '../../src/collect/sampler.ts';
import { openSources } from '../../src/collect/sources.ts';
import { World } from '../../src/collect/world.ts';
import { emptyHistory, type History, reduce } from '../../src/model/history.ts';
import type { ContainerValue } from '../../src/sample/containers.ts';
import { decodeSample, encodeSample } from '../../src/wire/ndjson.ts';
import { holdTime, pass, StandIn } from '../collect/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/world.ts';
import { daemonRoutes } from './daemon-replies.ts';

/** A file of a captured node, a line of the archive each; links (`ns/mnt`, `fd/3`) are told by their target. */
type Kept =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly dir: true };

/** Writes a captured state out, e.g. `stop-leak/t1`; gives the folder that stands for the node's root. */
export function unpack(state: string): string {
  const folder = temporaryFolder();
  const text = gunzipSync(fs.readFileSync(path.join(import.meta.dirname, `${state}.ndjson.gz`))).toString();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const kept = JSON.parse(line) as Kept;
    const target = path.join(folder, kept.path);
    fs.mkdirSync('dir' in kept ? target : path.dirname(target), { recursive: true });
    // A link is a plain file that holds its target: none may lead out of the folder.
    if (!('dir' in kept)) fs.writeFileSync(target, 'link' in kept ? kept.link : kept.text);
  }
  return folder;
}

export interface WatchOptions {
  /** The daemons were killed: their sockets are there, and nobody listens. */
  readonly dead: boolean;
  /** Log files, below the node's root. */
  readonly logs: readonly string[];
}

const intervalMs = 1000;
const ticks = 3;

/**
 * Looks at a captured node as `rtwatch check` does, from the files and the daemons' sockets to the history, over the same
 * lines that a sampler writes; until every source has answered, the disks twice, and each container has had its turn of being
 * inspected. Time passes only here, so no deadline runs out on a busy machine.
 */
export async function watchNode(folder: string, { dead, logs }: WatchOptions): Promise<History> {
  holdTime();
  const world = new World({ procfs: `${folder}/proc`, sysfs: `${folder}/sys`, rootfs: folder });
  const dockerd = await socketOf(folder, 'dockerd', dead);
  const containerd = await socketOf(folder, 'containerd', dead);
  const socketPath = dockerd ?? `${folder}/no-engine`;
  const { sources, close } = openSources(world, {
    engine: { kind: 'unix', url: `unix://${socketPath}`, socketPath },
    pprof: new Map(containerd === null ? [] : [['containerd', `unix://${containerd}`]]),
    logs: logs.map((log) => `${folder}/${log}`),
    intervalMs,
    disabled: new Set(),
  });
  onTestFinished(close);
  let history = emptyHistory;
  let looks = 0;
  // The stacks can be asked for when the daemon has told how many there are: at the second look, not two seconds later.
  const often = sources.map((source) => (source.name === 'stacks' ? { ...source, periodMs: 0 } : source));
  const sampler = new Sampler(often, world, {
    intervalMs,
    now: nodeClock(world),
    write: (sample) => {
      const read = decodeSample(encodeSample(sample).trimEnd());
      history = reduce(history, read);
      if (read.readings.processes !== undefined) looks++;
    },
  });
  onTestFinished(() => sampler.stop());
  sampler.start();
  await waitFor('every source to answer', async () => {
    await pass(intervalMs / 4);
    return looks >= ticks && hasAnswered(history);
  });
  sampler.stop();
  return history;
}

function hasAnswered({ sources, disks }: History): boolean {
  const isOpen = Object.values(sources).some(({ reading }) => reading.status === 'pending');
  const stacks = sources.stacks.value?.daemons ?? [];
  return (
    !isOpen &&
    disks.some.length >= 2 &&
    (sources.containers.value?.containers ?? []).every(wasInspected) &&
    (sources.daemons.value?.daemons ?? []).every(({ name, goroutines, heap, version, ping, settings }) => {
      // Settings are asked of an engine that answers, stacks of a daemon that tells how many there are.
      const asked = [goroutines, heap, version, ping, ...(ping.status === 'ok' ? [settings] : [])];
      const looked = goroutines.status !== 'ok' || stacks.some(({ daemon, look }) => daemon === name && look > 0);
      return looked && asked.every(({ status }) => status !== 'pending');
    })
  );
}

const wasInspected = ({ inspect, settings }: ContainerValue): boolean =>
  settings !== undefined || (inspect !== null && inspect.status !== 'pending');

/** Null where the daemon was not captured. */
async function socketOf(folder: string, daemon: string, dead: boolean): Promise<string | null> {
  if (dead) return staleSocket(folder, daemon);
  if (!fs.existsSync(`${folder}/${daemon}`) || !fs.existsSync(`${folder}/${daemon}/vars.json`)) return null;
  return (await StandIn.listen(daemonRoutes(`${folder}/${daemon}`))).socketPath;
}

/** What a killed daemon leaves behind: a socket's file that refuses connections. */
async function staleSocket(folder: string, daemon: string): Promise<string> {
  const standIn = await StandIn.listen({}, `${folder}/${daemon}.live`);
  const stale = `${folder}/${daemon}.sock`;
  fs.linkSync(standIn.socketPath, stale);
  standIn.close();
  return stale;
}
