import os from 'node:os';
import { succeed } from '../engine/run.ts';
import { processes } from './proc.ts';

/** On what it was measured. */
export interface Machine {
  readonly date: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly tmux: string;
  /** Processes that were there before. */
  readonly processes: number;
}

export async function describeMachine(): Promise<Machine> {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    kernel: os.release(),
    arch: os.arch(),
    cpuModel: cpus[0]?.model.trim() || 'unknown CPU',
    cpus: cpus.length,
    memoryBytes: os.totalmem(),
    node: process.version,
    tmux: (await succeed('tmux', ['-V'])).replace(/^tmux /, ''),
    processes: processes().length,
  };
}
