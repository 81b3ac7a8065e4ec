import fs from 'node:fs';
import path from 'node:path';
import type { Library } from '../licenses.ts';
import { inputsOf } from './inputs.ts';
import { executableLicenses } from './licenses.ts';
import { makeExecutable } from './one-file.ts';
import type { Release } from './release-facts.ts';
import { makeBlob } from './sea.ts';
import type { Machine } from './targets.ts';

/** The program, bundled. */
export interface Program {
  readonly script: string;
  /** Of which it is made. */
  readonly libraries: readonly Library[];
}

/** The executable of a machine, as a file. */
export interface Made {
  readonly machine: Machine;
  readonly executable: string;
  /** The texts of the licenses of all that is in it. */
  readonly licenses: string;
}

/** Makes `rtwatch-linux-MACHINE`. */
export async function makeExecutableOf(machine: Machine, program: Program, release: Release): Promise<Made> {
  const target = inputsOf(machine);
  const folder = path.join(release.work, machine.name);
  fs.mkdirSync(folder, { recursive: true });
  const licenses = executableLicenses(target, program.libraries);
  fs.writeFileSync(path.join(folder, 'licenses'), licenses);
  const executable = path.join(release.out, `rtwatch-linux-${machine.name}`);
  const blob = await makeBlob(target, program.script, folder);
  fs.writeFileSync(executable, makeExecutable(target, blob), { mode: 0o755 });
  return { machine, executable, licenses };
}
