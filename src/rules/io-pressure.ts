import { countOf, formatCount } from '../base/counts.ts';
import { formatMs, formatSeconds } from '../base/durations.ts';
import { formatPercent } from '../base/percent.ts';
import { listOf } from '../base/words.ts';
import type { DiskModel, DisksModel } from '../model/disks/disks.ts';
import { heldUpSeconds } from '../model/disks/faults.ts';
import { type PressurePattern, pressurePattern } from '../model/disks/pressure.ts';
import { belowDisk } from '../model/disks/stacked.ts';
import { unpackHint } from '../model/disks/volatile-hint.ts';
import { diskPaths } from '../model/processes/blocked-places.ts';
import type { IoPressure } from '../sample/disks.ts';
import { okValue } from '../sample/reading.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, rule, type Severity } from './engine/rule.ts';
import { type BusyDevice, busyDevices } from './shared/io-devices.ts';
import { flushEvidence, groupEvidence, writerEvidence } from './shared/io-evidence.ts';
import { type IoParts, ioRemedies } from './shared/io-remedies.ts';

/**
 * Share of time, percent, in which some task (or every one) waited for I/O. Our own judgement: there is no official number.
 */
const limits = {
  some: { warning: 20, critical: 60 },
  full: { warning: 10, critical: 40 },
} as const;

/** Without pressure the devices speak: this much in flight (node-exporter's alarm), and this long, for ten seconds. */
const longQueue = 10;
const slowMs = 100;

/** Tasks lose much of their time waiting for a disk, and have for a while. */
export const ioPressure = rule({
  id: 'io-pressure',
  needs: ['disks'],
  uses: ['processes', 'writers', 'cgroups', 'daemons'],
  matters: true,
  judge: (given) => {
    const { disks } = given;
    const pressure = okValue(disks.pressure);
    const devices = busyDevices(disks, given.ioWindow);
    if (pressure !== null) {
      const severity = severityOf(pressure, given);
      return severity === null ? [] : [findingOf(severity, 'certain', pressure, devices, given)];
    }
    const slow = devices.filter(
      ({ sustained }) => sustained !== null && sustained.queue > longQueue && (sustained.awaitMs ?? 0) > slowMs,
    );
    return slow.length === 0 ? [] : [findingOf('warning', 'possible', null, slow, given)];
  },
});

function severityOf(pressure: IoPressure, window: Parts<'ioWindow'>): Severity | null {
  const over = (severity: 'warning' | 'critical'): boolean =>
    lasts(pressure, 'some', limits.some[severity], window) || lasts(pressure, 'full', limits.full[severity], window);
  return over('critical') ? 'critical' : over('warning') ? 'warning' : null;
}

/** Both the kernel's mean and what the counters say of the last ten seconds; before there are ten, the longer mean. */
function lasts(pressure: IoPressure, line: 'some' | 'full', limit: number, { ioWindow }: Parts<'ioWindow'>): boolean {
  const means = pressure[line];
  if (means === null || means.avg10 < limit) return false;
  const own = line === 'some' ? (ioWindow?.somePercent ?? null) : (ioWindow?.fullPercent ?? null);
  return (own ?? means.avg60) >= limit;
}

function findingOf(
  severity: Severity,
  confidence: Finding['confidence'],
  pressure: IoPressure | null,
  devices: readonly BusyDevice[],
  given: IoParts & Parts<'ioWindow'>,
): Finding {
  const { disks } = given;
  const pattern = pressurePattern(given);
  const [worst] = devices;
  const hint = unpackHint(given);
  return {
    id: 'io-pressure',
    severity,
    confidence,
    title: titleOf(pressure, worst ?? null, pattern),
    summary: summaryOf(pattern, worst ?? null, disks),
    since: null,
    evidence: [
      ...(pressure === null ? [] : [pressureEvidence(pressure, given)]),
      ...devices.slice(0, 3).map(({ text }) => ({ source: '/proc/diskstats', text })),
      ...writerEvidence(given),
      ...groupEvidence(given),
      ...flushEvidence(disks),
      ...(hint.unpackers.length === 0
        ? []
        : [
            {
              source: '/proc',
              text: `images are being unpacked: ${listOf(hint.unpackers.map(({ comm, pid }) => `${comm} (pid ${pid})`))}`,
            },
          ]),
    ],
    subjects: { ...noSubjects, devices: worst === undefined ? [] : diskPaths(worst.disk) },
    ruledOut: ruledOut(pattern, disks),
    remedies: ioRemedies({ worst: worst ?? null, hint, ...given }),
    references: ['https://docs.kernel.org/accounting/psi.html'],
  };
}

function titleOf(pressure: IoPressure | null, worst: BusyDevice | null, pattern: PressurePattern): string {
  const holds = worst === null || worst.roots === '' ? '' : `, which holds ${worst.roots}`;
  const where = worst === null ? '' : ` ${worst.name}${holds}`;
  if (pattern.kind === 'stuck' && pattern.devices.length > 0 && worst !== null) {
    // Its cause, the stalled device, has a title of its own.
    return `I/O pressure: ${worst.name}${holds === '' ? '' : `${holds},`} completes none of its ${formatCount(worst.disk.inFlight)} requests`;
  }
  if (pressure === null) return `A disk is slow:${where}`;
  const full = pressure.full === null ? '' : `, full ${formatPercent(pressure.full.avg10)}`;
  const share = `some ${formatPercent(pressure.some.avg10)}${full} of the time`;
  return where === '' ? `I/O pressure: ${share}` : `I/O pressure on${where}: ${share}`;
}

/** Says what it is, and whether it is the disk of the containers. */
function summaryOf(pattern: PressurePattern, worst: BusyDevice | null, disks: DisksModel): string {
  const what = `${pattern.text.slice(0, 1).toUpperCase()}${pattern.text.slice(1)}.`;
  const held = worst === null ? null : heldUpSeconds(worst.disk);
  if (worst !== null && held !== null && pattern.kind !== 'stuck') {
    return `${worst.name} has completed none of its ${formatCount(worst.disk.inFlight)} requests for ${formatSeconds(held)}: it may hang. Check again in a few seconds.`;
  }
  if (worst === null) return `${what} No single device stands out.`;
  const roots = disks.list.filter((disk) => disk.roots.length > 0);
  if (worst.roots !== '') return `${what} ${worst.text}; ${worst.roots} is on it, so starts, stops and pulls wait too.`;
  return `${what} ${worst.text}.${rootsText(worst.disk, roots, disks)}`;
}

/** Where the runtimes' data is, seen from a device that does not carry it. */
function rootsText(worst: DiskModel, roots: readonly DiskModel[], disks: DisksModel): string {
  if (roots.length === 0) return '';
  const below = belowDisk(worst, disks);
  const shared = roots.filter(({ name }) => below.has(name)).map(({ name }) => name);
  if (shared.length > 0) return ` It is built on ${listOf(shared)}, as the runtimes’ data is.`;
  return ` The runtimes’ data is on ${listOf(roots.map(({ name }) => name))}, not on it.`;
}

function pressureEvidence({ some, full }: IoPressure, { ioWindow }: Parts<'ioWindow'>): Evidence {
  const lines = [
    `some ${formatPercent(some.avg10)} (10s), ${formatPercent(some.avg60)} (60s)`,
    ...(full === null ? [] : [`full ${formatPercent(full.avg10)} (10s), ${formatPercent(full.avg60)} (60s)`]),
  ];
  const own =
    ioWindow?.somePercent == null
      ? ''
      : `; by its counters ${formatPercent(ioWindow.somePercent)} over the last ${formatMs(ioWindow.overMs)}`;
  return { source: '/proc/pressure/io', text: `${lines.join(', ')}${own}` };
}

function ruledOut({ kind, pids }: PressurePattern, disks: DisksModel): Finding['ruledOut'] {
  if (kind === 'stuck' || kind === 'unknown' || disks.list.some((disk) => heldUpSeconds(disk) !== null)) return [];
  return [
    {
      id: 'stuck-filesystem',
      because: `${pids.length === 0 ? 'no process stays in D' : `${countOf(pids.length, 'process', 'processes')} in D, which is what a slow disk causes`}, and every device completes requests`,
    },
  ];
}
