import { closeCodes } from '../../../src/wire/websocket/index.ts';
import type { Audience } from '../../../src/endpoints/websocket/index.ts';
import { Fault } from '../../../src/fault.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { namedAudience, sessionOf } from '../audience-of.ts';
import { websocketListeners } from '../links.ts';
import { definition } from './definition.ts';

const FIGURES_EVERY_MS = 1000;

export default nodeType(definition, async ({ RED, settings, status, every, send }) => {
  const { side, release } = await websocketListeners.borrow(RED, settings.listener, undefined);
  const { listener } = side;
  const show = (): void =>
    status('up', `${listener.connections} connected, ${listener.rooms} ${listener.rooms === 1 ? 'room' : 'rooms'}`);
  show();
  every(FIGURES_EVERY_MS, show);
  const stop = listener.onPresence(({ event, client, room, code, reason, count }) =>
    send({
      topic: event,
      payload: {
        event,
        id: client.id,
        count,
        ...(client.identity !== undefined && { identity: client.identity }),
        ...(room !== undefined && { room }),
        ...(code !== undefined && { code, reason }),
      },
      _session: { type: 'websocket', id: client.id },
      client,
    }),
  );

  return {
    input(message) {
      const action = settings.action === 'message' ? message['action'] : settings.action;
      const room = settings.room || (typeof message['room'] === 'string' ? message['room'] : '');
      switch (action) {
        case 'join':
          if (room === '') throw invalid('there is no room to join');
          listener.join(whom(message), room);
          break;
        case 'leave':
          listener.leave(whom(message), room === '' ? undefined : room);
          break;
        case 'disconnect': {
          const { code, reason } = message;
          listener.disconnect(whom(message), codeOf(code), typeof reason === 'string' ? reason : '');
          break;
        }
        default:
          throw invalid('msg.action must be join, leave or disconnect');
      }
      show();
    },
    async close() {
      stop();
      await release();
    },
  };
});

/** By identity when the message names one, else the connection it came from. */
function whom(message: FlowMessage): Audience {
  const named = namedAudience({ ...message, room: undefined }, { room: '', identity: '' });
  if (named?.identities !== undefined) return named;
  const id = sessionOf(message);
  if (id === undefined) throw invalid('neither msg._session nor msg.identity says whom');
  return { id };
}

/** What applications may say (RFC 6455, 7.4.2). */
function codeOf(code: unknown): number {
  if (code === undefined) return closeCodes.done;
  if (
    typeof code === 'number' &&
    Number.isInteger(code) &&
    (code === closeCodes.done || (code >= 3000 && code <= 4999))
  ) {
    return code;
  }
  throw invalid('msg.code must be 1000 or from 3000 to 4999');
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
