import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { WebSocketStream } from '../../../wire/websocket-stream.ts';
import type { BrokerAddress } from './address.ts';

interface Options {
  readonly subprotocol: 'mqtt' | 'mqttv3.1';
  readonly maxPacketBytes: number;
  readonly signal: AbortSignal;
}

/** MQTT over a WebSocket (MQTT 5, 6.0) on a socket that is connected. Rejects when the far side does not want to. */
export function openWebSocket(
  { host, port, path = '/', secure }: BrokerAddress,
  socket: Socket,
  { subprotocol, maxPacketBytes, signal }: Options,
): Promise<Duplex> {
  const authority = host.includes(':') ? `[${host}]` : host;
  const webSocket = new WebSocket(`${secure ? 'wss' : 'ws'}://${authority}:${port}${path}`, [subprotocol], {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: maxPacketBytes,
  });
  return new Promise((resolve, reject) => {
    const give = (): void => webSocket.terminate();
    signal.addEventListener('abort', give, { once: true });
    webSocket.once('error', reject);
    webSocket.once('open', () => {
      signal.removeEventListener('abort', give);
      webSocket.off('error', reject);
      resolve(new WebSocketStream(webSocket));
    });
  });
}
