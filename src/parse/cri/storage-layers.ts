import { parseJson } from '../json.ts';

/**
 * Reads which layer belongs to which container from a list of containers/storage (`<root>/overlay-containers/containers.json`, store.go:
 * CRI-O's and Podman's). Entries of another form are left out.
 *
 * @throws when the text is not JSON
 */
export function parseStorageLayers(text: string): { readonly layer: string; readonly containerId: string }[] {
  const value = parseJson(text, 'the list of containers/storage');
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { id, layer } = entry as Readonly<Record<string, unknown>>;
    if (typeof id !== 'string' || typeof layer !== 'string') return [];
    return isId(id) && isId(layer) ? [{ layer, containerId: id }] : [];
  });
}

const isId = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
