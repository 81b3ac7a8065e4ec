import { daemon } from './lock-users.ts';
import { gap, type Pattern } from './pattern.ts';

/** daemon/inspect_unix.go getSize, later images/image_unix.go GetContainerLayerSize. */
export const containerSize: Pattern = {
  id: 'container-size',
  title: 'Measures the size of a container’s layer',
  meaning:
    'docker ps --size, docker inspect --size and docker system df walk all files of the layer, which lasts on a large layer or a ' +
    'slow disk. docker ps up to 17.06, and inspect of those days, hold the lock of the container meanwhile: other commands wait for ' +
    'it. Ask without sizes (no docker ps -s, no size=1 of an agent).',
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/25993'],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [
    { steps: [gap, [...daemon('getSize', 'GetContainerLayerSize'), 'images.(*ImageService).GetContainerLayerSize']] },
  ],
};
