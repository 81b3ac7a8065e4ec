import { rule } from './engine/rule.ts';
import { hasStopped, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A plugin that starts a few seconds after dockerd is found at the third try. */
const again = 4;

/** A volume, network or log plugin of dockerd is not there: calls that need it wait for it. */
export const missingPlugin = rule({
  id: 'missing-plugin',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['plugin-not-found']);
    if (trouble === null) return [];
    const names = namesIn(trouble.about);
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
        id: 'missing-plugin',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        title: `dockerd does not find the plugin ${names}`,
        past: `dockerd did not find the plugin ${names}`,
        summary:
          'A volume, network or log plugin has no socket and no description on this node: its program does not run. dockerd tries again for half a minute, or without an end while it restores containers. Commands that need the plugin wait, and so do docker volume ls and removals of containers with its volumes.',
        remedies: [
          {
            text: 'Start the program of the plugin, or see why it is not listed.',
            command: 'ls -l /run/docker/plugins /etc/docker/plugins /usr/lib/docker/plugins',
            risk: 'none',
          },
          {
            text: 'If it is not wanted any more, remove the containers and volumes that name it.',
            command: "docker volume ls --format '{{.Driver}} {{.Name}}'",
            risk: 'none',
          },
        ],
        references: ['https://github.com/moby/moby/issues/33994', 'https://github.com/rancher/rancher/issues/10304'],
      }),
    ];
  },
});
