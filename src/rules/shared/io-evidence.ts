import { formatByteRate, formatBytes } from '../../base/bytes.ts';
import { plural } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { formatPercent } from '../../base/percent.ts';
import { listOf } from '../../base/words.ts';
import type { DisksModel } from '../../model/disks/disks.ts';
import type { WriterModel } from '../../model/disks/writers.ts';
import { okValue } from '../../sample/reading.ts';
import type { Parts } from '../engine/parts.ts';
import type { Evidence } from '../engine/rule.ts';

const maxNamed = 3;
/** A slower writer does not fill a disk. */
const leastBytesPerSec = 1e5;
/** Less pressure in a group says nothing. */
const leastPercent = 5;

/** Those that move most, at most three. */
export function topWriters({ writers }: Pick<Parts<'writers'>, 'writers'>): readonly WriterModel[] {
  return (writers?.list ?? [])
    .filter(({ readBytesPerSec, writeBytesPerSec }) => readBytesPerSec + writeBytesPerSec >= leastBytesPerSec)
    .slice(0, maxNamed);
}

/** Which processes read and write most, one line each. */
export function writerEvidence(around: Parts<'writers'>): Evidence[] {
  return topWriters(around).map((writer) => ({
    source: `/proc/${writer.pid}/io`,
    text: `${whoOf(writer)} writes ${formatByteRate(writer.writeBytesPerSec)}, reads ${formatByteRate(writer.readBytesPerSec)}`,
  }));
}

/** `dd (pid 4242) of web-1` */
export function whoOf({ comm, pid, containerId, containerName }: WriterModel): string {
  const of = containerId === null ? '' : ` of ${containerName ?? containerId.slice(0, 12)}`;
  return `${comm} (pid ${pid})${of}`;
}

/** The containers that wait most: they suffer, which does not say that they cause it. */
export function groupEvidence({ cgroups }: Parts<'cgroups'>): Evidence[] {
  return (cgroups?.containers ?? [])
    .map((group) => ({ group, percent: group.stallPercent ?? okValue(group.ioPressure)?.some.avg10 ?? 0 }))
    .filter(({ percent }) => percent >= leastPercent)
    .slice(0, maxNamed)
    .map(({ group, percent }) => {
      const moved = group.writeBytesPerSec === null ? '' : `, writes ${formatByteRate(group.writeBytesPerSec)}`;
      const name = group.name ?? group.containerId?.slice(0, 12) ?? group.path;
      return {
        source: `${group.path}/io.pressure`,
        text: `${name} waits ${formatPercent(percent)} of its time${moved}`,
      };
    });
}

/** The processes that wait for dirty memory to be written, and for how much longer. */
export function flushEvidence({ flush, dirtyBytes, writebackBytes }: DisksModel): Evidence[] {
  if (flush === null) {
    const left = (dirtyBytes ?? 0) + (writebackBytes ?? 0);
    return left === 0 ? [] : [{ source: '/proc/meminfo', text: `${formatBytes(left)} dirty or under write-back` }];
  }
  const who = listOf(
    flush.waiters.map(({ comm, pid, call }) => `${comm} (pid ${pid}, ${call})`),
    3,
  );
  const rate = flush.bytesPerSec === null ? '' : ` at ${formatByteRate(flush.bytesPerSec)}`;
  const ends: Record<typeof flush.state, string> = {
    stuck: `${flush.device ?? 'a device'} completes no request: the wait will not end`,
    stalled: 'nothing is being written: the wait will not end',
    measuring: 'its rate is not known yet',
    refilling: `${left(flush.secondsLeft)}${rate}, but more is made dirty than is written`,
    draining: `${left(flush.secondsLeft)}${rate}`,
  };
  return [
    {
      source: '/proc/vmstat',
      text: `${who} ${plural(flush.waiters.length, 'waits', 'wait')} for ${formatBytes(flush.leftBytes)} of dirty memory: ${ends[flush.state]}`,
    },
  ];
}

function left(seconds: number | null): string {
  return seconds === null ? 'not known how long' : `about ${formatSeconds(seconds)} left`;
}
