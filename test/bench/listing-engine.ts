import http from 'node:http';

/** An engine that lists so many containers, inspects each, and keeps the stream of events open; nothing happens. */
export function listingEngine(count: number): http.Server {
  const id = (n: number): string => n.toString(16).padStart(64, 'a');
  const list = JSON.stringify(Array.from({ length: count }, (_, n) => listed(n, id(n))));
  return http.createServer(({ url = '' }, response) => {
    const inspected = /^\/containers\/([0-9a-f]{64})\/json/.exec(url)?.[1];
    if (url.startsWith('/containers/json')) response.end(list);
    else if (url.startsWith('/events')) response.flushHeaders();
    else if (inspected !== undefined) response.end(JSON.stringify(inspect(inspected)));
    else response.writeHead(404).end();
  });
}

function listed(n: number, id: string): object {
  return {
    Id: id,
    Names: [`/k8s_web_pod-${n}_default_${id.slice(0, 8)}_0`],
    Image: `registry.example/team/service-${n % 40}:1.${n % 7}.0`,
    Command: '/usr/bin/service --listen :8080',
    Created: 1_795_241_900 + n,
    State: n % 10 === 0 ? 'exited' : 'running',
    Status: n % 10 === 0 ? 'Exited (0) 2 hours ago' : 'Up 3 hours',
    Labels: Object.fromEntries(Array.from({ length: 12 }, (_, label) => [`io.example.label-${label}`, `value-${n}`])),
    NetworkSettings: { Networks: { bridge: { IPAddress: `10.0.${n >> 8}.${n & 255}` } } },
    Mounts: [{ Type: 'volume', Name: `data-${n}`, Source: `/var/lib/docker/volumes/data-${n}/_data` }],
  };
}

function inspect(id: string): object {
  return {
    Id: id,
    State: { Status: 'running', Running: true, Pid: 0, StartedAt: '2026-11-28T10:00:00Z' },
    HostConfig: { LogConfig: { Type: 'json-file', Config: {} }, RestartPolicy: { Name: 'always' } },
    Config: { Env: Array.from({ length: 30 }, (_, n) => `NAME_${n}=value-${n}`), StopTimeout: 10 },
    Mounts: [],
  };
}
