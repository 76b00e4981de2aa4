import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { TlsIdentity } from '../../endpoint/endpoint.ts';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { ReceivedMessage } from '../../endpoint/message.ts';
import { Silence } from '../../endpoint/silence.ts';
import { Fault } from '../../fault.ts';
import { EventParser } from '../../http/client/event-parser.ts';
import { findMessage } from './events.ts';

export interface SessionSettings {
  readonly url: string;
  readonly path: string;
  readonly tls: TlsIdentity;
  readonly events: boolean;
  readonly limits: FilledLimits;
  readonly take: (message: ReceivedMessage) => Promise<void>;
  /** Called when TLS is done: messages may leave from then on, before the far side has said anything. */
  readonly onOpen: () => void;
  readonly onUp: () => void;
  /** Called once, also when it never came up; not after {@link Session.end}. */
  readonly onLost: (cause: Error) => void;
}

export interface Session {
  readonly http2: ClientHttp2Session;
  /** Ends it at once. */
  end(): void;
}

/** Silence is looked for this often; listeners close sessions that are silent for 15 s. */
const LONGEST_PING_PAUSE_MS = 5_000;
const PINGS_PER_KEEP_ALIVE = 3;
/** Base64 makes four characters of three bytes; the rest is for topic and properties. */
const eventCharacters = (maxPayloadBytes: number): number => Math.ceil(maxPayloadBytes / 3) * 4 + 65_536;

/** One TLS connection with HTTP/2: up once the far side answers, lost when it is silent, ends or says GOAWAY. */
export function openSession(settings: SessionSettings): Session {
  const { url, path, tls, events, limits } = settings;
  const http2 = connect(url, { ...tls, settings: { enablePush: false } });
  let eventStream: ClientHttp2Stream | undefined;
  let over = false;
  const periodMs = Math.min(limits.keepAliveMs / PINGS_PER_KEEP_ALIVE, LONGEST_PING_PAUSE_MS);
  const silence = new Silence(periodMs);

  const end = (): void => {
    over = true;
    clearInterval(keepAlive);
    http2.destroy();
  };
  const lose = (cause: Error): void => {
    if (over) return;
    end();
    settings.onLost(cause);
  };
  /** What is in flight is still answered (RFC 9113, 6.8). */
  const leave = (cause: Error): void => {
    if (over) return;
    over = true;
    clearInterval(keepAlive);
    eventStream?.close();
    http2.close();
    settings.onLost(cause);
  };
  const ping = (): void => {
    if (silence.look() > limits.keepAliveMs) lose(farSideFault(url, new Error('it is silent')));
    else if (!http2.connecting) http2.ping((error) => void (error === null && silence.hear()));
  };
  const keepAlive = setInterval(ping, periodMs);

  http2.on('error', (error) => lose(farSideFault(url, error)));
  http2.on('goaway', () => leave(farSideFault(url, new Error('it is closing (GOAWAY)'))));
  http2.on('close', () => lose(farSideFault(url, new Error('it ended the connection'))));
  http2.once('connect', () => {
    if (over) return;
    http2.ping((error) => {
      if (error !== null || over) return;
      silence.hear();
      if (!events) settings.onUp();
    });
    if (events) {
      eventStream = http2.request({ ':path': `${path}?events`, accept: 'text/event-stream' });
      readEvents(eventStream, settings, lose);
    }
    // After that: what comes back to a message finds its reader there.
    settings.onOpen();
  });
  return { http2, end };
}

function readEvents(stream: ClientHttp2Stream, settings: SessionSettings, lose: (cause: Error) => void): void {
  const { url } = settings;
  stream.on('error', (error) => lose(farSideFault(url, error)));
  stream.once('close', () => lose(farSideFault(url, new Error('its event stream ended'))));
  stream.once('response', (headers) => {
    const status = headers[':status'] ?? 0;
    if (status === 200 && headers['content-type']?.startsWith('text/event-stream') === true) {
      settings.onUp();
      takeEvents(stream, settings).catch((error: unknown) => lose(farSideFault(url, error)));
    } else lose(new Fault('LINK_REFUSED', { url, answer: `${status} where an event stream was asked for` }));
  });
}

async function takeEvents(stream: ClientHttp2Stream, { take, limits }: SessionSettings): Promise<void> {
  const from = farSideName(stream.session?.socket as TLSSocket);
  const parser = new EventParser(eventCharacters(limits.maxPayloadBytes));
  stream.setEncoding('utf8');
  for await (const text of stream as AsyncIterable<string>) {
    for (const { data } of parser.parse(text)) {
      const message = findMessage(data);
      if (message === undefined) continue;
      if (message.payload.byteLength > limits.maxPayloadBytes) throw new RangeError('the payload is too large');
      await take({ ...message, from });
    }
  }
}

function farSideName(socket: TLSSocket): string {
  const name = socket.getPeerCertificate().subject.CN;
  return (Array.isArray(name) ? name[0] : name) ?? socket.remoteAddress ?? '';
}
