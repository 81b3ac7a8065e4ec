// Leaves out what nothing here uses of the libraries that the sampler loads: memory counts on a node that is short of it.
import path from 'node:path';

/** dockerode loads these at once, for BuildKit's builds: 1.2 MB. */
const unused = new Set(['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']);

/** Of undici the two clients and `request`, as its index.js joins them; not fetch, WebSocket, caches, mocks and proxies. */
const undiciParts = (folder) => `
const Dispatcher = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/dispatcher.js'))});
Dispatcher.prototype.request = require(${JSON.stringify(path.join(folder, 'lib/api/api-request.js'))});
exports.Client = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/client.js'))});
exports.H2CClient = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/h2c-client.js'))});
`;

/** @param {string} root of the project */
export function leanLibraries(root) {
  const undici = path.join(root, 'node_modules/undici');
  return {
    name: 'lean-libraries',
    resolveId: (source) => {
      if (unused.has(source)) return '\0unused.cjs';
      return source === 'undici' ? path.join(undici, 'parts.cjs') : null;
    },
    load: (id) => {
      if (id === '\0unused.cjs') return 'module.exports = {};';
      return id === path.join(undici, 'parts.cjs') ? undiciParts(undici) : null;
    },
  };
}
