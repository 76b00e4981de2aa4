/** Whom a message is for: all that everything given here fits. Nothing given: everybody. */
export interface Audience {
  /** One connection. */
  readonly id?: string;
  /** Whoever is in one of these rooms. */
  readonly rooms?: readonly string[];
  /** Every connection of one of these identities. */
  readonly identities?: readonly string[];
  /** Connections that are left out. */
  readonly except?: readonly string[];
}

interface Member {
  readonly info: { readonly id: string; readonly identity?: string };
  readonly rooms: ReadonlySet<string>;
}

/** Everybody who is connected, by id, by room and by identity. */
export class Members<Client extends Member & { readonly rooms: Set<string> }> {
  readonly #byId = new Map<string, Client>();
  readonly #rooms = new Map<string, Set<Client>>();
  readonly #identities = new Map<string, Set<Client>>();

  get size(): number {
    return this.#byId.size;
  }

  /** Rooms somebody is in. */
  get rooms(): number {
    return this.#rooms.size;
  }

  get(id: string): Client | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Client> {
    return this.#byId.values();
  }

  /** Who is in a room; nobody when there is none. */
  inRoom(room: string): ReadonlySet<Client> | undefined {
    return this.#rooms.get(room);
  }

  ofIdentity(identity: string): ReadonlySet<Client> | undefined {
    return this.#identities.get(identity);
  }

  enter(client: Client): void {
    this.#byId.set(client.info.id, client);
    const { identity } = client.info;
    if (identity !== undefined) addTo(this.#identities, identity, client);
  }

  leave(client: Client): void {
    this.#byId.delete(client.info.id);
    const { identity } = client.info;
    if (identity !== undefined) removeFrom(this.#identities, identity, client);
    for (const room of client.rooms) removeFrom(this.#rooms, room, client);
  }

  /** False: it was there already. */
  join(client: Client, room: string): boolean {
    if (client.rooms.has(room)) return false;
    client.rooms.add(room);
    addTo(this.#rooms, room, client);
    return true;
  }

  /** False: it was not there. */
  quit(client: Client, room: string): boolean {
    if (!client.rooms.delete(room)) return false;
    removeFrom(this.#rooms, room, client);
    return true;
  }

  /** Each of the audience once. */
  *of(audience: Audience): Iterable<Client> {
    for (const client of this.#candidates(audience)) if (isMeant(client, audience)) yield client;
  }

  #candidates({ id, rooms, identities }: Audience): Iterable<Client> {
    if (id !== undefined) {
      const client = this.#byId.get(id);
      return client === undefined ? [] : [client];
    }
    const [groups, names] = rooms === undefined ? [this.#identities, identities] : [this.#rooms, rooms];
    if (names === undefined) return this.#byId.values();
    const [only, ...more] = names.flatMap((name) => groups.get(name) ?? []);
    if (more.length === 0) return only ?? [];
    return new Set([only!, ...more].flatMap((group) => [...group]));
  }
}

/** Whether everything that is said of the audience fits. */
export function isMeant({ info, rooms }: Member, audience: Audience): boolean {
  const { id, except, identities } = audience;
  if (id !== undefined && info.id !== id) return false;
  if (except?.includes(info.id) === true) return false;
  if (identities !== undefined && (info.identity === undefined || !identities.includes(info.identity))) return false;
  return audience.rooms === undefined || audience.rooms.some((room) => rooms.has(room));
}

function addTo<Client>(groups: Map<string, Set<Client>>, name: string, client: Client): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, new Set([client]));
  else group.add(client);
}

function removeFrom<Client>(groups: Map<string, Set<Client>>, name: string, client: Client): void {
  const group = groups.get(name);
  group?.delete(client);
  if (group?.size === 0) groups.delete(name);
}
