import { parseFreezerV1, parseFreezerV2 } from '../../parse/cgroup/freezer.ts';
import { parseLastRanSeconds } from '../../parse/proc/pid/sched.ts';
import { parseUptime } from '../../parse/proc/uptime.ts';
import type { CgroupValue } from '../../sample/cgroups.ts';
import type { World } from '../world.ts';
import type { Hierarchies } from './hierarchies.ts';

/** Processes listed of a frozen group. */
const maxPids = 16;

/** Whether a group is frozen: a read for each group, and some more for one that is. */
export function readFreezer(world: World, hierarchies: Hierarchies, path: string): Pick<CgroupValue, 'freezer'> {
  const { version, groups, freezer } = hierarchies;
  const folder = version === 'v2' ? `${groups}/${path}` : freezer === null ? null : `${freezer}/${path}`;
  // The root has neither file, and is never frozen.
  if (folder === null || path === '') return {};
  const state = world.tryText(`${folder}/${version === 'v2' ? 'cgroup.events' : 'freezer.state'}`);
  const self = (): string | null =>
    world.tryText(`${folder}/${version === 'v2' ? 'cgroup.freeze' : 'freezer.self_freezing'}`);
  const found = state === null ? null : version === 'v2' ? parseFreezerV2(state, self()) : frozenV1(state, self);
  if (found === null) return {};
  const procs = world.tryText(`${folder}/cgroup.procs`) ?? '';
  const pids = procs.split('\n').filter(Boolean).map(Number).slice(0, maxPids);
  return {
    freezer: {
      ...found,
      file: `/sys/fs/cgroup/${version === 'v2' ? '' : 'freezer/'}${path}/${version === 'v2' ? 'cgroup.freeze' : 'freezer.state'}`,
      pids,
      offCpuSeconds: pids[0] === undefined ? null : offCpuSeconds(world, pids[0]),
    },
  };
}

function frozenV1(state: string, self: () => string | null): ReturnType<typeof parseFreezerV1> {
  return parseFreezerV1(state, state.startsWith('THAWED') ? null : self());
}

/** "Now" on the scheduler's clock is when this very process last ran; a captured tree has only its uptime. */
function offCpuSeconds(world: World, pid: number): number | null {
  const lastRan = parseLastRanSeconds(world.tryText(world.proc(`${pid}/sched`)) ?? '');
  if (lastRan === null) return null;
  const own = world.live ? parseLastRanSeconds(world.tryText(world.proc('self/sched')) ?? '') : null;
  const uptime = world.tryText(world.proc('uptime'));
  const now = own ?? (uptime === null ? null : parseUptime(uptime));
  return now === null ? null : Math.max(0, now - lastRan);
}
