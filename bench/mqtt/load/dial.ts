import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { connectBytes, FIRST, subscribeBytes, type Level, type Qos } from './bytes.ts';
import { Connection } from './connection.ts';

export interface DialForm {
  readonly port: number;
  readonly level: Level;
  readonly clientId: string;
  /** PEM text: the connection is over TLS, and the broker's certificate is verified with it. */
  readonly ca?: string | undefined;
  /** Keeps its session. */
  readonly durable?: boolean;
}

/** Longer than any arrangement lasts, so that no ping is due. */
const KEEP_ALIVE_SECONDS = 300;

/** Connects as a client and resolves when the broker has accepted. */
export async function dial({ port, level, clientId, ca, durable = false }: DialForm): Promise<Connection> {
  const address = { host: '127.0.0.1', port };
  const socket: Socket = ca === undefined ? connect(address) : connectTls({ ...address, ca });
  await once(socket, ca === undefined ? 'connect' : 'secureConnect');
  const connection = new Connection(
    socket,
    level,
    idle(() => {}),
  );
  const answer = reply(connection, FIRST.connack);
  socket.write(connectBytes({ level, clientId, clean: !durable, keepAliveSeconds: KEEP_ALIVE_SECONDS }));
  const connack = await answer;
  if (connack[1] !== 0) throw new Error(`the broker refused ${clientId} with code ${connack[1]}`);
  return connection;
}

/** Resolves when the broker has granted all. */
export async function subscribe(connection: Connection, filters: readonly string[], qos: Qos): Promise<void> {
  const answer = reply(connection, FIRST.suback);
  connection.socket.write(subscribeBytes(connection.level, 1, filters, qos));
  const codes = (await answer).subarray(-filters.length);
  if (codes.some((code) => code > 2))
    throw new Error(`the broker refused a subscription with code ${Math.max(...codes)}`);
}

/** Rejects when the connection ends before the answer. */
async function reply(connection: Connection, first: number): Promise<Buffer> {
  const { socket } = connection;
  return await new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('the broker closed the connection'));
    socket.once('close', onClose);
    socket.on('error', () => {});
    connection.events = idle((answered, body) => {
      if (answered !== first) return;
      socket.off('close', onClose);
      resolve(body);
    });
  });
}

function idle(other: (first: number, body: Buffer) => void): Connection['events'] {
  return { message: () => {}, acknowledged: () => {}, turn: () => {}, other };
}
