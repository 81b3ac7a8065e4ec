/** The machine that the node runs on, for a ticket: what the kernel's own files in a bundle do not say. */
interface MachineFacts {
  readonly system: { readonly manufacturer: string; readonly model: string; readonly version: string };
  /** The hypervisor, when there is one. */
  readonly virtual: string | null;
  readonly bios: { readonly vendor: string; readonly version: string; readonly releaseDate: string };
  readonly os: {
    readonly distribution: string;
    readonly release: string;
    readonly kernel: string;
    readonly arch: string;
  };
  readonly cpu: {
    readonly manufacturer: string;
    readonly brand: string;
    readonly cores: number;
    readonly sockets: number;
  };
}

/**
 * Reads them with systeminformation, which starts programs (dmidecode, lscpu, some of them synchronously): only in a process
 * that may hang, and never on a tick. Serial numbers, uuids and the machine id that it also gives are left out.
 */
export async function readMachineFacts(): Promise<MachineFacts> {
  const { default: si } = await import('systeminformation');
  const [system, bios, os, cpu] = await Promise.all([si.system(), si.bios(), si.osInfo(), si.cpu()]);
  return {
    system: { manufacturer: system.manufacturer, model: system.model, version: system.version },
    virtual: system.virtual ? (system.virtualHost ?? '') : null,
    bios: { vendor: bios.vendor, version: bios.version, releaseDate: bios.releaseDate },
    os: { distribution: os.distro, release: os.release, kernel: os.kernel, arch: os.arch },
    cpu: { manufacturer: cpu.manufacturer, brand: cpu.brand, cores: cpu.cores, sockets: cpu.processors },
  };
}
