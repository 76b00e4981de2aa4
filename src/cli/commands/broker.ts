import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { isLoopback } from '../../address.ts';
import { logRefusals } from '../../broker/log-refusals.ts';
import { openBroker } from '../../broker/open-broker.ts';
import { scramVerifier } from '../../broker/scram.ts';
import { openUsers } from '../../broker/users-file.ts';
import { webSocketsOf } from '../../broker/web-sockets.ts';
import { errorLine, Fault } from '../../fault.ts';
import { LISTEN_BACKLOG } from '../../listen-backlog.ts';
import { identityOf } from '../../front-door/door.ts';
import { lockHome } from '../../process/home-lock.ts';
import { localNames, openAuthority } from '../../security/certificates.ts';
import { hashPassword, passwordProblem } from '../../security/password.ts';
import { openServerIdentity } from '../../security/server-identity.ts';
import { portOption, readOptions, type Command } from '../command.ts';
import { homeOption } from '../home.ts';
import { brokerLimitsOption } from '../limits-option.ts';
import { untilStopped } from '../until-stopped.ts';

const DEFAULT_PORT = 1883;
const usage =
  'chartwire broker [--port N] [--tls-port N] [--ws-port N] [--wss-port N] [--host ADDRESS] [--insecure] [--home DIR] [--users FILE] [--memory] [--limit NAME=NUMBER]… [--discreet] [--redirect SERVER] | chartwire broker password [--scram]';

export const broker: Command = {
  name: 'broker',
  usage,
  summary: 'run the MQTT 3.1, 3.1.1 and 5 broker alone; "password" makes the line a users file needs',
  async run(words) {
    const { values, positionals } = readOptions(words, usage, {
      port: { type: 'string' },
      'tls-port': { type: 'string' },
      'ws-port': { type: 'string' },
      'wss-port': { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      insecure: { type: 'boolean', default: false },
      home: { type: 'string' },
      users: { type: 'string' },
      memory: { type: 'boolean', default: false },
      limit: { type: 'string', multiple: true, default: [] },
      discreet: { type: 'boolean', default: false },
      redirect: { type: 'string' },
      scram: { type: 'boolean', default: false },
    });
    if (positionals[0] === 'password') return printHash(values.scram);
    if (positionals.length > 0)
      throw new Fault('COMMAND_USAGE', { problem: `no such part "${positionals[0]}"`, usage });
    const { host, insecure, memory, discreet, redirect: server } = values;
    if (server?.trim() === '')
      throw new Fault('COMMAND_USAGE', { problem: '--redirect needs the address of a server', usage });
    const home = homeOption(values.home);
    const port = portOption(values.port, DEFAULT_PORT, usage);
    const [tlsPort, wsPort, wssPort] = (['tls-port', 'ws-port', 'wss-port'] as const).map((name) =>
      values[name] === undefined ? undefined : portOption(values[name], 0, usage),
    );
    const secure = tlsPort !== undefined || wssPort !== undefined;
    // Without TLS, whoever is on the way reads and writes everything: such a port is this machine's alone.
    const plainHost = isLoopback(host) || insecure ? host : '127.0.0.1';
    if (plainHost !== host && !secure) throw new Fault('BIND_INSECURE', { host });
    const limits = brokerLimitsOption(values.limit, usage);
    const users = values.users === undefined ? undefined : await openUsers(values.users);

    await using opened = new AsyncDisposableStack();
    if (!memory || secure) opened.defer(lockHome(home));
    const running = opened.use(
      await openBroker({
        authorize: (_identity, action, topic) => action === 'subscribe' || !topic.startsWith('$SYS/'),
        ...users,
        limits,
        discreet,
        ...(server !== undefined && { redirect: () => ({ server }) }),
        ...(!memory && { file: join(home, 'broker.db') }),
        onError: (error) => console.error(errorLine(error)),
      }),
    );
    logRefusals(running, (line) => console.error(line));
    const takeWebSocket = webSocketsOf(running);
    const serve = async (server: Server, at: string, onPort: number, option: string, name: string): Promise<void> => {
      opened.defer(await listen(server, at, onPort, option));
      console.log(`${name} ready on ${at}:${(server.address() as AddressInfo).port}`);
    };
    await serve(
      createServer((socket) => running.handle(socket)),
      plainHost,
      port,
      '--port',
      'MQTT',
    );
    if (wsPort !== undefined) {
      const web = createHttpServer(noPage).on('upgrade', (request, stream, head: Buffer) =>
        takeWebSocket(request, stream, head, undefined),
      );
      await serve(web, plainHost, wsPort, '--ws-port', 'MQTT over WebSocket');
    }
    if (secure) {
      const folder = join(home, 'certificates');
      const names = [...new Set([...localNames(), host])];
      const identity = await openServerIdentity(await openAuthority(folder), folder, names);
      const asked = { ...identity, requestCert: true, rejectUnauthorized: false };
      if (tlsPort !== undefined) {
        const handle = (socket: TLSSocket): void => running.handle(socket, identityOf(socket));
        const tls = createTlsServer({ ...asked, ALPNProtocols: ['mqtt'] }, handle);
        tls.on('tlsClientError', () => undefined);
        await serve(tls, host, tlsPort, '--tls-port', 'MQTT over TLS');
      }
      if (wssPort !== undefined) {
        const web = createHttpsServer(asked, noPage).on('upgrade', (request, stream, head: Buffer) =>
          takeWebSocket(request, stream, head, identityOf(request.socket as TLSSocket)),
        );
        web.on('tlsClientError', () => undefined);
        await serve(web, host, wssPort, '--wss-port', 'MQTT over WebSocket and TLS');
      }
    }
    const life = opened.move();
    await untilStopped({ close: () => life.disposeAsync() });
  },
};

/** There is nothing to see, only WebSockets. */
function noPage(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { upgrade: 'websocket' }).end();
}

/** Reads the password from standard input: on a command line every user of the machine could see it. */
async function printHash(scram: boolean): Promise<void> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: problem });
  console.log(await (scram ? scramVerifier(password) : hashPassword(password)));
}

/** Resolves with what closes it. */
async function listen(server: Server, host: string, port: number, setting: string): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  try {
    await once(server.listen({ port, host, backlog: LISTEN_BACKLOG }), 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new Fault('PORT_TAKEN', { port, setting }, { cause: error });
    throw error;
  }
  return async () => {
    const closed = once(server, 'close');
    server.close();
    // The broker has said good-bye to its clients; what is left has never spoken.
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
