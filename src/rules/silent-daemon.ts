import { noSubjects, rule } from './rule.ts';

/** dockerd lives and does not answer, or was there and is gone. */
export const silentDaemon = rule({
  id: 'silent-daemon',
  needs: ['daemons'],
  matters: true,
  judge: ({ daemons }) =>
    daemons.flatMap((daemon) => {
      const silent = daemon.process !== null && daemon.ping.status !== 'ok' && daemon.ping.status !== 'absent';
      const asked = daemon.ping.status !== 'pending' || daemon.ping.forMs > 0;
      const gone = daemon.status === 'gone';
      if (!gone && !(silent && asked)) return [];
      const detail = 'detail' in daemon.ping ? daemon.ping.detail : '';
      return [
        {
          id: 'silent-daemon',
          severity: 'critical',
          confidence: 'certain',
          title: gone ? `${daemon.name} is gone` : `${daemon.name} does not answer`,
          summary: gone
            ? `${daemon.name} (pid ${daemon.lastPid}) has ended, and no other has been started.`
            : `${daemon.name} (pid ${daemon.process?.pid}) lives, but its API does not answer: ${detail}.`,
          since: null,
          evidence: [
            gone
              ? { source: '/proc', text: `no process named ${daemon.name}` }
              : { source: daemon.endpoint ?? daemon.name, text: detail },
          ],
          subjects: {
            ...noSubjects,
            daemons: [daemon.name],
            pids: daemon.process === null ? [] : [daemon.process.pid],
          },
          ruledOut: [],
          remedies: gone
            ? [
                {
                  text: 'Start it. Running containers go on only if live-restore was set; otherwise they ended with it.',
                  command: `systemctl start ${daemon.name === 'dockerd' ? 'docker' : daemon.name}`,
                  risk: 'low',
                },
              ]
            : [
                {
                  text: 'Take a goroutine dump before anything else: press d, or ask for it here.',
                  command: 'rtwatch dump dockerd',
                  risk: 'none',
                },
              ],
          references: [],
        },
      ];
    }),
});
