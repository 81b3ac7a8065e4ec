import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type CollectOptions, passOn, withCollectOptions, withNodeOptions } from '../../../src/cli/options/options.ts';

/** What a command with the collecting options makes of its arguments; the message it gives up with, otherwise. */
function parse(...argv: string[]): CollectOptions | string {
  let complaint = '';
  const command = withCollectOptions(new Command('x').exitOverride()).configureOutput({
    writeErr: (text) => (complaint += text),
  });
  try {
    return command.parse(argv, { from: 'user' }).opts<CollectOptions>();
  } catch {
    return complaint;
  }
}

describe('the collecting options', () => {
  test('have the defaults that are promised', () => {
    expect(parse()).toEqual({
      pprof: [],
      cri: [],
      procfs: '/proc',
      sysfs: '/sys',
      rootfs: '/',
      interval: 1000,
      disable: [],
      log: [],
    });
  });

  test('are the same again for a process of this program that they are passed on to', () => {
    const argv = [
      '--docker-host',
      'unix:///x',
      '--pprof',
      'containerd=unix:///y',
      '--pprof',
      'etcd=http://127.0.0.1:6060',
      '--procfs',
      '/host/proc/',
      '--disable',
      'mounts',
      '--disable',
      'host',
      '--dump-dir',
      '/tmp/d',
    ];
    const options = parse(...argv) as CollectOptions;
    expect(options).toMatchObject({
      procfs: '/host/proc',
      disable: ['mounts', 'host'],
      pprof: [
        ['containerd', 'unix:///y'],
        ['etcd', 'http://127.0.0.1:6060'],
      ],
    });
    expect(parse(...passOn(options))).toEqual(options);
  });

  test('are passed on without those that were not given', () => {
    const options = parse() as CollectOptions;
    expect(passOn(options)).toEqual(['--procfs', '/proc', '--sysfs', '/sys', '--rootfs', '/']);
  });

  test('are all passed on, but the interval: the screen changes that of its sampler by keys', () => {
    const one = [['dockerd', 'unix:///x']] as const;
    const passed = passOn({
      dockerHost: 'unix:///x',
      pprof: one,
      cri: ['unix:///y'],
      procfs: '/p',
      sysfs: '/s',
      rootfs: '/r',
      interval: 1000,
      cpuBudget: 3,
      disable: ['logs'],
      log: ['/l'],
      dumpDir: '/d',
    });
    const { options } = withCollectOptions(new Command('x'));
    const missing = options.filter(({ long }) => !passed.includes(long ?? ''));
    expect(missing.map(({ long }) => long)).toEqual(['--interval']);
  });

  test.each([
    [['--interval', '10ms'], 'It must be from 250ms to 1h.'],
    [['--interval', 'soon'], 'It is not a duration such as 250ms, 2s or 1m.'],
    [['--disable', 'disk'], 'The sources are daemons, stacks, containers, cri, processes,'],
    [['--pprof', 'containerd'], 'It is not of the form NAME=unix:///path or NAME=http://host:port.'],
    [['--cri', '/run/crio.sock'], 'It is not of the form unix:///path.'],
    [['--procfs', ''], 'It is empty.'],
    [['--bogus'], "unknown option '--bogus'"],
  ])('refuse %j in words that help', (argv, words) => {
    expect(parse(...argv)).toContain(words);
  });
});

test('a command that takes no samples lists no option of sampling, and takes all that the screen passes on', () => {
  const { options } = withNodeOptions(new Command('x'), ['--cri']);
  const listed = options.filter(({ hidden }) => !hidden).map(({ long }) => long);
  expect(listed).toEqual(['--docker-host', '--pprof', '--procfs', '--sysfs', '--rootfs', '--dump-dir']);
  expect(options).toHaveLength(withCollectOptions(new Command('x')).options.length);
});
