import { Group } from './group.ts';
import { processesInGroup } from './proc.ts';

const script = `
i=0
while [ $i -lt "$1" ]; do
  sleep infinity &
  i=$((i + 1))
done
`;

/**
 * Starts that many real processes that do nothing.
 *
 * @throws when the machine does not take so many
 */
export async function startSleepers(count: number): Promise<Group> {
  const group = await Group.start(`the shell of ${count} sleeping processes`, script, [`${count}`]);
  // The shell is in it too.
  const sleeping = processesInGroup(group.pid).length - 1;
  if (sleeping === count) return group;
  await group.close();
  throw new Error(`${count} sleeping processes were started, and there are ${sleeping}`);
}
