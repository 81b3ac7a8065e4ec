import { gap, type Pattern } from './pattern.ts';

/** moby/swarmkit api/control.pb.go, called by daemon/cluster of dockerd: the local manager passes a request on to the leader. */
export const swarmManagerCall: Pattern = {
  id: 'swarm-manager-call',
  title: 'Waits for the swarm manager to answer (its control API)',
  meaning:
    'docker node, service, stack and swarm commands are answered by the leader of the swarm. Without a leader (the quorum is ' +
    'lost), or with one that hangs, they wait. Ask another manager with docker node ls, and look at the goroutines of the leader.',
  versions: 'dockerd in swarm mode',
  references: ['https://github.com/moby/moby/issues/43791'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: [gap, 'api.(*controlClient).*'] }],
};
