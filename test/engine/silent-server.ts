import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * Serves a filesystem that takes every request and answers none, as a file server that died does: started with the
 * folder to mount it on. It ends with its standard input; the kernel then fails what waits, and the mount with it.
 *
 * The protocol is that of linux/fuse.h: a header of 40 bytes in, of 16 bytes out, little-endian.
 */
const folder = process.argv[2] ?? '';
const init = 26;
const requestHeader = 40;
const initOutBytes = 64;
const largestRequest = 256 * 1024;

const device = fs.openSync('/dev/fuse', 'r+');
const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
const mounted = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'silent', folder], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe', device],
});
if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr}`);
process.stdout.write('mounted\n');
process.stdin.resume();
// A read of the device would keep the process.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
take();

function take(): void {
  const buffer = Buffer.alloc(largestRequest);
  fs.read(device, buffer, 0, buffer.length, null, (error, length) => {
    // Unmounted.
    if (error !== null) process.exit(0);
    if (length >= requestHeader && buffer.readUInt32LE(4) === init) answerInit(buffer);
    take();
  });
}

/** Without this answer the kernel sends nothing else, and what waits can be killed. */
function answerInit(request: Buffer): void {
  const answer = Buffer.alloc(16 + initOutBytes);
  answer.writeUInt32LE(answer.length, 0);
  answer.writeBigUInt64LE(request.readBigUInt64LE(8), 8);
  // fuse_init_out: major, minor, max_readahead, flags, max_background, congestion_threshold, max_write, time_gran.
  answer.writeUInt32LE(7, 16);
  answer.writeUInt32LE(Math.min(31, request.readUInt32LE(requestHeader + 4)), 20);
  answer.writeUInt32LE(4096, 16 + 20);
  answer.writeUInt32LE(1, 16 + 24);
  fs.writeSync(device, answer);
}
