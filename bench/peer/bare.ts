import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { PeerConnection, type DataChannel } from 'node-datachannel';
import type { Side, SideSettings } from './side.ts';

const ACK = Buffer.from([1]);

/** Mutual TLS 1.3 by hand: a length before each message, one byte back for it. */
export async function bareTls({ server, client, payloadBytes }: SideSettings): Promise<Side> {
  let received = 0;
  const listener = createServer(
    { ...server, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3', noDelay: true },
    (socket) =>
      onMessage(socket, () => {
        received += 1;
        socket.write(ACK);
      }),
  );
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ...client, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.setNoDelay(true);
  const waiting: (() => void)[] = [];
  socket.on('data', (acks: Buffer) => {
    for (const _ack of acks) waiting.shift()?.();
  });
  const message = Buffer.alloc(4 + payloadBytes, 'chartwire');
  message.writeUInt32BE(payloadBytes);
  return {
    send: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.write(message);
      }),
    received: () => received,
  };
}

function onMessage(socket: TLSSocket, listener: (message: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE()) {
      const end = 4 + held.readUInt32BE();
      listener(held.subarray(4, end));
      held = held.subarray(end);
    }
  });
}

/** The library by hand: a message of the channel for each, one of one byte back for it. */
export async function bareDataChannel({ payloadBytes }: SideSettings): Promise<Side> {
  const config = { iceServers: [], bindAddress: '127.0.0.1', disableAutoNegotiation: true };
  const [here, there] = [new PeerConnection('here', config), new PeerConnection('there', config)];
  const [sending, receiving] = [here, there].map((one) => one.createDataChannel('bench', { negotiated: true, id: 0 }));
  const open = Promise.all([sending, receiving].map((channel) => whenOpen(channel!)));
  const described = async (one: PeerConnection, type: 'offer' | 'answer'): Promise<string> => {
    const complete = new Promise<void>((resolve) =>
      one.onGatheringStateChange((state) => state === 'complete' && setImmediate(resolve)),
    );
    one.setLocalDescription(type);
    await complete;
    return one.localDescription()?.sdp ?? '';
  };
  there.setRemoteDescription((await described(here, 'offer')).replace('actpass', 'active'), 'offer');
  here.setRemoteDescription(await described(there, 'answer'), 'answer');
  await open;
  let received = 0;
  const waiting: (() => void)[] = [];
  receiving!.onMessage(() => {
    received += 1;
    receiving!.sendMessageBinary(ACK);
  });
  sending!.onMessage(() => waiting.shift()?.());
  const message = Buffer.alloc(payloadBytes, 'chartwire');
  return {
    send: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        sending!.sendMessageBinary(message);
      }),
    received: () => received,
  };
}

async function whenOpen(channel: DataChannel): Promise<void> {
  if (!channel.isOpen()) await new Promise<void>((resolve) => channel.onOpen(resolve));
}
