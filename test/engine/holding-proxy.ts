import http from 'node:http';

/**
 * Serves a socket in front of an engine's that passes everything on, but for one path, which it never answers: started with
 * both sockets and the path. A process of its own, so that a test that judges every Sample does not hold up the answers. Says how many
 * questions it holds, in a line each time that changes; ends with its standard input.
 */
const [socketPath = '', enginePath = '', path = ''] = process.argv.slice(2);
let held = 0;

const server = http.createServer((request, response) => {
  if (request.url?.includes(path)) {
    say(1);
    request.socket.once('close', () => say(-1));
    return;
  }
  const { method = 'GET', url = '/', headers } = request;
  const onward = http.request({ socketPath: enginePath, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  request.pipe(onward);
});
server.listen(socketPath, () => say(0));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

function say(change: number): void {
  held += change;
  process.stdout.write(`${held}\n`);
}
