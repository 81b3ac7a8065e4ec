import { describe, expect, test } from 'vitest';
import { isSourceLine } from '../../../src/parse/log/source-line.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

describe('the text of a program or of a rule is known as such', () => {
  test.each([
    ['the format of printf', '  pr_err("INFO: task %s:%d blocked for more than %ld seconds.\\n", t->comm);'],
    ['a format alone', 'unregister_netdevice: waiting for %s to become free. Usage count = %d'],
    ['a format of Go', '\t\treturn nil, fmt.Errorf("failed to remove container root directory %q: %w",'],
    ['an error of Go', '\treturn status, errors.New("container is already in removing state")'],
    ['a regular expression', 'unregister_netdevice: waiting for \\w+ to become free. Usage count = \\d+'],
    ['a regular expression in JSON', '      "pattern": "waiting for \\\\w+ to become free"'],
    ['a rule in JSON', '      "pattern": "Remounting filesystem read-only"'],
    ['a rule in XML', '    <match>file system full|No space left on device</match>'],
    ['a literal of JavaScript', '      /container runtime is down/,'],
    ['a list of words', "    hints: ['failed to start containermanager', 'failed to run kubelet: '],"],
    ['a row of a test', '  "task docker:1234 blocked for more than 120 seconds.",'],
    ['a comment', '  // Remounting filesystem read-only is what ext4 does then.'],
  ])('%s', (_, line) => expect(isSourceLine(line)).toBe(true));
});

describe('what was written when it happened is none', () => {
  test.each([
    ['a line of the kernel', '[ 3781.345173] INFO: task dd:4242 blocked for more than 120 seconds.'],
    ['one without its time', 'INFO: task dd:4242 blocked for more than 120 seconds.'],
    ['a stack', ' ? nfs4_file_llseek+0x2b/0x60 [nfsv4]'],
    ['klog', 'E1121 12:00:45.000000 1000 kubelet.go:2412] "Skipping pod synchronization" err="PLEG is not healthy"'],
    [
      'logrus with a format that was not filled in',
      'time="2026-11-21T12:00:00Z" level=error msg="failed %s: %!d(MISSING)"',
    ],
    ['the status of a node in JSON', '        "message": "container runtime is down, PLEG is not healthy",'],
    [
      'a line of a log in a list',
      '  "Nov 21 12:00:05 node kernel: nfs: server 10.0.0.9 not responding, still trying",',
    ],
    ['a line of a log in a cell', '<td>Nov 21 12:00:05 node kernel: nfs: server 10.0.0.9 not responding</td>'],
    [
      'an error of docker',
      'docker: Error response from daemon: mkdir /var/lib/docker/overlay2/x: no space left on device.',
    ],
    ['a path of systemd', 'dev-disk-by\\x2duuid-3f: Job timed out'],
    ['an address', 'Get "https://10.0.0.1:6443/api?fieldSelector=spec.nodeName%3Dnode-1": dial tcp: i/o timeout'],
    ['a panic', 'panic: runtime error: index out of range [3] with length 3'],
  ])('%s', (_, line) => expect(isSourceLine(line)).toBe(false));
});

test('any text is judged, and at once', () => {
  const samples = ['  "%s" \\w+ (?:x)', '<match>x</match>', '/container runtime is down/,'];
  expectToBear(isSourceLine, samples);
  expectNoHang(isSourceLine, samples);
});
