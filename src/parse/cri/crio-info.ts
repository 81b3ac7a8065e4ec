import { parseJson } from '../json.ts';

/** Where CRI-O keeps images and containers, and how. */
export interface CrioStorage {
  /** `/var/lib/containers/storage` */
  readonly root: string;
  /** `overlay` */
  readonly driver: string;
}

/**
 * Reads CRI-O's answer to `GET /info` (pkg/types/types.go, CrioInfo; the driver was a list for some releases).
 *
 * @returns null for another answer
 * @throws when the text is not JSON
 */
export function parseCrioInfo(text: string): CrioStorage | null {
  const value = parseJson(text, 'the answer to GET /info');
  if (typeof value !== 'object' || value === null) return null;
  const { storage_root: root, storage_driver: named } = value as Readonly<Record<string, unknown>>;
  const driver: unknown = Array.isArray(named) ? named[0] : named;
  if (typeof root !== 'string' || !root.startsWith('/') || typeof driver !== 'string') return null;
  return { root: root.replace(/\/+$/, ''), driver };
}
