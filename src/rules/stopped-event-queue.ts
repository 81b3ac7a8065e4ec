import { countOf } from '../base/counts.ts';
import { rule } from './engine/rule.ts';
import { containerdStacks, daemonNamed } from './shared/daemon-words.ts';
import { countEvidence, heldUpFinding, lastingCount } from './shared/held-up-calls.ts';

/**
 * A client of GetContainerEvents does not read: containerd 2 sends each event inside the call that makes it, and after a hundred that
 * call waits (internal/eventq, internal/cri/server/container_events.go).
 */
export const stoppedEventQueue = rule({
  id: 'stopped-event-queue',
  needs: ['stacks'],
  uses: ['daemons', 'cri'],
  matters: false,
  judge: ({ stacks, daemons, cri }) =>
    containerdStacks(stacks).flatMap((one) => {
      const waiting = lastingCount(one, 'cri-event-send');
      if (waiting === 0) return [];
      const pid = daemonNamed(daemons, one.daemon)?.process?.pid ?? null;
      const socket = cri?.runtimes.find((runtime) => runtime.pid === pid)?.socket.replace(/^unix:\/\//, '');
      return [
        heldUpFinding(one, pid, {
          id: 'stopped-event-queue',
          title: `a client does not read the CRI events of ${one.daemon}: calls about pods wait`,
          summary: `${countOf(waiting, 'goroutine')} of ${one.daemon} cannot hand over an event of a pod. A client opened GetContainerEvents and does not read it; after a hundred events creates, starts, removals and exits of pods wait for it. Lists still answer.`,
          evidence: [countEvidence(one, waiting, 'eventq.(*EventQueue).Send or its publish')],
          remedies: [
            {
              text: 'Find the client: everything that is connected to the socket, the kubelet beside it. Restart the agent that is not the kubelet, or the kubelet itself.',
              command: `ss -xp | grep ${socket ?? 'containerd.sock'}`,
              risk: 'none',
            },
          ],
          references: ['https://github.com/containerd/containerd/issues/7318'],
        }),
      ];
    }),
});
