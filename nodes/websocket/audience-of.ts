import type { Audience } from '../../src/endpoints/websocket/index.ts';
import type { FlowMessage } from '../adapter/message.ts';

/** Whom the settings of a node name, before the message does. */
export interface Named {
  readonly room: string;
  readonly identity: string;
}

/** The connection a message came from, as the core nodes say it. */
export function sessionOf({ _session }: FlowMessage): string | undefined {
  if (typeof _session !== 'object' || _session === null) return undefined;
  const { type, id } = _session as { readonly type?: unknown; readonly id?: unknown };
  return type === 'websocket' && typeof id === 'string' ? id : undefined;
}

/** Rooms, identities and who is left out; undefined when neither settings nor message say any of it. */
export function namedAudience(message: FlowMessage, { room, identity }: Named): Audience | undefined {
  const rooms = room === '' ? texts(message['room']) : [room];
  const identities = identity === '' ? texts(message['identity']) : [identity];
  const except = texts(message['except']);
  if (rooms === undefined && identities === undefined && except === undefined) return undefined;
  return {
    ...(rooms !== undefined && { rooms }),
    ...(identities !== undefined && { identities }),
    ...(except !== undefined && { except }),
  };
}

function texts(value: unknown): string[] | undefined {
  if (typeof value === 'string' && value !== '') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.filter((entry) => typeof entry === 'string');
}
