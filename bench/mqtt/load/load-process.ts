import { answerQuestions } from '../../child.ts';
import type { Connection } from './connection.ts';
import { dial, subscribe } from './dial.ts';
import { FarBroker } from './far-broker.ts';
import type { ClientsOrder, Question, TrafficOrder } from './questions.ts';
import { retainMany, subscribeMany } from './many.ts';
import { binaryStamp, jsonStamp } from './stamp.ts';
import { Traffic, type TrafficForm } from './traffic.ts';

const farBrokers = new Map<number, FarBroker>();
const traffics = new Map<string, Traffic>();
const connections = new Map<string, Connection[]>();

answerQuestions(async (question: Question): Promise<unknown> => {
  switch (question.do) {
    case 'listen': {
      const farBroker = new FarBroker(question.identity);
      const port = await farBroker.listen();
      farBrokers.set(port, farBroker);
      return port;
    }
    case 'expect':
      return farBrokers.get(question.port)?.expect(formOf(question, 'bench/in', 1));
    case 'meet':
      return void traffics.set(question.key, await known(farBrokers, question.port).traffic());
    case 'dial':
      return await dialAll(question.key, question);
    case 'run': {
      const { key, forMs, perSecond } = question;
      const traffic = known(traffics, key);
      return perSecond === undefined ? await traffic.closed(forMs) : await traffic.steady(forMs, perSecond);
    }
    case 'hangUp':
      return await hangUp(question.key);
    case 'idle': {
      const { key, port, count, level } = question;
      return void connections.set(
        key,
        await dialMany(count, (clientId) => dial({ port, level, clientId: `${key}-${clientId}` })),
      );
    }
    case 'subscribe':
      return void connections.set(question.key, await subscribeMany(question.port, question.count));
    case 'retain':
      return await retainMany(question.port, question.count);
  }
});

async function dialAll(key: string, order: ClientsOrder): Promise<void> {
  const { port, level, ca, qos, subscribers, publishers, durable = false, from, to } = order;
  const traffic = new Traffic(formOf(order, from, subscribers));
  const target = { port, level, ca };
  const reading = await dialMany(subscribers, async (clientId) => {
    const connection = await dial({ ...target, clientId: `${key}-in-${clientId}`, durable });
    await subscribe(connection, [to], qos);
    traffic.join(connection, { publishes: false });
    return connection;
  });
  const writing = await dialMany(publishers, async (clientId) => {
    const connection = await dial({ ...target, clientId: `${key}-out-${clientId}` });
    traffic.join(connection, { publishes: true });
    return connection;
  });
  traffics.set(key, traffic);
  connections.set(key, [...reading, ...writing]);
}

/** Sixteen at a time: no broker's accept queue runs over. */
async function dialMany(count: number, open: (clientId: string) => Promise<Connection>): Promise<Connection[]> {
  const opened: Connection[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) opened.push(await open(String((next += 1))));
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return opened;
}

async function hangUp(key: string): Promise<void> {
  const open = connections.get(key) ?? [];
  connections.delete(key);
  traffics.delete(key);
  for (const { socket } of open) {
    if (socket.closed) continue;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
  }
}

function formOf({ qos, payload, window }: TrafficOrder, topic: string, copies: number): TrafficForm {
  return { topic, qos, window, copies, stamp: payload === 'json' ? jsonStamp() : binaryStamp(payload) };
}

function known<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the load process does not know ${String(key)}`);
  return value;
}
