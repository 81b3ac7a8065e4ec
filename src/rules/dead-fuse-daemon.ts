import { rule } from './engine/rule.ts';
import { hourMs, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

/** What a mount is named after where it is not the program: `fuse mountpoint-s3`, `fuse.seaweedfs`. */
const mountNames: Readonly<Record<string, string>> = { 'mount-s3': 'mountpoint-s3', weed: 'seaweedfs' };

/** Lists the processes that have a mount of it. Some give their name as the type (`fuse.gcsfuse my-bucket`), some as the source. */
function mountSearch(daemon: string): string {
  const name = mountNames[daemon] ?? daemon;
  return `grep -lE ' - fuse(\\.| )${name} ' /proc/[0-9]*/mountinfo`;
}

/** The program of a FUSE filesystem crashed: mounts of it that are in containers stay dead, also when the program runs again. */
export const deadFuseDaemon = rule({
  id: 'dead-fuse-daemon',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const trouble = troubleOfBoot(logs, ['fuse-daemon-crash'], 24 * hourMs, { upMs, at });
    if (trouble === null) return [];
    const names = namesIn(trouble.about);
    const [daemon] = trouble.about;
    const isLxcfs = trouble.about.includes('lxcfs');
    return [
      logFinding(trouble, at, {
        id: 'dead-fuse-daemon',
        severity: 'warning',
        title: `The FUSE daemon ${names} crashed or was killed`,
        past: `The FUSE daemon ${names} crashed or was killed`,
        summary: `Each mount that it served fails with “Transport endpoint is not connected” (ENOTCONN). A restart of the daemon makes a new mount and does not repair those: containers that were started before keep the dead mount until they are restarted.${isLxcfs ? ' lxcfs serves files below /proc (meminfo, cpuinfo, uptime) in containers.' : ''}`,
        remedies: [
          {
            text: 'See which processes still have mounts of it. Those of an older connection are dead.',
            command: daemon === undefined ? null : mountSearch(daemon),
            risk: 'none',
          },
          {
            text: 'Once the daemon runs, restart the containers that had its mounts; on the node unmount a dead mount with umount -l and mount it again.',
            command: null,
            risk: 'high',
          },
        ],
        references: ['https://github.com/lxc/lxcfs/issues/73', 'https://github.com/lxc/lxcfs/issues/204'],
      }),
    ];
  },
});
