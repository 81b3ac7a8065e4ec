import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['dockerd'];

/** moby daemon/{stop,kill,delete,monitor,health}.go, libcontainerd and daemon/logger from 17.06 to 29. */
export const dockerdPatterns = {
  // Up to 20.10.9 the message names the container (the second line by 12 digits only), later a field does.
  'stop-force': {
    ...{ units, group: 'stop', severity: 'info', rule: 'failed-stop' },
    meaning: 'a container did not exit in its grace period; SIGKILL follows',
    hints: ['using the force'],
    patterns: [
      /^(?:Container (?<container>[0-9a-f]{12,64}) )?.*failed to exit within \S+(?: seconds?)? of (?:signal \d+|kill) - using the force/i,
    ],
  },
  'direct-sigkill': {
    ...{ units, group: 'stop', severity: 'critical', rule: 'failed-stop' },
    meaning: 'a container survived SIGKILL through containerd; dockerd sends SIGKILL to the pid directly',
    hints: ['trying direct sigkill'],
    patterns: [
      /^(?:Container (?<container>[0-9a-f]{12,64}) )?.*failed to exit within \S+(?: seconds?)? of (?:signal \d+|kill) - trying direct SIGKILL/i,
    ],
  },
  'force-killing': {
    ...{ units, group: 'stop', severity: 'info', rule: 'failed-stop' },
    meaning: 'the container did not exit on its stop signal and is killed',
    hints: ['force killing'],
    patterns: [/failed to stop after sending signal \d+ to the process, force killing/],
  },
  'stop-signal-failed': {
    ...{ units, group: 'stop', severity: 'warning', rule: 'failed-stop' },
    meaning: 'the stop signal could not be delivered',
    hints: ['error sending stop'],
    patterns: [/Error sending stop \(signal \d+\) to container/i],
  },
  'no-exit-event': {
    ...{ units, group: 'stop', severity: 'critical', rule: 'failed-stop' },
    meaning: 'the engine killed a container, and no exit event followed',
    hints: ['did not receive an exit event'],
    patterns: [
      /cannot (?:stop|kill) container: (?<container>[\w.-]+): .*did not receive an exit event/i,
      /did not receive an exit event/,
    ],
  },
  'zombie-init': {
    ...{ units, group: 'stop', severity: 'warning', rule: 'failed-stop' },
    meaning: 'the first process of a container is a zombie and cannot be killed (a thread of it may be in D)',
    hints: ['is zombie and can not be killed'],
    patterns: [/container (?<container>\S+) PID (?<pid>\d+) is zombie and can not be killed/i],
  },
  // A stop that comes a moment after the exit has it once; again and again dockerd believes that a container runs which is gone.
  'kill-not-running': {
    ...{ units, group: 'stop', severity: 'info', rule: 'failed-stop' },
    meaning: 'dockerd stops a container that containerd does not know, or whose process is gone',
    hints: ['container kill failed because of'],
    patterns: [
      /container kill failed because of 'container not found' or 'no such process'(?:.*Cannot kill container:? (?<container>[0-9a-f]{12,64}))?/i,
    ],
  },
  'kill-failed': {
    ...{ units, group: 'stop', severity: 'critical', rule: 'failed-stop' },
    meaning: 'a container could not be killed',
    hints: ['killing the container', 'killing container', 'cannot kill container', 'could not kill'],
    // Who kills a container that does not run gets an error: nothing is wrong with it.
    patterns: [
      /error killing (?:the )?container(?!.*(?:is not running|no such container))/i,
      /cannot kill container: (?<container>[\w.-]+)(?!.*(?:is not running|no such container))/i,
      /could not kill running container (?<container>[0-9a-f]{12,64})/i,
      /cannot remove container "?\/?(?<container>[\w.-]+)"?: could not kill/i,
      /could not kill(?: container)?:/i,
    ],
  },
  'netns-lost': {
    ...{ units, group: 'removal', severity: 'info', rule: 'split-mount-namespace', nameless: true },
    meaning: 'a network namespace could not be entered: its mount is not in the daemon’s mount namespace',
    hints: ['failed to create osl sandbox'],
    patterns: [/failed to create osl sandbox.*invalid argument/],
  },
  'sandbox-not-found': {
    ...{ units, group: 'removal', severity: 'info', rule: 'split-mount-namespace', nameless: true },
    meaning: 'the network sandbox of a container is no longer known',
    hints: ['error locating sandbox id'],
    patterns: [/error locating sandbox id \S+: sandbox \S+ not found/],
  },
  'event-stream-lost': {
    ...{ units, group: 'events', severity: 'info', rule: 'lost-event-stream' },
    meaning: 'dockerd lost containerd’s event stream: it misses exits until the stream is back',
    hints: ['failed to get event', 'failed to receive event from containerd', 'waiting for containerd to be ready'],
    patterns: [
      /failed to get event|failed to receive event from containerd|waiting for containerd to be ready to restart event processing/i,
    ],
  },
  'process-event-failed': {
    ...{ units, group: 'events', severity: 'info', rule: 'lost-event-stream' },
    meaning: 'dockerd could not act on an event of containerd',
    hints: ['failed to process event', 'failed to delete container'],
    // A container that containerd does not know is gone, which was the aim.
    patterns: [/failed to process event|failed to delete container (?:\S+ )?from containerd(?!.*no such container)/i],
  },
  'daemon-root-bound': {
    ...{ units, group: 'config', severity: 'info', rule: 'leaked-mount' },
    meaning: 'a container binds a folder that holds the engine’s root',
    hints: ['bind source in daemon root'],
    patterns: [/Falling back to default propagation for bind source in daemon root/],
  },
  'logger-not-exiting': {
    ...{ units, group: 'stop', severity: 'warning', rule: 'blocked-log-driver' },
    meaning: 'the log driver of an exited container did not finish in time: its log server or disk is slow',
    hints: ['exit in time'],
    patterns: [/Logger didn't exit in time/i],
  },
  'log-write-failed': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'blocked-log-driver' },
    meaning: 'a line of a container could not be written to its log',
    hints: ['failed to log m'],
    patterns: [/Failed to log m(?:sg|essage)(?!.*no space left)(?:.* for logger (?<about>[\w-]+))?/i],
  },
  'health-check-failed': {
    ...{ units, group: 'node', severity: 'info', rule: 'runtime-not-responding' },
    meaning: 'the health check of a container could not complete',
    hints: ['health check for container'],
    patterns: [/Health check for container (?<container>\S+) (?:error|timed out|timeout)/i],
  },
  'containerd-exited': {
    ...{ units, group: 'node', severity: 'warning', rule: 'crash-loop' },
    meaning: 'the containerd that dockerd started exited with an error',
    hints: ['containerd did not exit successfully'],
    patterns: [/(?<about>containerd) did not exit successfully/],
  },
  // 17.06 to 18.06, then 18.09 on. Each start of dockerd has one.
  'containerd-started': {
    ...{ units, group: 'node', severity: 'critical', rule: 'crash-loop' },
    meaning: 'dockerd started its containerd: once when it starts itself, again when that containerd died',
    hints: ['new containerd process', 'new docker-containerd process'],
    patterns: [/(?:libcontainerd: |started )new (?:docker-)?(?<about>containerd) process/],
  },
  'containerd-start-timeout': {
    ...{ units, group: 'node', severity: 'critical', rule: 'crash-loop' },
    meaning: 'dockerd exited because containerd did not start in time',
    hints: ['timeout waiting for containerd to start'],
    patterns: [/timeout waiting for (?<about>containerd) to start/],
  },
  // Up to 17.05, then as its last words on standard error. A pid file alone is a second dockerd that somebody started.
  'start-failed': {
    ...{ units, group: 'node', severity: 'critical', rule: 'crash-loop' },
    meaning: 'dockerd exited in its start',
    hints: ['error starting daemon: ', 'failed to start daemon'],
    patterns: [
      /^(?:error starting daemon|failed to start daemon(?:, ensure docker is not running[^:]{0,80})?): (?!timeout waiting for containerd|pid file found)(?<about>[^\n]{1,100})/i,
    ],
  },
  'dockerd-started': {
    ...{ units, group: 'node', severity: 'info', rule: 'crash-loop' },
    meaning: 'dockerd finished its start',
    hints: ['daemon has completed initialization'],
    patterns: [/^Daemon has completed initialization/],
  },
  'overlay-sync-timeout': {
    ...{ units, group: 'node', severity: 'warning', rule: 'overlay-sync' },
    meaning: 'the overlay networks of swarm could not be compared with another node within 30s',
    hints: ['bulk sync to node'],
    patterns: [/Bulk sync to node (?<about>[\w.-]{1,80}) timed out/],
  },
  'containerd-replaced': {
    ...{ units, group: 'node', severity: 'warning', rule: 'crash-loop' },
    meaning: 'containerd did not answer dockerd, which killed and restarted it',
    hints: ['killing and restarting containerd'],
    patterns: [/killing and restarting (?<about>containerd)/],
  },
  'thin-pool-free-blocks': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'filesystem-full' },
    meaning: 'the thin pool of the devicemapper driver has too few free blocks: no container can be created',
    hints: ['less than minimum required'],
    patterns: [/(?<about>Thin Pool) has \d+ free (?:data|metadata) blocks which is less than minimum required/i],
  },
  'removal-failed': {
    ...{ units: ['dockerd', 'kubelet'], group: 'removal', severity: 'warning', rule: 'failed-removal' },
    meaning: 'a container’s root filesystem or layer could not be removed',
    hints: ['failed to remove root filesystem', 'error removing mounted layer', 'unable to remove filesystem'],
    patterns: [
      /failed to remove root filesystem(?: for (?<container>[0-9a-f]{12,64}))?/i,
      /error removing mounted layer (?<container>[0-9a-f]{12,64})?/i,
      /unable to remove filesystem(?: for (?<container>[0-9a-f]{12,64}))?/i,
    ],
  },
} as const satisfies LogPatterns;
