import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['ecs-agent'];

/** What programs that talk to dockerd log when it does not answer them in time. */
export const engineClientPatterns = {
  // amazon-ecs-agent agent/engine/{docker_task_engine,task_manager}.go and agent/dockerclient. Pulls depend on the registry.
  'ecs-call-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'engine-not-responding',
    meaning: 'dockerd did not finish a call of the ECS agent in time',
    hints: ['timed out after waiting'],
    patterns: [
      /DockerTimeoutError for '(?<about>docker (?!pull)\w{1,20})'/,
      /Could not transition to (?!pull)(?<about>\w{1,20}); timed out after waiting/,
    ],
  },
  // hashicorp/nomad drivers/docker (go-dockerclient, then Docker's own); docker-compose 1 and the Docker SDK for Python (urllib3). Pulls depend on the registry.
  'engine-client-timeout': {
    units: ['other'],
    group: 'node',
    severity: 'warning',
    rule: 'engine-not-responding',
    meaning: 'the engine did not answer a client in time',
    hints: ['awaiting headers', 'unixhttpconnectionpool', 'http request took too long'],
    patterns: [
      /http:\/\/unix\.sock\/containers\/(?:create\?name=(?<about>[\w.-]{1,80})|(?<container>[0-9a-f]{64})).*Client\.Timeout exceeded while awaiting headers/,
      /UnixHTTPConnectionPool\(host='localhost', port=None\): Read timed out/,
    ],
  },
  'ecs-stats-timeout': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'engine-not-responding',
    meaning: 'dockerd sends no statistics of a container to the ECS agent',
    hints: ['inactivity time exceeded timeout'],
    patterns: [/\bstats for container (?<container>[0-9a-f]{64}): inactivity time exceeded timeout/],
  },
} as const satisfies LogPatterns;
