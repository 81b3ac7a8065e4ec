import type { UnitSettings } from '../../sample/mounts.ts';
import { parseUnitFile } from './unit-file.ts';

/**
 * What makes systemd give a service its own mount namespace, besides MountFlags: exec_needs_mount_namespace() of systemd's
 * src/core. Those with a value other than "no" do; of lists any entry does.
 */
const namespacing = [
  ...['PrivateMounts', 'PrivateTmp', 'PrivateDevices', 'PrivateNetwork', 'PrivateIPC', 'PrivatePIDs', 'DynamicUser'],
  ...['ProtectSystem', 'ProtectHome', 'ProtectKernelTunables', 'ProtectKernelModules', 'ProtectKernelLogs'],
  ...['ProtectControlGroups', 'ProtectProc', 'ProcSubset', 'RootDirectory', 'RootImage', 'TemporaryFileSystem'],
  ...['ReadWritePaths', 'ReadOnlyPaths', 'InaccessiblePaths', 'ReadWriteDirectories', 'ReadOnlyDirectories'],
  ...['InaccessibleDirectories', 'ExecPaths', 'NoExecPaths', 'BindPaths', 'BindReadOnlyPaths', 'MountImages'],
  ...['ExtensionImages', 'ExtensionDirectories'],
];
const off = new Set(['', 'no', 'n', 'false', 'f', '0', 'off', 'default', 'all']);

/**
 * The combined settings of a unit file and its drop-ins: of each setting the last assignment counts, and an empty one resets
 * it. Of the settings that are lists only matters whether they have entries.
 *
 * @param files the unit file and then its drop-ins, in the order in which systemd applies them
 */
export function parseUnitSettings(
  unit: string,
  files: readonly { readonly path: string; readonly text: string }[],
): UnitSettings {
  const values = new Map<string, string>();
  for (const { text } of files) {
    for (const { section, key, value } of parseUnitFile(text)) if (section === 'Service') values.set(key, value);
  }
  return {
    unit,
    mountFlags: values.get('MountFlags') || null,
    namespaced: namespacing.filter((key) => !off.has(values.get(key)?.toLowerCase() ?? '')),
    killMode: values.get('KillMode') || null,
    files: files.map(({ path }) => path),
  };
}
