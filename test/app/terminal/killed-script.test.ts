import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { killedScript } from '../../../src/app/terminal/killed-script.ts';
import { temporaryFolder } from '../../support/world.ts';

type Files = Readonly<Record<string, string>>;

/** What it says at the end of its input, on a node that has these files, of which some change meanwhile. */
async function said(files: Files, changed: Files): Promise<string> {
  const root = temporaryFolder();
  const write = (some: Files): void => {
    for (const [name, content] of Object.entries(some)) {
      fs.mkdirSync(path.dirname(`${root}${name}`), { recursive: true });
      fs.writeFileSync(`${root}${name}`, content);
    }
  };
  write(files);
  const script = ['/proc/self/cgroup', '/proc/vmstat', '/sys/fs/cgroup']
    .reduce((all, name) => all.replaceAll(name, `${root}${name}`), killedScript)
    .replace('read -r _\n', 'echo counted; read -r _\n');
  const child = spawn('/bin/sh', ['-c', script]);
  const complaints = text(child.stderr);
  await once(child.stdout, 'data');
  write(changed);
  child.stdin.end();
  return (await complaints).replaceAll(root, '');
}

const events = '/sys/fs/cgroup/user.slice/memory.events';
const control = '/sys/fs/cgroup/memory/user.slice/memory.oom_control';

test('memory ran out when oom_kill of the control group rose', async () => {
  const of2 = { '/proc/self/cgroup': '0::/user.slice\n', [events]: 'oom 1\noom_kill 2\noom_group_kill 0\n' };
  const rose = await said(of2, { [events]: 'oom 2\noom_kill 4\noom_group_kill 0\n' });
  expect(rose).toContain(`probably because memory ran out: oom_kill in ${events} rose by 2 `);
  const of1 = { '/proc/self/cgroup': '5:cpu:/\n4:memory:/user.slice\n0::/\n', [control]: 'under_oom 0\noom_kill 0\n' };
  expect(await said(of1, { [control]: 'under_oom 0\noom_kill 1\n' })).toContain(`oom_kill in ${control} rose by 1 `);
});

test('memory did not run out when it did not rise, and the node is asked where the group does not count', async () => {
  const files = { '/proc/self/cgroup': '0::/\n', '/proc/vmstat': 'nr_dirty 7\noom_kill 3\n' };
  expect(await said(files, {})).toContain('Memory did not run out: oom_kill in /proc/vmstat did not rise');
});

test('whether memory ran out is unknown on a kernel that does not count', async () => {
  const files = { '/proc/self/cgroup': '4:memory:/user.slice\n', [control]: 'oom_kill_disable 0\nunder_oom 0\n' };
  const unknown = await said(files, {});
  expect(unknown).toContain(`unknown: no oom_kill in ${control}, as before Linux 4.13`);
  expect(unknown).not.toContain('did not run out');
});
