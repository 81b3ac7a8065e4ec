import fs from 'node:fs';
import { answer, type Handler } from '../collect/stand-in.ts';

/** The API and the debug pages of a captured daemon, from the folder that holds its answers. */
export function daemonRoutes(folder: string): Record<string, Handler> {
  const read = (name: string): string | null => {
    const file = `${folder}/${name}`;
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
  };
  const routes: Record<string, Handler> = {};
  const reply = (path: string, body: string | null): void => {
    if (body !== null) routes[path] = answer(body);
  };
  const goroutines = read('goroutine.debug1.txt');
  reply('/debug/pprof/goroutine', goroutines);
  reply('/debug/pprof/', goroutines === null ? null : indexPage(goroutines));
  reply('/debug/vars', read('vars.json'));
  const list = read('containers.json');
  if (list === null) return routes;
  reply('/_ping', 'OK');
  reply('/version', read('version.json'));
  reply('/info', read('info.json'));
  reply('/containers/json', list);
  for (const { Id } of JSON.parse(list) as { Id: string }[])
    reply(`/containers/${Id}/json`, read(`inspect/${Id}.json`));
  routes['/events'] = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    response.write(read('events.json') ?? '');
  };
  return routes;
}

/** The line of Go's index page (1.16 to 1.27) that tells how many goroutines there are; the page itself was not captured. */
function indexPage(goroutines: string): string {
  const total = /^goroutine profile: total (\d+)/.exec(goroutines)?.[1] ?? '0';
  return `<tr><td>${total}</td><td><a href='goroutine?debug=1'>goroutine</a></td></tr>`;
}
