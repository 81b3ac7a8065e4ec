/** A kind of machine that the release is made for, and what each package format calls it. */
export interface Machine {
  /** As Node.js says it. */
  readonly name: 'x64' | 'arm64';
  /** As Debian and OCI images say it. */
  readonly debian: 'amd64' | 'arm64';
  readonly rpm: 'x86_64' | 'aarch64';
  /** `e_machine` of its ELF files. */
  readonly elf: number;
  /** Where Debian has its libraries. */
  readonly libraries: string;
  /** The emulator that runs its programs on another machine. */
  readonly emulator: string;
}

export const machines: readonly Machine[] = [
  {
    name: 'x64',
    debian: 'amd64',
    rpm: 'x86_64',
    elf: 62,
    libraries: 'lib/x86_64-linux-gnu',
    emulator: 'qemu-x86_64',
  },
  {
    name: 'arm64',
    debian: 'arm64',
    rpm: 'aarch64',
    elf: 183,
    libraries: 'lib/aarch64-linux-gnu',
    emulator: 'qemu-aarch64',
  },
];

/** A machine with all that its executable is made of. */
export interface Target extends Machine {
  /** The pinned Node.js. */
  readonly node: string;
  /** A folder with the packages of `carried.json`, unpacked. */
  readonly root: string;
  /** The command that runs its Node.js on this machine. */
  readonly run: readonly string[];
}
