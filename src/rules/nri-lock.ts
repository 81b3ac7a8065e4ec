import { countOf } from '../base/counts.ts';
import { isInRange } from '../base/versions.ts';
import { rule } from './engine/rule.ts';
import { containerdStacks, daemonNamed } from './shared/daemon-words.ts';
import { countEvidence, heldUpFinding, lastingCount } from './shared/held-up-calls.ts';

/** A burst of starts waits its turn for a moment. */
const many = 3;

/** Calls about pods wait for the lock of NRI, which a call of a plugin holds. */
export const nriLock = rule({
  id: 'nri-lock',
  needs: ['stacks'],
  uses: ['daemons'],
  matters: false,
  judge: ({ stacks, daemons }) =>
    containerdStacks(stacks).flatMap((one) => {
      const waiting = lastingCount(one, 'nri-lock-waiter');
      if (waiting < many) return [];
      const daemon = daemonNamed(daemons, one.daemon);
      const isOld = isInRange(daemon?.version ?? null, { from: '1.7.0', before: '1.7.16' }) === true;
      return [
        heldUpFinding(one, daemon?.process?.pid ?? null, {
          id: 'nri-lock',
          title: `${countOf(waiting, 'call')} of ${one.daemon} wait for the lock of NRI`,
          summary: `${countOf(waiting, 'call')} about pods wait for the one lock of NRI, which is held during the calls of its plugins. A plugin does not answer, or waits for ${one.daemon} itself: no pod starts or stops.${isOld ? ` ${one.daemon} ${daemon?.version} has a known deadlock, fixed in 1.7.16.` : ''}`,
          evidence: [countEvidence(one, waiting, 'the lock of nri.(*local) or adaptation.(*Adaptation)')],
          remedies: [
            {
              text: 'Find the plugins that are connected, and restart the one that does not answer.',
              command: 'ss -xp | grep nri.sock; ls -l /opt/nri/plugins',
              risk: 'none',
            },
          ],
          references: [
            'https://github.com/containerd/containerd/issues/10085',
            'https://github.com/containerd/containerd/issues/13733',
          ],
        }),
      ];
    }),
});
