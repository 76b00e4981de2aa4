import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { findForeignOrigin } from '../front-door/own-origin.ts';
import { WebSocketStream } from '../wire/websocket-stream.ts';
import type { Broker } from './broker.ts';

/** What WebSockets with MQTT inside are called: 3.1.1 and 5 (MQTT 5, 6.0-3), and 3.1. */
const PROTOCOLS = ['mqtt', 'mqttv3.1'];
/** A frame may hold several packets. */
const MOST_FRAME_BYTES = 1_048_576;

/** Takes one wish for a WebSocket of HTTP/1.1; `identity` is the verified certificate subject. */
export type TakeWebSocket = (
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  identity: string | undefined,
) => void;

/**
 * MQTT over WebSockets (MQTT 5, 6.0). A page of another origin is refused: it would speak with the rights of whoever looks
 * at it.
 */
export function webSocketsOf(broker: Broker): TakeWebSocket {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_FRAME_BYTES,
    handleProtocols: (offered) => PROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  return (request, stream, head, identity) => {
    stream.on('error', () => undefined);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (findForeignOrigin(request) !== undefined) refuse(stream, '403 Forbidden', 'the page is of another origin');
    else if (!offered.some((name) => PROTOCOLS.includes(name)))
      refuse(stream, '400 Bad Request', 'the subprotocol mqtt is not offered');
    else {
      server.handleUpgrade(request, stream, head, (webSocket) =>
        broker.handle(new WebSocketStream(webSocket, request.socket.remoteAddress), identity),
      );
    }
  };
}

function refuse(stream: Duplex, status: string, reason: string): void {
  const body = `${reason}\n`;
  stream.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
