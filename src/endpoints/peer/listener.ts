import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { addressOf } from '../../address.ts';
import type { ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { fillLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault } from '../../fault.ts';
import { Channel } from './channel.ts';
import { farSideOf, parsePin } from './fingerprint.ts';
import type { PeerListener, PeerListenSettings } from './settings.ts';

const HANDSHAKE_MS = 10_000;

/** The accepting end: lets in who shows a pinned certificate. Rejects with PORT_TAKEN and SETTINGS_INVALID. */
export async function listenForPeers(settings: PeerListenSettings): Promise<PeerListener> {
  const { host = '127.0.0.1', port: wantedPort = 0, cert, key, ca, maxConnections = 256 } = settings;
  const limits = fillLimits(settings);
  const pins = new Set(settings.pins.map(parsePin));
  const readers = new Readers();
  const channels = new Set<Channel>();
  const sockets = new Set<Socket>();
  let refused = 0;

  const server = createServer({
    cert,
    key,
    minVersion: 'TLSv1.3',
    requestCert: true,
    // We refuse ourselves, below: the far side is to hear why.
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_MS,
    ...(ca === undefined ? {} : { ca }),
  });
  server.maxConnections = maxConnections;
  // Those still shaking hands too: they would keep a closing server waiting.
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => (refused += 1));
  server.on('secureConnection', (socket) => {
    const { fingerprint, name } = farSideOf(socket);
    const channel = new Channel(socket, urlOf(socket), name, limits, {
      welcome: () => socket.destroy(), // only the accepting side may say so
      message: (message) => readers.push(message),
      gone: () => channels.delete(channel),
    });
    const problem = pins.has(fingerprint) ? signatureProblem(socket, ca) : pinProblem(fingerprint);
    if (problem === undefined) {
      channels.add(channel);
      channel.welcome();
    } else {
      refused += 1;
      channel.close(new Fault('LINK_REFUSED', { url: urlOf(socket), answer: problem }));
    }
  });
  await listening(server, host, wantedPort);
  const { port } = server.address() as AddressInfo;
  const url = `peer://${addressOf(host, port)}`;
  const window = new SendWindow(url, limits);
  window.open();
  let ended: Promise<void> | undefined;

  const close = (): Promise<void> => {
    ended ??= new Promise((resolve) => {
      window.close();
      readers.close();
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return ended;
  };
  return {
    url,
    port,
    get connections() {
      return channels.size;
    },
    get refused() {
      return refused;
    },
    receive: (options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> => readers.receive(options),
    send: (message: Message, options?: SendOptions): Promise<void> =>
      window.send(message, (signal) => toAll(channels, message, signal), options),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pinProblem(fingerprint: string): string {
  return fingerprint === '' ? 'no certificate shown' : `fingerprint ${fingerprint} is not allowed here`;
}

function signatureProblem(socket: TLSSocket, ca: string | undefined): string | undefined {
  return ca === undefined || socket.authorized ? undefined : 'the certificate is not of our CA';
}

/** Waits for all, so that one that fails does not let the window run ahead of the others. */
async function toAll(channels: Iterable<Channel>, message: Message, signal: AbortSignal): Promise<void> {
  const sends = await Promise.allSettled(Array.from(channels, (channel) => channel.send(message, signal)));
  const failed = sends.find((send) => send.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function urlOf({ remoteAddress = '', remotePort = 0 }: TLSSocket): string {
  return `peer://${addressOf(remoteAddress, remotePort)}`;
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(taken ? new Fault('PORT_TAKEN', { port, setting: 'port' }, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}
