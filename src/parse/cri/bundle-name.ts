import type { BundleName } from '../../sample/shims.ts';

/** Annotations of containerd's CRI (pkg/cri/annotations) and of CRI-O (pkg/annotations). */
const cri = 'io.kubernetes.cri.';

/**
 * What the `config.json` in the directory of a task of the CRI says of its pod.
 *
 * @returns null for a task that is of no pod, or a text that is no OCI specification
 */
export function parseBundleName(id: string, text: string): BundleName | null {
  let spec: unknown;
  try {
    spec = JSON.parse(text);
  } catch {
    return null;
  }
  const annotations: unknown =
    typeof spec === 'object' && spec !== null && 'annotations' in spec ? spec.annotations : null;
  if (typeof annotations !== 'object' || annotations === null) return null;
  const fields = new Map(Object.entries(annotations));
  const of = (name: string): string | null => {
    const value: unknown = fields.get(`${cri}${name}`);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const [pod, namespace] = [of('sandbox-name'), of('sandbox-namespace')];
  if (pod === null || namespace === null) return null;
  const isSandbox = of('container-type') === 'sandbox';
  return { id, pod, namespace, container: isSandbox ? null : of('container-name'), image: of('image-name') };
}
