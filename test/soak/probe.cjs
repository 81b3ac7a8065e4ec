// Loaded into rtwatch and its children by NODE_OPTIONS: writes what only the process itself knows of its memory and timers to a
// file with its pid as its name, every five seconds. CommonJS and JavaScript, so that loading it costs the program next to nothing.
const fs = require('node:fs');
const v8 = require('node:v8');

const folder = process.env.RTWATCH_SOAK_PROBE;
/** The heap between two collections says little: the least of the last minute is what survived one. */
const keptHeaps = 60;
const heaps = [];
let turns = 0;

function look() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  heaps.push(heapUsed);
  if (heaps.length > keptHeaps) heaps.shift();
  if (turns++ % 5 !== 0) return;
  const pagesBytes = v8.getHeapStatistics().total_physical_size;
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const file = `${folder}/${process.pid}`;
  try {
    fs.writeFileSync(
      `${file}.new`,
      JSON.stringify({ heapBytes: Math.min(...heaps), bufferBytes: arrayBuffers, pagesBytes, timers }),
    );
    fs.renameSync(`${file}.new`, file);
  } catch {
    // The run is over.
  }
}

if (folder !== undefined) setInterval(look, 1000).unref();
