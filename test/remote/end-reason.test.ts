import { describe, expect, test } from 'vitest';
import { endReason } from '../../src/remote/end-reason.ts';

const exited = (code: number) => ({ error: null, code, signal: null });

describe('why a connection ended', () => {
  test('is the last line that ssh wrote', () => {
    const said = 'Warning: Permanently added x.\nroot@node-1: Permission denied (publickey,password).\n';
    expect(endReason(exited(255), said)).toBe('root@node-1: Permission denied (publickey,password)');
  });

  test('is how it exited, when it wrote nothing', () => {
    expect(endReason(exited(0), '')).toBe('the connection ended (exit code 0)');
    expect(endReason({ error: null, code: null, signal: 'SIGKILL' }, '\n')).toBe('the connection ended (SIGKILL)');
    expect(endReason({ error: new Error('spawn ENOENT'), code: null, signal: null }, '')).toBe('spawn ENOENT');
  });

  test('says what to do about a node without rtwatch, in the words of several shells', () => {
    for (const said of [
      'sh: 1: rtwatch: not found',
      'bash: line 1: rtwatch: command not found',
      'zsh:1: command not found: rtwatch',
    ]) {
      expect(endReason(exited(127), said)).toBe(`${said}. Install rtwatch on the node, or let --copy bring it`);
    }
    // This machine has no ssh.
    expect(endReason(exited(127), '/bin/sh: 1: exec: ssh: not found')).toBe('/bin/sh: 1: exec: ssh: not found');
  });

  test('says of a host key that it has changed, and where the known one is', () => {
    const banner = [
      '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@',
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @',
      '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@',
      'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!',
      'Offending ED25519 key in /root/.ssh/known_hosts:7',
      'Host key for node-1 has changed and you have requested strict checking.',
      'Host key verification failed.',
    ].join('\r\n');
    expect(endReason(exited(255), banner)).toBe(
      'Host key verification failed: its host key has changed (known is /root/.ssh/known_hosts:7). Find out why before you remove the known key',
    );
    expect(endReason(exited(255), 'Host key verification failed.')).toContain('its host key is not known');
  });
});
