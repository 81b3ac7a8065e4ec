import { daemon } from './lock-users.ts';
import { gap, type Pattern } from './pattern.ts';

/**
 * daemon/inspect_unix.go getSize, later images/image_unix.go GetContainerLayerSize. daemon/list.go and inspect.go of 17.04 release
 * the lock before ("size calculation is slow"), those of 17.03 do not.
 */
export const containerSize: Pattern = {
  id: 'container-size',
  title: 'Measures the size of a container’s layer',
  meaning:
    'docker ps --size, docker inspect --size and docker system df walk all files of the layer, which lasts on a large layer or a ' +
    'slow disk. Up to 17.03, docker ps and inspect hold the lock of the container meanwhile: other commands wait for it. ' +
    'Ask without sizes (no docker ps -s, no size=1 of an agent).',
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/25993'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    { steps: [gap, [...daemon('getSize', 'GetContainerLayerSize'), 'images.(*ImageService).GetContainerLayerSize']] },
  ],
};

/** containers/storage drivers/overlay, ReadWriteDiskUsage(): the quota of XFS knows it, else every file is read. CRI-O server/container_stats.go. */
export const layerUsage: Pattern = {
  id: 'layer-usage',
  title: 'Measures what a layer takes (lstat of each file)',
  meaning:
    'All files of a layer are walked. CRI-O does so for each writable layer when the kubelet asks for statistics of containers, unless ' +
    'the filesystem below has project quotas (XFS with pquota). One that lasts has very many files, or a slow disk below it.',
  versions: 'CRI-O',
  references: ['https://github.com/cri-o/cri-o/issues/7010'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [{ steps: [gap, 'github.com/containers/storage/pkg/directory.Usage'] }],
};
