import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { hasStopped, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A call that is late once is a moment of load. */
const again = 2;
/** The ECS agent tries again after minutes. */
const nextTryMs = 300_000;

/** The ECS agent says that dockerd does not answer it in time. */
export const engineNotResponding = rule({
  id: 'engine-not-responding',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    if (troubleIn(logs, ['ecs-call-timeout']) === null) return clientsOf(logs, at);
    const trouble = troubleIn(logs, ['ecs-call-timeout', 'ecs-stats-timeout']);
    if (trouble === null) return [];
    const calls = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about)})`;
    const who =
      trouble.containers.length === 0 ? '' : ` The container that is named most often: ${namesIn(trouble.containers)}.`;
    const [first] = trouble.containers;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'engine-not-responding',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        title: `dockerd does not answer the ECS agent in time${calls}`,
        past: `dockerd did not answer the ECS agent in time${calls}`,
        summary: `The cause is in dockerd, in containerd, or in one container, not in the agent.${who}`,
        remedies: [
          {
            text: 'See what dockerd waits for: a lock that is held, containerd, the disk.',
            command: 'rtwatch goroutines dockerd',
            risk: 'none',
          },
          ...(first !== undefined && /^[0-9a-f]{12,64}$/.test(first)
            ? [
                {
                  text: 'Ask for this container alone. If that hangs, look at its shim and at its processes in D.',
                  command: `timeout 10 docker inspect ${first.slice(0, 12)}`,
                  risk: 'none' as const,
                },
              ]
            : []),
        ],
        subjects: { daemons: ['dockerd'] },
        references: ['https://github.com/aws/amazon-ecs-agent/issues/731'],
      }),
    ];
  },
});

/** Nomad, docker-compose, and what uses Docker's SDK for Python; Podman serves them as well. */
function clientsOf(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['engine-client-timeout']);
  if (trouble === null) return [];
  const named = [...trouble.containers, ...trouble.about];
  const which = named.length === 0 ? '' : `: ${namesIn(named)}`;
  return [
    logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
      id: 'engine-not-responding',
      severity: trouble.lastHour >= again ? 'warning' : 'info',
      title: `The engine (dockerd or podman) does not answer its clients in time${which}`,
      past: `The engine (dockerd or podman) did not answer its clients in time${which}`,
      summary: 'The cause is in the engine, in containerd, in one container, or in the disk, not in the client.',
      remedies: [
        {
          text: 'See whether the engine answers, and if not, what it waits for: a lock that is held, containerd, the disk.',
          command: 'rtwatch check',
          risk: 'none',
        },
      ],
      references: ['https://github.com/hashicorp/nomad/issues/11178'],
    }),
  ];
}
