import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { waitFor } from '../support/wait-for.ts';

/** A process that listens on a socket and then does not run any more. */
export interface FrozenDaemon {
  readonly pid: number;
  /** Lets it run: how many connections it finds. */
  readonly waiting: () => Promise<number>;
}

const program = `
  let accepted = 0;
  const server = require('node:net').createServer((socket) => { accepted++; socket.on('error', () => {}); });
  server.listen({ path: process.argv[1], backlog: Number(process.argv[2]) }, () => console.log('listens'));
  process.on('SIGUSR2', () => setTimeout(() => console.log('accepted ' + accepted), 300));
`;

/** @param room for connections that it has not accepted */
export async function startFrozenDaemon(socketPath: string, room: number): Promise<FrozenDaemon> {
  const child = spawn(process.execPath, ['-e', program, socketPath, String(room)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await waitFor('the daemon', () => said.includes('listens'));
  child.kill('SIGSTOP');
  return {
    pid: child.pid ?? 0,
    waiting: async () => {
      child.kill('SIGCONT');
      child.kill('SIGUSR2');
      return Number(await waitFor('its count', () => /accepted (\d+)/.exec(said)?.[1]));
    },
  };
}
