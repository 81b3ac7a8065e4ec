import type { DaemonVersion } from '../../sample/daemons.ts';
import { parseJson } from '../json.ts';

/**
 * The versions in the engine's `GET /version`: its own, and the containerd it works with (`Components`, API 1.35 on).
 *
 * @throws when the text is not JSON or names no version
 */
export function parseEngineVersion(json: string): { own: DaemonVersion; containerd: DaemonVersion | null } {
  const body = parseJson(json, 'the answer') as EngineVersion;
  if (typeof body?.Version !== 'string') throw new Error('no Version in the answer to GET /version');
  const components = Array.isArray(body.Components) ? body.Components : [];
  const containerd = components.find((component) => component?.Name === 'containerd')?.Version;
  return {
    own: {
      version: body.Version,
      goVersion: typeof body.GoVersion === 'string' ? body.GoVersion : null,
      product: productOf(components),
    },
    containerd:
      typeof containerd === 'string' ? { version: withoutBuild(containerd), goVersion: null, product: null } : null,
  };
}

/** Docker's own component is `Engine`; others that speak its API name themselves (`Podman Engine`, with conmon and crun after it). */
function productOf(components: NonNullable<EngineVersion['Components']>): string | null {
  const engine = components.find((component) => /engine/i.test(String(component?.Name)));
  return engine === undefined || engine.Name === 'Engine' ? null : String(engine.Name);
}

interface EngineVersion {
  readonly Version?: unknown;
  readonly GoVersion?: unknown;
  readonly Components?: readonly { readonly Name?: unknown; readonly Version?: unknown }[];
}

/** Debian's is `1.6.20~ds1`, Docker's `v1.7.27` or `1.7.27`. */
function withoutBuild(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}
