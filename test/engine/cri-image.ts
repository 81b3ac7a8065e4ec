import fs from 'node:fs';
import { succeed } from './run.ts';
import type { Scratch } from './scratch.ts';

/**
 * Makes an image with busybox in it, without a registry: an archive as `docker save` writes it.
 *
 * @returns its path
 */
export async function makeArchive(scratch: Scratch, name: string): Promise<string> {
  const folder = scratch.of('image');
  const rootfs = scratch.of('rootfs');
  for (const directory of ['bin', 'proc', 'sys', 'dev', 'etc', 'data'])
    fs.mkdirSync(`${rootfs}/${directory}`, { recursive: true });
  fs.copyFileSync(await succeed('sh', ['-c', 'command -v busybox']), `${rootfs}/bin/busybox`);
  fs.chmodSync(`${rootfs}/bin/busybox`, 0o755);
  for (const applet of ['sh', 'sleep', 'dd', 'true', 'echo']) fs.symlinkSync('busybox', `${rootfs}/bin/${applet}`);
  fs.mkdirSync(folder);
  await succeed('tar', ['-C', rootfs, '-cf', `${folder}/layer.tar`, '.']);
  const sum = (await succeed('sha256sum', [`${folder}/layer.tar`])).split(' ')[0];
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Cmd: ['/bin/sleep', '1000000'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${sum}`] },
  };
  fs.writeFileSync(`${folder}/config.json`, JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  fs.writeFileSync(`${folder}/manifest.json`, JSON.stringify(manifest));
  await succeed('tar', ['-C', folder, '-cf', `${folder}.tar`, 'manifest.json', 'config.json', 'layer.tar']);
  return `${folder}.tar`;
}
