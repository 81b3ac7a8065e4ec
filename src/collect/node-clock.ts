import { parseProcStat } from '../parse/proc/stat.ts';
import { parseUptime } from '../parse/proc/uptime.ts';
import type { World } from './world.ts';

/** A tree whose own time is further away than this is not this machine's: it was captured. */
const sameMachineMs = 120_000;

/**
 * "Now" on the node's clock, milliseconds since 1970: the wall clock, or for a captured tree the moment it was captured,
 * by its own boot time and uptime. They are read once, here.
 */
export function nodeClock(world: World): () => number {
  if (world.live) return Date.now;
  const { bootTime } = parseProcStat(world.tryText(world.proc('stat')) ?? '');
  const uptime = uptimeOf(world);
  if (bootTime === null || uptime === null) return Date.now;
  const capturedAt = Math.round((bootTime + uptime) * 1000);
  return Math.abs(capturedAt - Date.now()) < sameMachineMs ? Date.now : () => capturedAt;
}

function uptimeOf(world: World): number | null {
  try {
    return parseUptime(world.readText(world.proc('uptime')));
  } catch {
    return null;
  }
}
