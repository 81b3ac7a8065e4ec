import { expect, test } from 'vitest';
import { parseLogLine } from '../../../src/parse/log/line.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const parse = (line: string) => parseLogLine(line, { nowMs, utcOffsetMinutes: 0, bootAtMs: null });
const ago = (seconds: number): number => nowMs - seconds * 1000;

test('a row of kubectl describe gives its age, its component and its words', () => {
  expect(
    parse(
      '  Warning  SystemOOM                12m (x4 over 25m)    kubelet, kube-node-9f4e     System OOM encountered',
    ),
  ).toMatchObject({ at: ago(720), unit: 'kubelet', message: 'System OOM encountered' });
  expect(parse('  Warning  ContainerGCFailed  2m49s  kubelet  rpc error: code = DeadlineExceeded')).toMatchObject({
    at: ago(169),
    unit: 'kubelet',
  });
});

test('what the node problem detector hands on is of the log that it read', () => {
  expect(
    parse('  Warning  TaskHung  5d1h  kernel-monitor, node-1  INFO: task docker:7 blocked for more than 300 seconds.'),
  ).toMatchObject({
    at: ago(5 * 86_400 + 3600),
    unit: 'kernel',
    message: 'INFO: task docker:7 blocked for more than 300 seconds.',
  });
});

test('a row of kubectl get events names no component', () => {
  expect(
    parse('15m         Warning   FailedCreatePodContainer   pod/web-7b8pw    dbus: connection closed by user'),
  ).toMatchObject({ at: ago(900), unit: null, message: 'dbus: connection closed by user' });
  expect(parse('<unknown>   Warning   BackOff   pod/web   Back-off')).toMatchObject({ at: null, message: 'Back-off' });
});

test('a row that stands for several events says how many, and since when', () => {
  expect(parse('  Warning  SystemOOM  12m (x4 over 25m)  kubelet, n  System OOM encountered')).toMatchObject({
    at: ago(720),
    times: 4,
    overMs: 1_500_000,
  });
  expect(parse('15m (x2 over 1h)   Warning   BackOff   pod/web   Back-off')).toMatchObject({
    times: 2,
    overMs: 3_600_000,
  });
  expect(parse('  Warning  SystemOOM  12m  kubelet, n  System OOM encountered')).toMatchObject({ times: 1, overMs: 0 });
});

test('a row of an old table has its count in a column', () => {
  const row =
    '  4h\t\t19s\t\t564\tkubelet, gke-pool-a89d\t\t\tWarning\t\tEvictionThresholdMet\tAttempting to reclaim nodefs';
  expect(parse(row)).toMatchObject({
    at: ago(19),
    unit: 'kubelet',
    times: 564,
    overMs: 14_381_000,
    message: 'Attempting to reclaim nodefs',
  });
  const ofContainer = '  9m  2m  3  kubelet, n  spec.containers{web}  Warning  BackOff  Back-off restarting';
  expect(parse(ofContainer)).toMatchObject({ times: 3, message: 'Back-off restarting' });
});

test('a row whose columns were pasted one space apart is read', () => {
  expect(parse('Warning Failed 53s (x36 over 149m) kubelet Error: context deadline exceeded')).toMatchObject({
    at: ago(53),
    unit: 'kubelet',
    times: 36,
    message: 'Error: context deadline exceeded',
  });
});

test('what is normal, and what another component says, is of no unit here', () => {
  expect(parse('  Normal   NodeReady  19m (x6 over 5d1h)  kubelet, n  Node n status is now: NodeReady').unit).toBe(
    'other',
  );
  expect(parse('  Warning  FailedScheduling  19m  default-scheduler  0/3 nodes are available').unit).toBe('other');
});

test('other tables and sentences are no events', () => {
  for (const line of [
    '  Type     Reason                   Age                  From                        Message',
    'Warning: 3 of 4 disks are slow',
    'Warning disks are slow since 5m',
    'kube-system   coredns-5d78c9869d-abcde   1/1   Running   0   12m',
  ]) {
    expect(parse(line)).toMatchObject({ at: null, unit: null, message: line });
  }
});
