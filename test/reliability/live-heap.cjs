// Loaded into rtwatch by NODE_OPTIONS: on SIGUSR2 it collects all garbage and writes what is left to a file with its pid as its name.
// CommonJS and JavaScript, so that loading it costs the program next to nothing.
const fs = require('node:fs');

const folder = process.env.RTWATCH_LIVE_HEAP;

function tell() {
  // What one collection finds dead may keep something alive until the next.
  for (let time = 0; time < 3; time++) globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const file = `${folder}/${process.pid}`;
  fs.writeFileSync(`${file}.new`, JSON.stringify({ heapBytes: heapUsed, bufferBytes: arrayBuffers }));
  fs.renameSync(`${file}.new`, file);
}

if (folder !== undefined) process.on('SIGUSR2', tell);
