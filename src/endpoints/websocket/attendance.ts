import { closeCodes } from '../../wire/websocket/index.ts';
import { isMeant, Members, type Audience } from './audience.ts';
import type { FarClient } from './far-client.ts';
import { Mailboxes, type MailboxLimits } from './mailboxes.ts';
import type { Outgoing } from './outgoing.ts';
import type { Presence } from './presence.ts';

/** Who is connected and in which rooms, what those missed who were away, and who wants to hear of it all. */
export class Attendance {
  readonly members = new Members<FarClient>();
  readonly #mailboxes: Mailboxes;
  readonly #onPresence = new Set<(presence: Presence) => void>();

  constructor(limits: MailboxLimits) {
    this.#mailboxes = new Mailboxes(limits);
  }

  /** Whether what is sent is kept for those who are away. */
  get keeps(): boolean {
    return this.#mailboxes.isOn;
  }

  onPresence(take: (presence: Presence) => void): () => void {
    this.#onPresence.add(take);
    return () => this.#onPresence.delete(take);
  }

  /** Somebody comes; `lastId` is of the last message it says it has. It is in its rooms again, and gets what it missed. */
  enter(client: FarClient, lastId: number | undefined): void {
    const { info, connection, channel } = client;
    this.members.enter(client);
    this.#present({ event: 'connect', client: info, count: this.members.size });
    if (info.identity === undefined) return;
    const { missed, rooms } = this.#mailboxes.open(info.identity, lastId);
    for (const room of rooms) this.join({ id: info.id }, room);
    for (const outgoing of missed) {
      if (channel === undefined) connection.send(outgoing.plain);
      else channel.send(outgoing, () => undefined);
    }
  }

  /** Somebody has gone; `lastId` is of the last message that could reach it. */
  leave(client: FarClient, lastId: number, code: number, reason: string): void {
    const { info, rooms } = client;
    this.members.leave(client);
    if (info.identity !== undefined) this.#mailboxes.close(info.identity, rooms, lastId);
    const gone = { client: info, code, reason, count: this.members.size };
    if (code === closeCodes.abnormal) this.#present({ event: 'error', ...gone });
    this.#present({ event: 'disconnect', ...gone });
  }

  join(audience: Audience, room: string): void {
    for (const client of this.members.of(audience)) {
      if (this.members.join(client, room)) {
        this.#present({ event: 'join', client: client.info, room, count: this.#in(room) });
      }
    }
  }

  /** Without a room, all of them. */
  quit(audience: Audience, room?: string): void {
    for (const client of this.members.of(audience)) {
      for (const one of room === undefined ? [...client.rooms] : [room]) {
        if (this.members.quit(client, one)) {
          this.#present({ event: 'leave', client: client.info, room: one, count: this.#in(one) });
        }
      }
    }
  }

  /** Keeps a message for those of its audience who are away. */
  keep(outgoing: Outgoing, audience: Audience): void {
    this.#mailboxes.keep(outgoing, audience, (identity) =>
      [...(this.members.ofIdentity(identity) ?? [])].some((client) => isMeant(client, audience)),
    );
  }

  #in(room: string): number {
    return this.members.inRoom(room)?.size ?? 0;
  }

  #present(presence: Presence): void {
    for (const take of this.#onPresence) take(presence);
  }
}
