import { answerQuestions } from '../../child.ts';
import { Client } from './client.ts';
import type { Question } from './questions.ts';
import { Traffic } from './traffic.ts';

const traffics = new Map<string, Traffic>();
const idle: Client[] = [];

answerQuestions(async (question: Question): Promise<unknown> => {
  switch (question.do) {
    case 'dial': {
      const { key, port, path, connections, ...form } = question;
      traffics.set(key, new Traffic(await openMany(port, path, connections), form));
      return undefined;
    }
    case 'run':
      return await traffics.get(question.key)?.run(question.forMs);
    case 'hangUp':
      traffics.get(question.key)?.hangUp();
      traffics.delete(question.key);
      return undefined;
    case 'idle':
      idle.push(...(await openMany(question.port, question.path, question.connections)));
      return undefined;
    case 'stall':
      for (const client of await openMany(question.port, question.path, 1)) client.socket.pause();
      return undefined;
    case 'leave':
      for (const { socket } of idle.splice(0)) socket.destroy();
      return undefined;
  }
});

/** A hundred at a time: more than that a server does not let wait. */
async function openMany(port: number, path: string, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const batch = Math.min(100, count - clients.length);
    clients.push(...(await Promise.all(Array.from({ length: batch }, () => Client.open(port, path)))));
  }
  return clients;
}
