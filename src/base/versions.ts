/** A version of dockerd or containerd, as far as it orders releases. */
interface EngineVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** A test release (`-rc1`, `-beta3`), which comes before the release of its number. */
  readonly preview: boolean;
}

/** `20.10.24+dfsg1`, `18.06.3-ce`, `1.6.20~ds1`, `20.10.25-0ubuntu1~20.04.2`, `v24.0.0-rc.1`; a CentOS `1.13.1`. */
const form = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])(.*)$/;

/**
 * Null for a version of another form (`dev`, a commit). A suffix of the distribution is ignored: it may contain backported
 * fixes.
 */
export function parseVersion(text: string): EngineVersion | null {
  const [, major, minor, patch = '0', rest = ''] = form.exec(text.trim()) ?? [];
  if (major === undefined || minor === undefined) return null;
  const numbers = { major: Number(major), minor: Number(minor), patch: Number(patch) };
  return { ...numbers, preview: /^[-~+.](?:ce-|ee-)?(?:tp|alpha|beta|rc)[-.]?\d*\b/.test(rest) };
}

/** Negative if a is older than b. */
export function compareVersions(a: EngineVersion, b: EngineVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || Number(b.preview) - Number(a.preview);
}

/** Whether a version is older than a release; null if it is unknown or of another form. */
export function isBefore(version: string | null, release: string): boolean | null {
  const own = version === null ? null : parseVersion(version);
  const other = parseVersion(release);
  return own === null || other === null ? null : compareVersions(own, other) < 0;
}

/** Releases from the first (inclusive) to the last (exclusive). Null is unbounded. */
export interface VersionRange {
  readonly from: string | null;
  readonly before: string | null;
}

/** Null if the version is unknown or of another form. */
export function isInRange(version: string | null, { from, before }: VersionRange): boolean | null {
  const early = from === null ? false : isBefore(version, from);
  const late = before === null ? false : isBefore(version, before) === false;
  return version === null || parseVersion(version) === null ? null : early === false && !late;
}
