import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Made } from './executables.ts';
import type { Release } from './release-facts.ts';
import { put, run, sameTar } from './run.ts';

/** What refers to a blob in an image. */
interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The image, FROM scratch, without docker, registry or network. One archive is both: an OCI layout with an image for each machine
 * (`ctr images import`, skopeo), and a docker-archive of the first (`docker load` before version 25).
 */
export async function makeImage(images: readonly ImageOfMachine[], release: Release): Promise<string> {
  const folder = folderOf(release);
  const [first] = images;
  if (first === undefined) throw new Error('no machine to make an image for');
  const name = `docker.io/library/rtwatch:${release.version}`;
  const list = putBlob(
    folder,
    json({ schemaVersion: 2, mediaType: types.index, manifests: images.map(({ entry }) => entry) }),
  );
  const annotations = { 'org.opencontainers.image.ref.name': release.version, 'io.containerd.image.name': name };
  const index = {
    schemaVersion: 2,
    mediaType: types.index,
    manifests: [{ mediaType: types.index, ...list, annotations }],
  };
  put(path.join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  put(path.join(folder, 'index.json'), json(index));
  put(path.join(folder, 'manifest.json'), json([{ ...first.docker, RepoTags: [`rtwatch:${release.version}`] }]));
  const file = path.join(release.out, `rtwatch-${release.version}-image.tar`);
  const names = ['blobs', 'index.json', 'manifest.json', 'oci-layout'];
  await run('tar', [...sameTar(release.seconds), '-C', folder, '-cf', file, ...names]);
  return file;
}

/** The image for one machine: what refers to its blobs, which are written already. */
export interface ImageOfMachine {
  readonly entry: object;
  readonly docker: object;
}

const folderOf = ({ work }: Release): string => path.join(work, 'image');

/** Writes the blobs of the image for a machine. */
export async function imageOf({ machine, executable }: Made, release: Release): Promise<ImageOfMachine> {
  const folder = folderOf(release);
  const root = path.join(release.work, `image-${machine.debian}`);
  put(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/rtwatch\n');
  put(path.join(root, 'rtwatch'), fs.readFileSync(executable), 0o755);
  for (const [name, mode] of [
    ['root', 0o700],
    ['tmp', 0o1777],
  ] as const) {
    fs.mkdirSync(path.join(root, name), { recursive: true });
    fs.chmodSync(path.join(root, name), mode);
  }
  const tar = [...sameTar(release.seconds), '-C', root, '-cf', '-', 'etc', 'root', 'rtwatch', 'tmp'];
  const { stdout: layer } = await promisify(execFile)('tar', tar, { encoding: 'buffer', maxBuffer: 2 ** 30 });
  const blob = putBlob(folder, gzipSync(layer, { level: Math.min(Math.max(release.preset, 1), 6) }));
  const created = new Date(release.seconds * 1000).toISOString();
  const config = putBlob(
    folder,
    json({
      created,
      architecture: machine.debian,
      os: 'linux',
      config: {
        Entrypoint: ['/rtwatch'],
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8'],
        WorkingDir: '/',
        Labels: { 'org.opencontainers.image.title': 'rtwatch', 'org.opencontainers.image.version': release.version },
      },
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created, created_by: 'npm run release' }],
    }),
  );
  const parts = { config: { mediaType: types.config, ...config }, layers: [{ mediaType: types.layer, ...blob }] };
  const manifest = putBlob(folder, json({ schemaVersion: 2, mediaType: types.manifest, ...parts }));
  const entry = { mediaType: types.manifest, ...manifest, platform: { architecture: machine.debian, os: 'linux' } };
  return { entry, docker: { Config: pathOf(config), Layers: [pathOf(blob)] } };
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const pathOf = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;

function putBlob(folder: string, bytes: Buffer): Descriptor {
  const descriptor = { digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  put(path.join(folder, pathOf(descriptor)), bytes);
  return descriptor;
}
