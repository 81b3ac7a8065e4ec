import type { BundleName, PlainName } from '../../sample/shims.ts';

/** Annotations of containerd's CRI (pkg/cri/annotations) and of CRI-O (pkg/annotations). */
const cri = 'io.kubernetes.cri.';

/**
 * What the `config.json` in the directory of a task of the CRI says of its pod.
 *
 * @returns null for a task that is of no pod, or a text that is no OCI specification
 */
export function parseBundleName(id: string, text: string): BundleName | null {
  const annotation = annotationsOf(text);
  const of = (name: string): string | null => annotation(`${cri}${name}`);
  const [pod, namespace] = [of('sandbox-name'), of('sandbox-namespace')];
  if (pod === null || namespace === null) return null;
  const isSandbox = of('container-type') === 'sandbox';
  return { id, pod, namespace, container: isSandbox ? null : of('container-name'), image: of('image-name') };
}

/** The sandbox that a task of the CRI belongs to, its own for a sandbox; null for a task that is of no pod. */
export function parseSandboxId(text: string): string | null {
  return annotationsOf(text)(`${cri}sandbox-id`);
}

/**
 * What nerdctl called the container: it writes its labels as annotations too, for its OCI hook (nerdctl, pkg/ocihook).
 *
 * @returns null for a container that is not nerdctl's
 */
export function parseNerdctlName(id: string, text: string): PlainName | null {
  const name = annotationsOf(text)('nerdctl/name');
  return name === null ? null : { id, name, engine: 'nerdctl' };
}

/** The annotations of an OCI specification by name; null for one that is not there, and in a text that is none. */
function annotationsOf(text: string): (name: string) => string | null {
  let spec: unknown = null;
  try {
    spec = JSON.parse(text);
  } catch {
    // Cut while it is written.
  }
  const annotations: unknown =
    typeof spec === 'object' && spec !== null && 'annotations' in spec ? spec.annotations : null;
  const fields = new Map(typeof annotations === 'object' && annotations !== null ? Object.entries(annotations) : []);
  return (name) => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
}
