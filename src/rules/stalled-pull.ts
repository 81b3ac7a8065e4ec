import { isInRange } from '../base/versions.ts';
import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A registry or a network that fails once is tried again by the kubelet. */
const again = 3;
const hourMs = 3_600_000;

/** containerd gives image pulls up because nothing arrives any more. */
export const stalledPull = rule({
  id: 'stalled-pull',
  needs: ['logs'],
  uses: ['daemons'],
  matters: false,
  judge: ({ logs, daemons, at }) => {
    const trouble = troubleIn(logs, ['pull-no-progress'], hourMs);
    if (trouble === null) return [];
    const images = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about)}`;
    const old = (daemons ?? []).filter(
      ({ kind, version }) => kind === 'containerd' && isInRange(version, { from: '2.1.0', before: '2.1.4' }) === true,
    );
    const known = old.map(
      ({ name, version }) => ` ${name} ${version} can deadlock while it fetches layers (fixed in 2.1.4).`,
    );
    return [
      logFinding(trouble, at, {
        id: 'stalled-pull',
        severity: trouble.lastHour >= again ? 'warning' : 'info',
        title: `Image pulls make no progress, and containerd cancels them${images}`,
        past: `Image pulls made no progress, and containerd cancelled them${images}`,
        summary: `No byte arrived for the time of image_pull_progress_timeout (5 minutes by default). Pods of these images stay in ContainerCreating.${known.join('')}`,
        confidence: 'certain',
        subjects: { daemons: old.map(({ name }) => name) },
        remedies: [
          {
            text: 'Pull one of these images by hand, and watch the connections to its registry.',
            command: 'ss -tnp | grep containerd',
            risk: 'none',
          },
          { text: 'See which disk the images go to: a slow one stops a pull too.', command: 'rtwatch', risk: 'none' },
        ],
        references: ['https://github.com/containerd/containerd/issues/11864'],
      }),
    ];
  },
});
