import { openBroker } from '../../src/broker/open-broker.ts';
import { identityOf } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { answerQuestions } from '../child.ts';
import type { Identities } from './identities.ts';

answerQuestions(async ({ ca, server }: Identities) => {
  const broker = await openBroker({ authorize: () => true });
  const door = await openDoor({ host: '127.0.0.1', port: 0, ...server, ca });
  door.mqtt((socket) => broker.handle(socket, identityOf(socket)));
  return `mqtts://127.0.0.1:${door.port}`;
});
