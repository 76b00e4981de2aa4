import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { generate, parser, type IConnackPacket, type Packet } from 'mqtt-packet';

/** One connection of a client to the broker below. */
export interface Guest {
  readonly socket: Socket;
  send(packet: Packet): void;
}

export interface PacketBroker extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Packets of all connections, in order. */
  readonly packets: Packet[];
  readonly guests: Guest[];
  /** All packets of one kind so far. */
  all<Command extends Packet['cmd']>(command: Command): Extract<Packet, { cmd: Command }>[];
  /** Resolves with them when there are so many. */
  when<Command extends Packet['cmd']>(command: Command, count?: number): Promise<Extract<Packet, { cmd: Command }>[]>;
}

type Answer = (packet: Packet, guest: Guest, connections: number) => void;

/** A broker that answers as told, with packets made and read by mqtt-packet: a second opinion on every byte. */
export async function openPacketBroker(answer: Answer = politely(), level: 3 | 4 | 5 = 5): Promise<PacketBroker> {
  const packets: Packet[] = [];
  const guests: Guest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    socket.setNoDelay();
    const guest: Guest = { socket, send: (packet) => void socket.write(generate(packet, { protocolVersion: level })) };
    guests.push(guest);
    const connections = guests.length;
    const reading = parser({ protocolVersion: level });
    reading.on('packet', (packet) => {
      packets.push(packet);
      answer(packet, guest, connections);
      for (const look of waiting) look();
    });
    socket.on('data', (chunk) => reading.parse(chunk));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const all = <Command extends Packet['cmd']>(command: Command): Extract<Packet, { cmd: Command }>[] =>
    packets.filter((packet): packet is Extract<Packet, { cmd: Command }> => packet.cmd === command);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    packets,
    guests,
    all,
    when: async (command, count = 1) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (all(command).length >= count) resolve();
      };
      waiting.add(look);
      look();
      await promise;
      waiting.delete(look);
      return all(command);
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of guests) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Takes everybody in, and everything over. */
export function politely(connack: Partial<IConnackPacket> = {}): Answer {
  return (packet, guest) => {
    if (packet.cmd === 'connect') {
      guest.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0, returnCode: 0, ...connack });
    } else if (packet.cmd === 'subscribe') {
      const granted = packet.subscriptions.map(({ qos }) => qos);
      guest.send({ cmd: 'suback', messageId: packet.messageId!, granted });
    } else if (packet.cmd === 'unsubscribe') {
      guest.send({ cmd: 'unsuback', messageId: packet.messageId!, granted: [0] });
    } else if (packet.cmd === 'publish' && packet.qos === 1)
      guest.send({ cmd: 'puback', messageId: packet.messageId! });
    else if (packet.cmd === 'publish' && packet.qos === 2) guest.send({ cmd: 'pubrec', messageId: packet.messageId! });
    else if (packet.cmd === 'pubrel') guest.send({ cmd: 'pubcomp', messageId: packet.messageId! });
    else if (packet.cmd === 'pingreq') guest.send({ cmd: 'pingresp' });
  };
}
