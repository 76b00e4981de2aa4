import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fault } from '../../src/fault.ts';

/** How many ports above a taken one are tried before any free one is taken. */
const TRIES = 10;

/** A port somebody wants to listen on. */
export interface WantedPort {
  readonly port: number;
  /** Asked for by name: then no other is taken. */
  readonly given: boolean;
  /** The option that chooses it, for people. */
  readonly setting: string;
  readonly say: (line: string) => void;
}

/** Runs `open` on the port, or, when it is taken and was not asked for by name, on the next free one, and says so. Throws PORT_TAKEN. */
export async function onFreePort<Opened>(
  { port, given, setting, say }: WantedPort,
  open: (port: number) => Promise<Opened>,
  portOf: (opened: Opened) => number,
): Promise<Opened> {
  for (let offset = 0; ; offset += 1) {
    try {
      const opened = await open(offset < TRIES ? port + offset : 0);
      if (offset > 0) say(`Port ${port} is taken; using ${portOf(opened)} (choose one with ${setting})`);
      return opened;
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
