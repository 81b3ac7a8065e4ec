import type { LogUnit } from '../../sample/logs.ts';

/** `containerd.go`, `docker.md`: a text about the unit, not of it. */
const ofProgram =
  /\.(?:[cm]?[jt]sx?|go|c|h|cc|cpp|rs|py|rb|java|sh|md|rst|adoc|html?|xml|ya?ml|toml|conf|csv|patch|diff)$/;

/** The unit that a file belongs to, by its name, if its lines do not say so. */
export function unitOfLogFile(path: string): LogUnit | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (name.includes('ecs-agent')) return 'ecs-agent';
  if (name.includes('containerd')) return 'containerd';
  if (ofProgram.test(name)) return null;
  // Of a build or of `docker compose` it is what programs in containers print.
  if (/docker.?(?:build|compose|image|run)/.test(name)) return null;
  if (name.includes('docker')) return 'dockerd';
  if (name.includes('kubelet')) return 'kubelet';
  if (/^cri-?o\b/.test(name)) return 'crio';
  return /^(?:kern|dmesg)/.test(name) ? 'kernel' : null;
}
