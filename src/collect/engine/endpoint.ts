import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { homeFolder } from '../home.ts';

/** Where the container engine's API is. */
export type Endpoint =
  | { readonly kind: 'unix'; readonly url: string; readonly socketPath: string }
  | {
      readonly kind: 'tcp';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly tls: Tls | null;
    }
  | { readonly kind: 'ssh'; readonly url: string; readonly host: string; readonly port: number; readonly user: string };

/** Client certificates, as `docker --tlsverify` takes them (PEM). */
export interface Tls {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The engine's endpoint as the docker client would choose it: the given one, otherwise `DOCKER_HOST`, otherwise the current
 * docker context, otherwise the default socket below the node's root.
 *
 * @throws if the URL has an unknown form, or certificates are required and missing
 */
export function resolveEndpoint(asked: string | undefined, rootfs: string, env: NodeJS.ProcessEnv): Endpoint {
  const url = asked ?? nonEmpty(env['DOCKER_HOST']);
  if (url !== undefined) return parseEndpoint(url, env);
  const context = currentContext(env);
  if (context !== null) return parseEndpoint(context.url, context.env);
  // Seen from inside a container /host/var/run is a link to /run, which would lead out of the node's root again.
  const below = rootfs === '/' ? '' : path.resolve(rootfs);
  const candidates =
    below === '' ? ['/var/run/docker.sock'] : [`${below}/run/docker.sock`, `${below}/var/run/docker.sock`];
  const socketPath = candidates.find((candidate) => fs.existsSync(candidate)) ?? candidates[0] ?? '';
  return { kind: 'unix', url: `unix://${socketPath}`, socketPath };
}

/** Whether the endpoint was named, with the option or with `DOCKER_HOST`: that it is not there is then a fault. */
export function isEndpointNamed(asked: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return (asked ?? nonEmpty(env['DOCKER_HOST'])) !== undefined;
}

/**
 * Parses a `DOCKER_HOST`.
 *
 * @throws as `resolveEndpoint`
 */
export function parseEndpoint(url: string, env: NodeJS.ProcessEnv): Endpoint {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(url)?.[1];
  if (socketPath !== undefined) return { kind: 'unix', url, socketPath };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'ssh:' && parsed.hostname !== '') {
    return {
      kind: 'ssh',
      url,
      host: parsed.hostname,
      port: Number(parsed.port || 22),
      user: parsed.username || os.userInfo().username,
    };
  }
  if (parsed !== null && ['tcp:', 'http:', 'https:'].includes(parsed.protocol) && parsed.hostname !== '') {
    // URL forgets a port that is its protocol's own (80, 443), which is not the engine's.
    const port = /^\w+:\/\/[^/]*:(\d+)(?:\/|$)/.exec(url)?.[1];
    const tls = parsed.protocol === 'https:' || nonEmpty(env['DOCKER_TLS_VERIFY']) !== undefined ? readTls(env) : null;
    return { kind: 'tcp', url, host: parsed.hostname, port: Number(port ?? (tls === null ? 2375 : 2376)), tls };
  }
  throw new Error(`docker host "${url}" is not of the form unix:///path, tcp://host:port or ssh://user@host`);
}

function readTls(env: NodeJS.ProcessEnv): Tls {
  const folder = nonEmpty(env['DOCKER_CERT_PATH']) ?? path.join(homeFolder(), '.docker');
  const read = (name: string): Buffer => {
    try {
      return fs.readFileSync(path.join(folder, name));
    } catch {
      throw new Error(`DOCKER_TLS_VERIFY is set, but ${path.join(folder, name)} cannot be read`);
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

/**
 * `docker context use NAME` keeps the name in config.json, its endpoint in a folder named by the name's SHA-256, and its
 * certificates, if it has any, in another of that name.
 */
function currentContext(env: NodeJS.ProcessEnv): { url: string; env: NodeJS.ProcessEnv } | null {
  const folder = nonEmpty(env['DOCKER_CONFIG']) ?? path.join(homeFolder(), '.docker');
  const name = nonEmpty(env['DOCKER_CONTEXT']) ?? readJson(path.join(folder, 'config.json'))?.['currentContext'];
  if (typeof name !== 'string' || name === '' || name === 'default') return null;
  // Only where a context is chosen: the module takes a megabyte.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256').update(name).digest('hex');
  const meta = readJson(path.join(folder, 'contexts/meta', digest, 'meta.json')) as ContextMeta | null;
  const url = meta?.Endpoints?.docker?.Host;
  if (typeof url !== 'string') throw new Error(`docker context "${name}" has no readable endpoint in ${folder}`);
  const certificates = path.join(folder, 'contexts/tls', digest, 'docker');
  const hasTls = fs.existsSync(path.join(certificates, 'ca.pem'));
  return { url, env: hasTls ? { ...env, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates } : env };
}

interface ContextMeta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: unknown } };
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
