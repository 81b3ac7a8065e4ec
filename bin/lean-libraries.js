// Leaves out what nothing here uses of the libraries that run all the time: memory counts on a node that is short of it.
import path from 'node:path';

/** dockerode loads these at once, for BuildKit's builds: 1.2 MB. */
const unused = new Set(['@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']);

/** Of undici the two clients, what connects them and `request`, as its index.js joins them; not fetch, WebSocket, caches, mocks and proxies. */
const undiciParts = (folder) => `
const Dispatcher = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/dispatcher.js'))});
Dispatcher.prototype.request = require(${JSON.stringify(path.join(folder, 'lib/api/api-request.js'))});
exports.buildConnector = require(${JSON.stringify(path.join(folder, 'lib/core/connect.js'))});
exports.Client = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/client.js'))});
exports.H2CClient = require(${JSON.stringify(path.join(folder, 'lib/dispatcher/h2c-client.js'))});
`;

/** Of prom-client what writes metrics; not the push gateway, clusters, summaries, and the metrics of Node.js. */
const promParts = (folder) =>
  ['registry', 'counter', 'gauge', 'histogram']
    .map(
      (name) =>
        `exports.${name[0].toUpperCase()}${name.slice(1)} = require(${JSON.stringify(path.join(folder, 'lib', name))});`,
    )
    .join('\n');

/** string-width, wrap-ansi, slice-ansi, ansi-tokenize and Ink make one each as soon as they are loaded. */
const segmenter = /^(const \w+ = )new Intl\.Segmenter\((?:undefined, \{ ?granularity: ['"]grapheme['"] ?\})?\)/gm;

/** string-width's, which V8 makes of tables of 0.3 MiB. */
const emoji = 'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;';
const emojiOnDemand = `
let rgiEmoji;
const rgiEmojiRegex = { test: (text) => (rgiEmoji ??= new RegExp('^\\\\p{RGI_Emoji}$', 'v')).test(text) };
`;

/** What only a text that is not ASCII needs is made when one comes. The build fails when a library makes it otherwise. */
function onDemand(code, file, root) {
  if (!file.includes('node_modules')) return null;
  const isWidth = file.endsWith(path.join('node_modules', 'string-width', 'index.js'));
  if (isWidth && !code.includes(emoji))
    throw new Error('string-width has no rgiEmojiRegex any more: see bin/lean-libraries.js');
  if (!code.includes('Intl.Segmenter')) return null;
  const made = code.replace(segmenter, '$1sharedGraphemes').replace(emoji, () => emojiOnDemand);
  if (/^(?:const|let|var) \w+ = new Intl\.Segmenter/m.test(made))
    throw new Error(`${file} makes a segmenter of another kind: see bin/lean-libraries.js`);
  if (made === code) return null;
  return `import { graphemes as sharedGraphemes } from ${JSON.stringify(path.join(root, 'src/base/graphemes.ts'))};\n${made}`;
}

/** @param {string} root of the project */
export function leanLibraries(root) {
  const partsOf = new Map(
    Object.entries({ undici: undiciParts, 'prom-client': promParts }).map(([name, parts]) => {
      const folder = path.join(root, 'node_modules', name);
      return [name, { file: path.join(folder, 'parts.cjs'), code: parts(folder) }];
    }),
  );
  return {
    name: 'lean-libraries',
    resolveId: (source) => {
      if (unused.has(source)) return '\0unused.cjs';
      return partsOf.get(source)?.file ?? null;
    },
    transform: (code, id) => onDemand(code, id, root),
    load: (id) => {
      if (id === '\0unused.cjs') return 'module.exports = {};';
      return [...partsOf.values()].find(({ file }) => file === id)?.code ?? null;
    },
  };
}
