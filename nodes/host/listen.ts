import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../../src/fault.ts';

/** How many ports above a taken one are tried before any free one is taken. */
const TRIES = 10;

/** Runs `open` on the port, or, when it was not asked for by name and is taken, on the next free one. */
export async function onFreePort<Opened>(
  port: number,
  given: boolean,
  setting: string,
  open: (port: number) => Promise<Opened>,
): Promise<Opened> {
  for (let offset = 0; ; offset += 1) {
    try {
      return await open(offset < TRIES ? port + offset : 0);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (given || port === 0 || offset >= TRIES) throw new Fault('PORT_TAKEN', { port, setting }, { cause: error });
    }
  }
}

/** Listens and resolves with the port. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'PORT_TAKEN');
}
