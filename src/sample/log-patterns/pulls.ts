import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kubelet', 'containerd', 'crio'];

/** The kubelet, as a line and as an event, and the runtime; each names the image. That of sandboxes is a matter of `failed-sandbox`. */
const failed = String.raw`^(?!.*sandbox image).*?(?:[Ff]ailed to pull (?:and unpack )?image|PullImage) \\*"(?<about>[^"\\@]{1,200})[^"\\]{0,100}\\*".*`;

/** kubernetes pkg/kubelet/images, containerd core/remotes/docker and CRI-O: what is of the registry, not of the name of an image. */
export const pullPatterns = {
  'pull-limited': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'failed-pull',
    meaning: 'the registry refuses to send an image: too many requests',
    hints: ['toomanyrequests', 'too many requests'],
    patterns: [new RegExp(`${failed}(?:toomanyrequests|Too Many Requests)`)],
  },
  'registry-unreachable': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'failed-pull',
    meaning: 'the registry of an image does not answer',
    hints: ['failed to pull image', 'failed to pull and unpack image', 'pullimage '],
    patterns: [
      new RegExp(
        `${failed}(?:dial tcp [^"]{1,80}(?:i\\/o timeout|connection timed out|connection refused|no route to host|network is unreachable)|TLS handshake timeout|Client\\.Timeout exceeded)`,
      ),
    ],
  },
} as const satisfies LogPatterns;
