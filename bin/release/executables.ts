import fs from 'node:fs';
import path from 'node:path';
import { inputsOf } from './inputs.ts';
import { executableLicenses } from './licenses.ts';
import { makeExecutable } from './one-file.ts';
import { makePacked } from './packed.ts';
import { bundleScript, makeBlob } from './sea.ts';
import { type Machine, machines } from './targets.ts';

/** The executables of a machine, as files. */
export interface Made {
  readonly machine: Machine;
  readonly executable: string;
  readonly packed: string;
}

/**
 * Makes `rtwatch-linux-MACHINE` and `rtwatch-linux-MACHINE-packed` in a folder.
 *
 * @param work a folder for what is made on the way
 * @param preset of xz, for the packed ones
 */
export async function makeExecutables(out: string, work: string, preset: number): Promise<Made[]> {
  const script = path.join(work, 'program.cjs');
  await bundleScript(script);
  return Promise.all(
    machines.map(async (machine) => {
      const target = inputsOf(machine);
      const folder = path.join(work, machine.name);
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'licenses'), executableLicenses(target));
      const executable = path.join(out, `rtwatch-linux-${machine.name}`);
      const packed = `${executable}-packed`;
      fs.writeFileSync(executable, makeExecutable(target, makeBlob(target, script, folder)), { mode: 0o755 });
      fs.writeFileSync(packed, await makePacked(machine, executable, preset), { mode: 0o755 });
      return { machine, executable, packed };
    }),
  );
}
