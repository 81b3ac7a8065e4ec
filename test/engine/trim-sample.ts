import type { Readings, Sample } from '../../src/sample/sample.ts';

/** Where the folder of a test is said to be. */
const place = '/var/lib/node';

/** A Sample without what belongs to this machine: its disks, its control groups, and the folder of the test. */
export function trimSample(sample: Sample, folder: string): Sample {
  const readings = Object.fromEntries(
    Object.entries(sample.readings).filter(
      ([name]) => !['cgroups', 'disks', 'filesystems', 'writers', 'host'].includes(name),
    ),
  ) as Readings;
  const { begin: _, ...rest } = sample;
  return JSON.parse(JSON.stringify({ ...rest, readings }).replaceAll(folder, place)) as Sample;
}
