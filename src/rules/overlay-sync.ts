import { type Finding, rule } from './engine/rule.ts';
import { hourly, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A node that is started again misses one or two. */
const again = 3;

/** The overlay networks of a swarm cannot be compared with another node: services on it are missing here. */
export const overlaySync = rule({
  id: 'overlay-sync',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const exists = troubleIn(logs, ['overlay-interface-exists']);
    if (exists !== null) return [interfaceExists(exists, at)];
    const lost = troubleIn(logs, ['swarm-peer-failed']);
    const trouble = troubleIn(logs, ['overlay-sync-timeout']);
    if (trouble === null) return lost === null ? [] : [peersLost(lost, at)];
    const names = namesIn(trouble.about);
    return [
      logFinding(trouble, at, {
        id: 'overlay-sync',
        severity: hourly(trouble, 'overlay-sync-timeout') >= again ? 'warning' : 'info',
        title: `Overlay networks cannot be synchronised with ${trouble.about.length === 1 ? 'node' : 'nodes'} ${names}`,
        past: `Overlay networks could not be synchronised with ${names}`,
        summary:
          'dockerd sends the table of endpoints over TCP port 7946, and that node did not answer within 30s: it is away or hangs, or the port is blocked. Names and addresses of its services are missing or old here.',
        remedies: [
          {
            text: 'See which node it is: its network ID is in the log of each dockerd ("NetworkDB stats NODE(ID)").',
            command: 'docker node ls',
            risk: 'none',
          },
          {
            text: 'Open TCP and UDP 7946 and UDP 4789 between the nodes, and check dockerd on that node.',
            command: 'ss -tnp "( sport = :7946 or dport = :7946 )"',
            risk: 'none',
          },
        ],
        references: ['https://github.com/moby/moby/issues/40330'],
      }),
    ];
  },
});

/** A node that leaves is marked once by each other one; these come back and are lost again, or are many. */
function peersLost(trouble: LogTrouble, at: number): Finding {
  const names = namesIn(trouble.about);
  return logFinding(trouble, at, {
    id: 'overlay-sync',
    severity: hourly(trouble, 'swarm-peer-failed') >= again ? 'warning' : 'info',
    title: `Nodes of the swarm do not answer in time, and are marked as failed: ${names}`,
    past: `Nodes of the swarm did not answer in time: ${names}`,
    summary:
      'dockerd asks the others over TCP and UDP port 7946. A node that does not answer in time is away or overloaded, or the network between them loses packets. Names and addresses of its services are missing here meanwhile.',
    remedies: [
      {
        text: 'See whether that node is up, how busy its processors are, and what its own log says of this one.',
        command: 'docker node ls',
        risk: 'none',
      },
      {
        text: 'Open TCP and UDP 7946 and UDP 4789 between the nodes.',
        command: 'ss -tnp "( sport = :7946 or dport = :7946 )"',
        risk: 'none',
      },
    ],
    references: ['https://github.com/moby/moby/issues/32841'],
  });
}

function interfaceExists(trouble: LogTrouble, at: number): Finding {
  const names = namesIn(trouble.about);
  return logFinding(trouble, at, {
    id: 'overlay-sync',
    severity: hourly(trouble, 'overlay-interface-exists') >= again ? 'warning' : 'info',
    title: `Containers cannot join an overlay network (${names}): its vxlan interface exists already`,
    past: `Containers could not join an overlay network (${names})`,
    summary:
      'The kernel has an interface with the same VXLAN id and port: one that dockerd left behind, or one of another program. Tasks of that network are rejected on this node.',
    remedies: [
      {
        text: 'Find the interface, in this namespace and in those of dockerd (/run/docker/netns).',
        command: 'ip -d link show type vxlan',
        risk: 'none',
      },
      {
        text: 'Delete the one that was left behind, or drain the node and restart dockerd.',
        command: null,
        risk: 'high',
      },
    ],
    references: ['https://github.com/docker/for-linux/issues/235'],
  });
}
