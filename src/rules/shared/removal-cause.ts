import { quote } from '../../base/shell-word.ts';
import type { ContainerModel } from '../../model/containers/container.ts';
import type { Remedy } from '../engine/rule.ts';

/** Why a removal fails, in our words. */
export interface RemovalCause {
  /** A mount somewhere is what stops it. */
  readonly isBusy: boolean;
  readonly title: string;
  readonly why: string;
  /** What could not be removed; null when the error names nothing. */
  readonly path: string | null;
  readonly remedy: Remedy;
  readonly reference: string;
}

/** From `State.Error` of the engine, or from the error that containerd or the kubelet logged. */
export function removalCause({ error }: Pick<ContainerModel, 'error'>): RemovalCause | null {
  if (error === null) return null;
  const path = /(?:unlinkat|rmdir|remove|unlink|openfdat|lstat|open) (\/[^:]+):/.exec(error)?.[1] ?? null;
  const where = path ?? 'its filesystem';
  if (/failed to destroy network for sandbox|plugin type="?[\w.-]+"? failed \(delete\)/.test(error)) {
    const plugin = /plugin type="?([\w.-]+)"?/.exec(error)?.[1];
    return {
      isBusy: false,
      title: `the CNI plugin${plugin === undefined ? '' : ` ${plugin}`} does not take its network down`,
      why: `StopPodSandbox waits for the network first, and it fails: ${error}`,
      path: null,
      remedy: {
        text: 'Repair the agent of the CNI plugin and its files; the pod then goes by itself.',
        command: 'ls -l /etc/cni/net.d /opt/cni/bin; ip -br link | head -20',
        risk: 'none',
      },
      reference: 'https://github.com/containernetworking/cni/blob/main/SPEC.md',
    };
  }
  if (/device or resource busy/.test(error)) {
    return {
      isBusy: true,
      title: 'its filesystem is busy',
      why: `${where} is still mounted somewhere (EBUSY)`,
      path,
      remedy: {
        text: 'Find who still mounts it: a process in another mount namespace, or a copy of the mount elsewhere on the node. Unmount that, or stop its holder.',
        command: `grep -l ${quote(layerOf(path) ?? 'overlay')} /proc/[0-9]*/mountinfo`,
        risk: 'none',
      },
      reference: 'https://man7.org/linux/man-pages/man2/rmdir.2.html',
    };
  }
  if (/operation not permitted/.test(error)) {
    return {
      isBusy: false,
      title: 'a file is immutable or append-only',
      why: `${where} is immutable or append-only: even root gets EPERM`,
      path,
      remedy: {
        text: 'Remove its attributes i (immutable) and a (append-only); lsattr -d shows them, also those of its directory.',
        command: path === null ? null : `chattr -i -a ${quote(path)}`,
        risk: 'low',
      },
      reference: 'https://man7.org/linux/man-pages/man1/chattr.1.html',
    };
  }
  if (/read-only file system/.test(error)) {
    return {
      isBusy: false,
      title: 'its filesystem is read-only',
      why: `${where} is on a filesystem that became read-only (EROFS)`,
      path,
      remedy: {
        text: 'See why: the kernel remounts a filesystem so after errors.',
        command: 'dmesg --level=err,warn | tail -40',
        risk: 'none',
      },
      reference: 'https://man7.org/linux/man-pages/man8/mount.8.html',
    };
  }
  return null;
}

/** The name of the layer, which every copy of its mount carries; of a pod’s files, the id of its container. */
function layerOf(path: string | null): string | null {
  const named = /\/(?:overlay2?|rootfs\/[^/]+|containers|sandboxes)\/([0-9a-z]+)(?:\/|$)|(\/snapshots\/\d+)(?:\/|$)/;
  const [, layer, snapshot] = named.exec(path ?? '') ?? [];
  // Without an end, the path of snapshot 1 would be the beginning of that of 12.
  return layer ?? (snapshot === undefined ? null : `${snapshot}/fs`);
}
