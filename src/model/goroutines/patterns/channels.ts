import { gap, type Pattern } from './pattern.ts';

export const reaperSend: Pattern = {
  id: 'reaper-send',
  title: 'A shim cannot hand over the exit of a process, so that it reaps no other',
  meaning:
    'The goroutine that reaps waits for a reader of one exit, and the reader often waits for another exit itself: the shim waits ' +
    'for itself, and for ever. The container can neither be stopped nor removed, and its zombies stay. Only the end of the shim resolves it.',
  versions: 'containerd-shim of docker 18.06; reported of containerd 1.1 and 1.2 too',
  references: ['https://github.com/moby/moby/issues/40145', 'https://github.com/containerd/containerd/issues/2744'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: [gap, ['reaper.Reap', 'reaper.(*Monitor).*']], states: ['chan send'], onlyWithState: true }],
};

/** containerd 0.2 read the eventfd of a control group's OOM events in the one goroutine that also handles exits. */
export const oomEventRead: Pattern = {
  id: 'oom-event-read',
  title: 'Reads an OOM event, and no exit of a container is handled meanwhile',
  meaning:
    'One goroutine of containerd 0.2 takes exits and OOM events. It reads an event that does not come: from then on no exit is handled, and ' +
    'docker ps, stop and rm hang. Only a restart of docker ends it.',
  versions: 'containerd 0.2 (docker 1.11 to 17.10)',
  references: ['https://github.com/containerd/containerd/issues/2750'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: [gap, 'runtime.(*oom).Flush', gap, 'supervisor.(*Monitor).*'], states: ['syscall'] }],
};

export const reaperWait: Pattern = {
  id: 'reaper-wait',
  title: 'A shim waits for the exit of a program that it started (runc, or containerd publish)',
  meaning:
    'Short ones are normal. One that lasts waits for a program that hangs, or for an exit that was not reaped: look at the ' +
    'children of the shim, and at reaper-send in the same dump.',
  versions: 'containerd-shim, all versions',
  references: ['https://github.com/moby/moby/issues/40145'],
  harmless: true,
  briefMinutes: 2,
  noun: null,
  signatures: [
    { steps: [gap, ['reaper.(*Monitor).Wait', 'reaper.(*Monitor).WaitTimeout']], states: ['chan receive', 'select'] },
  ],
};

export const eventPublish: Pattern = {
  id: 'event-publish',
  title: 'Waits to hand over an event: the queue or its reader is stuck',
  meaning:
    'Events go through one broadcaster, and a sink that does not take one stops all that publish, with the locks that they hold. ' +
    'Look for the goroutine that should read: in state chan send, or in a lock.',
  versions: 'dockerd (swarm’s log broker, dispatcher, store), containerd',
  references: ['https://github.com/moby/moby/issues/42314'],
  harmless: true,
  briefMinutes: 2,
  noun: null,
  signatures: [
    {
      steps: [gap, ['go-events.(*Broadcaster).Write', 'go-events.(*Channel).Write', 'pubsub.(*Publisher).Publish']],
      states: ['select', 'chan send', 'semacquire', 'sync.WaitGroup.Wait'],
    },
  ],
};

export const overlayPeerSend: Pattern = {
  id: 'overlay-peer-send',
  title: 'Waits for the queue of an overlay network (peers)',
  meaning:
    'One goroutine of dockerd works off that queue (overlay.(*driver).peerOpRoutine). Where it is in the stack that waits, it ' +
    'waits for itself: containers and services on overlay networks neither start nor stop, and only a restart of dockerd ' +
    'resolves it. Fixed in 23.0.0, and in libnetwork’s branch for 20.10.',
  versions: 'dockerd 17.06 to 20.10, with swarm or another overlay network',
  references: ['https://github.com/moby/libnetwork/issues/2508', 'https://github.com/moby/moby/pull/43379'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [
    {
      steps: [['Init', 'Add', 'Delete', 'Flush'].map((name) => `overlay.(*driver).peer${name}`)],
      states: ['chan send'],
      onlyWithState: true,
    },
  ],
};

export const plegSend: Pattern = {
  id: 'pleg-send',
  title: 'The kubelet’s relist of pods (PLEG) waits to hand over an event',
  meaning:
    'The sync loop takes no events while PLEG is unhealthy, and PLEG stays unhealthy until it has handed this one over: the ' +
    'kubelet waits for itself, and the node is NotReady. Restart the kubelet. Fixed in 1.14.',
  versions: 'kubelet before 1.14',
  references: ['https://github.com/kubernetes/kubernetes/issues/72482'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: ['pleg.(*GenericPLEG).relist'], states: ['chan send'], onlyWithState: true }],
};

export const channelSend: Pattern = {
  id: 'channel-send',
  title: 'Waits to send on a channel',
  meaning:
    'A send lasts until another goroutine receives. After minutes that one is gone, or it waits itself: look for it in the same ' +
    'package. What the sender should do next (reap, unlock, answer) does not happen.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: [
    'reaper-send',
    'event-publish',
    'cri-event-send',
    'crio-stop-lock',
    'overlay-peer-send',
    'pleg-send',
    'log-queue-full',
  ],
  signatures: [{ steps: [gap], states: ['chan send'], onlyWithState: true }],
};
