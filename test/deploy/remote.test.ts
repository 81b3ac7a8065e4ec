import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fleetQueries, questionNames } from '../../src/fleet/queries.ts';
import { launcher } from '../engine/rtwatch.ts';
import { Scratch } from '../engine/scratch.ts';
import { Terminal } from '../engine/terminal.ts';
import { answerBody, fakePrometheus } from '../support/fake-prometheus.ts';
import { answersOf } from '../support/fleets.ts';
import { Sshd } from './sshd.ts';

let scratch: Scratch;
/** The default command, with a configuration of the test's. */
let command: string;
beforeAll(() => {
  scratch = new Scratch();
  fs.mkdirSync(scratch.of('bin'));
  fs.symlinkSync(launcher, scratch.of('bin', 'rtwatch'));
  command = `ssh -F ${scratch.of('ssh-config')} -o BatchMode=yes -o ConnectTimeout=10 {node} rtwatch sample`;
});
afterAll(() => scratch.close());

const systemPath = '/usr/local/bin:/usr/bin:/bin';
const withRtwatch = (): string => `${scratch.of('bin')}:${systemPath}`;

function configure(...parts: string[]): void {
  fs.writeFileSync(scratch.of('ssh-config'), parts.join('\n'));
}

async function openRemote(...nodes: string[]): Promise<Terminal> {
  const terminal = await Terminal.open(scratch, { columns: 200, rows: 40 });
  await terminal.enter(`${launcher} remote --command '${command}' ${nodes.join(' ')}`);
  return terminal;
}

async function quit(terminal: Terminal): Promise<void> {
  await terminal.press('q');
  await terminal.waitFor('the prompt', (screen) => screen.trim().endsWith('#'));
}

test('two nodes over a real sshd have rows; Enter opens one, Esc goes back; sshd that is killed is said, and is found again', async () => {
  const sshd = await Sshd.start(scratch, 'far', { path: withRtwatch() });
  configure(sshd.clientConfig('node-1', 'node-2'));
  const terminal = await openRemote('node-1', 'node-2');
  const isLive = (screen: string): boolean => /node-1 +live/.test(screen) && /node-2 +live/.test(screen);
  await terminal.waitFor('both nodes', isLive);
  await terminal.press('Enter');
  await terminal.waitFor('the screen of a node', (screen) => screen.includes('2 Containers'));
  await terminal.press('Escape');
  await terminal.waitFor('the list', isLive);

  await sshd.kill();
  const isLost = (screen: string): boolean => /(node-[12] +silent.*Connection refused[\s\S]*){2}/.test(screen);
  const lost = await terminal.waitFor('what ssh says', isLost);
  expect(lost).toMatch(/node-1 +silent .*tries again after/);
  await sshd.listen();
  await terminal.waitFor('both nodes again', isLive);
  await quit(terminal);
});

test('a host key that changed, a password that is wanted and a node without rtwatch are said in the row; keys stay those of the screen', async () => {
  const changed = await Sshd.start(scratch, 'changed', { path: withRtwatch() });
  const locked = await Sshd.start(scratch, 'locked', { path: withRtwatch() });
  const bare = await Sshd.start(scratch, 'bare', { path: systemPath });
  configure(changed.clientConfig('changed'), locked.clientConfig('locked'), bare.clientConfig('bare'));
  locked.acceptNoKey();
  await changed.kill();
  await changed.newHostKey();
  await changed.listen();
  const terminal = await openRemote('changed', 'locked', 'bare');
  for (const [name, words] of [
    ['changed', 'Host key verification failed: its host key has changed \\(known is'],
    ['locked', 'root@127.0.0.1: Permission denied \\(publickey,password'],
    ['bare', 'rtwatch: .*not found. Install rtwatch on the node, or let --copy bring it'],
  ] as const) {
    await terminal.waitFor(`the row of ${name}`, (screen) => new RegExp(`${name} .*${words}`).test(screen));
  }
  await terminal.press('?');
  await terminal.waitFor('help', (screen) => screen.includes('go back, clear the filter'));
  await terminal.press('Escape');
  await terminal.waitFor('the list', (screen) => /locked .*Permission denied/.test(screen));
  await quit(terminal);
});

test('a command that lets ssh ask for a password has no terminal to ask on', async () => {
  const sshd = await Sshd.start(scratch, 'asking', { path: withRtwatch() });
  configure(sshd.clientConfig('asking'));
  sshd.acceptNoKey();
  const terminal = await Terminal.open(scratch, { columns: 200, rows: 40 });
  const asks = `ssh -F ${scratch.of('ssh-config')} -o BatchMode=no {node} rtwatch sample`;
  await terminal.enter(`${launcher} remote --command '${asks}' asking`);
  const screen = await terminal.waitFor('what ssh says', (now) => /asking .*Permission denied/.test(now));
  expect(screen).not.toContain('password:');
  await quit(terminal);
});

test('Enter on the fleet opens a node over a real sshd, and Esc leads back; ssh asks for a password there', async () => {
  const sshd = await Sshd.start(scratch, 'opened', { path: withRtwatch() });
  configure(sshd.clientConfig('node-1'));
  const queries = fleetQueries([]);
  // Scripted: what a real Prometheus answers is tried in fleet.test.ts.
  const answers = answersOf({
    total: 1,
    versions: {},
    sick: [{ instance: 'node-1:9753', findings: [{ id: 'stalled-disk', ago: 60 }] }],
  });
  const { url } = await fakePrometheus(({ form }) => {
    const name = questionNames.find((one) => one !== 'trends' && queries[one] === form.get('query'));
    return { body: name === undefined || name === 'trends' ? answerBody([], 'matrix') : answerBody(answers[name]) };
  });
  const terminal = await Terminal.open(scratch, { columns: 160, rows: 40 });
  const open = `ssh -F ${scratch.of('ssh-config')} {node} rtwatch sample | rtwatch watch -`;
  await terminal.enter(`${launcher} fleet --prometheus ${url.href} --open '${open}'`);
  const isFleet = (screen: string): boolean => screen.includes('rtwatch fleet') && screen.includes('node-1');
  await terminal.waitFor('the fleet', isFleet);
  await terminal.press('Enter');
  await terminal.waitFor('the screen of the node', (screen) => screen.includes('2 Containers'));
  // Each key reaches the screen: ssh takes none of them.
  for (let times = 0; times < 5; times++) {
    await terminal.press('?');
    await terminal.waitFor('help', (screen) => screen.includes('elsewhere and always'));
    await terminal.press('Escape');
    await terminal.waitFor('the screen of the node', (screen) => !screen.includes('elsewhere and always'));
  }
  await terminal.press('Escape');
  await terminal.waitFor('the fleet again', isFleet);
  sshd.acceptNoKey();
  await terminal.press('Enter');
  await terminal.waitFor('the question of ssh', (screen) => screen.includes("'s password:"));
  await terminal.press('C-c');
  await terminal.waitFor('the fleet again', isFleet);
  await quit(terminal);
});
