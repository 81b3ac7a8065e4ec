import { gap, type Pattern, type Step } from './pattern.ts';

/** Calls out of a daemon that have no deadline: what they wait for is no goroutine, so that only its name helps. */
const brief = 'Short ones are normal.';

export const udevWait: Pattern = {
  id: 'udev-wait',
  title: 'The devicemapper driver waits for udev',
  meaning:
    'libdevmapper waits for udev to confirm a device, without a deadline: if udev dropped the event, the answer never comes. ' +
    'The lock of the driver is held: inspects, starts and removals wait. See the cookies with dmsetup udevcookies; ' +
    `dmsetup udevcomplete COOKIE ends the wait. ${brief}`,
  versions: 'dockerd with devicemapper',
  references: ['https://github.com/moby/moby/issues/27900', 'https://github.com/moby/moby/issues/27543'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    { steps: [gap, ['devicemapper.UdevWait', 'devicemapper.dmUdevWaitFct', 'devicemapper._Cfunc_dm_udev_wait']] },
  ],
};

const pluginCall: Step = [
  'plugins.(*Client).callWithRetry',
  'plugins.(*Client).callWithRetryWithDefaults',
  'plugins.(*Client).Call',
  'plugins.(*Client).CallWithOptions',
];

export const volumePluginCall: Pattern = {
  id: 'volume-plugin-call',
  title: 'Waits for a volume plugin to answer',
  meaning:
    'dockerd calls volume plugins without a deadline, in part with the lock of a container held: docker ps and inspect then ' +
    `wait too. Look at the plugin and at its storage, and restart the plugin. ${brief}`,
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/33994'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    { steps: [gap, pluginCall, gap, ['drivers.(*volumeDriverProxy).*', 'drivers.(*volumeDriverAdapter).*']] },
  ],
};

export const otherPluginCall: Pattern = {
  id: 'plugin-call',
  title: 'Waits for a plugin of dockerd to answer',
  meaning: `A network, log, authorization or graph plugin, called without a deadline. Look at the plugin, and restart it. ${brief}`,
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/33994'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  unless: ['volume-plugin-call'],
  signatures: [{ steps: [gap, pluginCall] }],
};

export const netlinkRequest: Pattern = {
  id: 'netlink-request',
  title: 'Waits for the kernel to answer a netlink request',
  meaning:
    'The network of a container is set up or taken down. The kernel works off such requests one after the other (rtnl): one ' +
    'that lasts waits for another request, or its answer was lost (dockerd before 17.12 has no deadline). Look for ' +
    `processes in D, and for unregister_netdevice in the log of the kernel. ${brief}`,
  versions: 'dockerd, containerd',
  references: ['https://github.com/moby/moby/issues/28767', 'https://github.com/moby/libnetwork/pull/2044'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        'nl.(*NetlinkSocket).Receive',
        gap,
        ['nl.(*NetlinkRequest).Execute', 'nl.(*NetlinkRequest).ExecuteIter'],
      ],
    },
    { steps: [gap, 'nl.(*NetlinkSocket).Receive', gap, 'ipvs.execute'] },
  ],
};

const dbusCall: Step = [
  'dbus.(*Object).Call',
  'dbus.(*Object).CallWithContext',
  'dbus.(*Object).Go',
  'dbus.(*Object).GoWithContext',
];

export const firewalldCall: Pattern = {
  id: 'firewalld-call',
  title: 'Waits for firewalld to answer over D-Bus',
  meaning: `dockerd passes rules of iptables through firewalld, without a deadline. Look at firewalld and at dbus. ${brief}`,
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/15498', 'https://github.com/docker/for-linux/issues/1209'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [{ steps: [gap, dbusCall, gap, 'iptables.*'] }],
};

/** The package of go-systemd is called `dbus`, too. */
const systemdCaller: Step = [
  ...['startJob', 'getProperty', 'getProperties', 'listUnitsInternal', 'jobComplete'].map(
    (name) => `dbus.(*Conn).${name}`,
  ),
  ...['Start', 'Stop', 'Set', 'Get', 'Reset', 'List'].map((name) => `dbus.(*Conn).${name}*`),
  'systemd.*',
];

export const systemdCall: Pattern = {
  id: 'systemd-call',
  title: 'Waits for systemd to answer over D-Bus',
  meaning:
    'With the systemd cgroup driver each container and pod is a unit of systemd. When calls last for minutes, systemd or dbus is overloaded or does not ' +
    `answer: containers and pods neither start nor stop. Try systemctl list-units and busctl tree. ${brief}`,
  versions: 'kubelet, runc, CRI-O with the systemd cgroup driver',
  references: [
    'https://github.com/opencontainers/runc/issues/3904',
    'https://github.com/opencontainers/runc/issues/1959',
    'https://github.com/godbus/dbus/issues/221',
  ],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    { steps: [gap, dbusCall, gap, systemdCaller] },
    { steps: [['systemd.startUnit', 'systemd.stopUnit']], states: ['select', 'chan receive'] },
  ],
};
