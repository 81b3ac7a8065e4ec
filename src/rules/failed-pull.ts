import { quote } from '../base/shell-word.ts';
import { type Finding, rule } from './engine/rule.ts';
import { has, hasStopped, hourly, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kubelet tries again after 10s, 20s and so on up to five minutes: a registry is away for a moment once or twice. */
const again = 3;
/** The kubelet and the runtime write several lines of one try. */
const tryMs = 5000;
/** Its longest pause, and the try itself. */
const nextTryMs = 420_000;
const recentMs = 900_000;

/** Images cannot be pulled because of the registry or the way to it. An image that does not exist is a matter of its pod. */
export const failedPull = rule({
  id: 'failed-pull',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['pull-limited', 'registry-unreachable'], recentMs);
    return trouble === null ? [] : [failure(trouble, at)];
  },
});

function failure(trouble: LogTrouble, at: number): Finding {
  const images = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about, 2)}`;
  const isLimited = has(trouble, 'pull-limited');
  const host = hostOf(trouble.about[0] ?? '');
  return logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
    id: 'failed-pull',
    severity: isAgain(trouble) || namesOf(trouble).size > 1 ? 'warning' : 'info',
    title: isLimited
      ? `Images cannot be pulled: the registry’s rate limit is reached (429)${images}`
      : `Images cannot be pulled: the registry does not answer${images}`,
    past: isLimited ? `The registry’s rate limit was reached${images}` : `A registry did not answer${images}`,
    summary: isLimited
      ? 'The registry counts the pulls of an address or an account. Pods whose image is not on the node do not start.'
      : 'The node does not reach the registry, or its proxy. Pods whose image is not on the node do not start; others are not affected.',
    remedies: isLimited
      ? [
          {
            text: 'Pull with credentials (imagePullSecrets, or those of the runtime), or through a mirror in the cluster.',
            command: null,
            risk: 'low',
          },
        ]
      : [
          {
            text: 'See whether this node reaches it, and whether the runtime has the proxy that the node needs.',
            command: `curl -sSI -m 10 ${quote(`https://${host}/v2/`)}; systemctl show containerd crio -p Environment`,
            risk: 'none',
          },
        ],
    references: isLimited ? ['https://docs.docker.com/docker-hub/usage/pulls/'] : [],
  });
}

function isAgain(trouble: LogTrouble): boolean {
  const { firstAt, lastAt } = trouble;
  const isOneTry = firstAt !== null && (lastAt ?? 0) - firstAt < tryMs;
  return hourly(trouble, 'pull-limited', 'registry-unreachable') >= again && !isOneTry;
}

/** The kubelet has the name of the pod (`nginx`), the runtime the whole one (`docker.io/library/nginx:latest`). */
function namesOf({ about }: LogTrouble): Set<string> {
  return new Set(about.map((image) => image.replace(/^.*\//, '').replace(/:.*/, '')));
}

/** Without a registry in its name an image is Docker’s. */
function hostOf(image: string): string {
  const [first = ''] = image.split('/');
  return image.includes('/') && /[.:]/.test(first) && first !== 'docker.io' ? first : 'registry-1.docker.io';
}
