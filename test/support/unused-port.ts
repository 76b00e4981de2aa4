import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems give to whoever asks for any port: nobody who asks for one gets it before its turn comes. */
const PORTS = [20_000, 32_000] as const;
const given = new Set<number>();

/** A port that nothing listens on, and another one each time. */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS);
    if (given.has(port) || !(await isUnused(port))) continue;
    given.add(port);
    return port;
  }
}

async function isUnused(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    // On every address: what a test listens with may not be loopback.
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
