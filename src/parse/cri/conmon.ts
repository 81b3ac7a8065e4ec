import type { BundleName } from '../../sample/shims.ts';
import { valuesOf } from '../proc/daemon-arguments.ts';

/** The name of the process that watches one container of CRI-O or Podman (containers/conmon). */
export const conmon = 'conmon';

/** That, or the one that watches all containers of a pod (containers/conmon-rs). */
export function isConmon(comm: string): boolean {
  return comm === conmon || comm === 'conmonrs';
}

/** What the command line of a conmon says of its container. */
export interface ConmonCommand {
  readonly id: string;
  readonly engine: 'cri-o' | 'podman';
  /** Its directory: `<run root>/overlay-containers/<id>/userdata`. */
  readonly bundle: string | null;
  /** Podman's own name of it, or CRI-O's `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
  readonly name: string | null;
  /** It watches all containers of the pod whose sandbox has that id. */
  readonly isPods: boolean;
  /** Where it writes the output of the container; null when the command line does not say. */
  readonly log: ConmonLog | null;
}

export interface ConmonLog {
  /** `k8s-file`, `journald`, `none`, `passthrough`, … */
  readonly driver: string;
  /** Null for a driver that keeps no file. */
  readonly path: string | null;
}

/**
 * Parses `conmon -b <bundle> -c <id> --exit-dir <directory> -n <name> …` (crio, internal/oci/runtime_oci.go; podman,
 * libpod/oci_conmon_common.go); or `conmonrs --runtime <path> --runtime-dir <directory of the sandbox> …` (conmon-rs,
 * pkg/client/client.go, with the directory from crio, internal/oci/runtime_pod.go).
 *
 * @param text `/proc/PID/cmdline`
 * @returns null for another command line
 */
export function parseConmonCommand(text: string): ConmonCommand | null {
  const words = text.split('\0');
  const of = (...names: string[]): string | null => valuesOf(words, names).at(-1) ?? null;
  const sandboxId = /\/([0-9a-f]{64})\/userdata\/?$/.exec(of('--runtime-dir') ?? '')?.[1];
  if (sandboxId !== undefined)
    return { id: sandboxId, engine: 'cri-o', bundle: null, name: null, isPods: true, log: null };
  const id = of('-c', '--cid');
  if (id === null || !/^[0-9a-f]{64}$/.test(id)) return null;
  const name = of('-n', '--name');
  const isCrio = /crio/.test(of('--exit-dir') ?? '') || podName(id, name) !== null;
  return {
    id,
    engine: isCrio ? 'cri-o' : 'podman',
    bundle: of('-b', '--bundle'),
    name,
    isPods: false,
    log: logOf(valuesOf(words, ['-l', '--log-path'])),
  };
}

/** Each is `DRIVER:PATH`, a driver alone, or a path alone (conmon, src/ctr_logging.c); of several the one with a file. */
function logOf(values: readonly string[]): ConmonLog | null {
  const logs = values.map((value): ConmonLog => {
    const [, driver, path] = /^([\w-]*)(?::(.*))?$/s.exec(value) ?? [];
    // `journald:NAME` has no path after the colon.
    if (value.startsWith('/')) return { driver: 'k8s-file', path: value };
    return { driver: driver || 'k8s-file', path: path?.startsWith('/') === true ? path : null };
  });
  return logs.find(({ path }) => path !== null) ?? logs[0] ?? null;
}

/** @returns null for a name that is not CRI-O's: no part of it can hold an underscore (pkg/annotations, internal/factory) */
export function podName(id: string, name: string | null): BundleName | null {
  const [, container, pod, namespace] = /^k8s_([^_]+)_([^_]+)_([^_]+)_[^_]+_\d+$/.exec(name ?? '') ?? [];
  if (container === undefined || pod === undefined || namespace === undefined) return null;
  return { id, pod, namespace, container: container === 'POD' ? null : container, image: null };
}
