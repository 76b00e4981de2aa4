import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { Fault } from '../../../fault.ts';
import { Rate } from '../rate.ts';
import { bindingSuccess, isBindingRequest } from './message.ts';

export interface StunSettings {
  readonly host: string;
  /** UDP; 0 takes any free one. */
  readonly port: number;
  /** Answers a second to all, and to one address. What is beyond is dropped. Default 1,000 and 20. */
  readonly maxPerSecond?: number;
  readonly maxPerAddress?: number;
}

export interface StunResponder extends AsyncDisposable {
  readonly port: number;
  readonly answered: number;
  /** Packets that were no binding request, or beyond the rates. */
  readonly refused: number;
  close(): Promise<void>;
}

/** Addresses whose rate is kept at once; the longest known is forgotten. */
const MAX_ADDRESSES = 4_096;

/** Tells peers which address the world sees them by (RFC 8489, binding only). Rejects with PORT_TAKEN. */
export async function openStun(settings: StunSettings): Promise<StunResponder> {
  const { host, port, maxPerSecond = 1_000, maxPerAddress = 20 } = settings;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const all = new Rate(maxPerSecond);
  const addresses = new Map<string, Rate>();
  let answered = 0;
  let refused = 0;
  socket.on('message', (packet, origin) => {
    // An answer is longer than a request, so nothing is answered without end: the sender's address may be a lie.
    if (!isBindingRequest(packet) || !rateOf(addresses, origin.address, maxPerAddress).take() || !all.take()) {
      refused += 1;
      return;
    }
    answered += 1;
    socket.send(bindingSuccess(packet, origin), origin.port, origin.address, () => undefined);
  });
  await bind(socket, host, port);
  socket.on('error', () => undefined);
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= new Promise((resolve) => socket.close(resolve)));
  return {
    port: socket.address().port,
    get answered() {
      return answered;
    },
    get refused() {
      return refused;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function rateOf(addresses: Map<string, Rate>, address: string, perSecond: number): Rate {
  let rate = addresses.get(address);
  if (rate === undefined) {
    if (addresses.size >= MAX_ADDRESSES) addresses.delete(addresses.keys().next().value!);
    rate = new Rate(perSecond);
    addresses.set(address, rate);
  }
  return rate;
}

async function bind(socket: Socket, host: string, port: number): Promise<void> {
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken ? new Fault('PORT_TAKEN', { port, setting: 'stun port' }, { cause: error }) : error;
  }
}
