import { setTimeout as sleep } from 'node:timers/promises';
import { Group } from './group.ts';
import { processesInGroup } from './proc.ts';

/**
 * Writers that wait for the disk (D) most of the time; processes that come and go; parents that leave a few zombies (Z),
 * reap them a second later and have new ones.
 */
const script = `
for i in 1 2 3 4 5 6; do
  while :; do dd if=/dev/zero of="$1/written-$i" bs=16k count=500 oflag=dsync 2>/dev/null; done &
done
for i in 1 2 3 4; do
  while :; do sleep 0.0$i; done &
done
parents=
for i in 1 2 3 4; do
  sh -c 'while :; do true & true & true & sleep 0.1; true & true & kill -STOP $$; wait; done' &
  parents="$parents $!"
done
while :; do sleep 1; kill -CONT $parents; done &
`;

/** A node on which many values change each second. */
export interface Load {
  /** How many processes in D and in Z there were on average. */
  readonly blocked: number;
  readonly zombies: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts it.
 *
 * @param folder where it writes to
 * @throws when no process gets blocked or a zombie: then it is no load worth measuring
 */
export async function startLoad(folder: string): Promise<Load> {
  const group = await Group.start('the load', script, [folder]);
  try {
    const looks = 20;
    const states: string[] = [];
    for (let i = 0; i < looks; i++) {
      await sleep(150);
      states.push(...processesInGroup(group.pid).map(({ state }) => state));
    }
    const average = (wanted: string): number => states.filter((state) => state === wanted).length / looks;
    const load = { blocked: average('D'), zombies: average('Z'), close: () => group.close() };
    if (load.blocked === 0 || load.zombies === 0) {
      throw new Error(
        `the load makes ${load.blocked} processes in D and ${load.zombies} zombies: is ${folder} on a disk?`,
      );
    }
    return load;
  } catch (error) {
    await group.close();
    throw error;
  }
}
