import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PeerIdentity } from '../../../src/endpoints/peer/settings.ts';
import { openNats, type NatKind } from './nats.ts';
import { selfSigned } from './self-signed.ts';
import { openIdentities } from './world.ts';

/** What a process in a namespace is to be. */
export type NatQuestion =
  | {
      readonly host: 'public';
      readonly address: string;
      readonly tls: PeerIdentity;
      readonly ca: string;
      readonly pins: string[];
    }
  | {
      readonly host: 'listener' | 'link';
      readonly url: string;
      readonly stun: string;
      readonly identity: PeerIdentity;
      readonly ca: string;
      readonly pin: string;
      /** The path to wait for before anything is measured. */
      readonly until: string;
    };

export interface Passage {
  readonly path: string;
  /** From the first offer to the welcome. */
  readonly connectMs: number;
  /** There and back with an acknowledgement, the median of 1,000. */
  readonly p50Ms: number;
}

/** Connects two processes that are each behind a NAT of this kind. */
export async function throughNats(kind: NatKind): Promise<Passage> {
  await using identities = await openIdentities();
  using nats = openNats(kind);
  await using processes = new AsyncDisposableStack();
  const start = async <Answer>(where: readonly string[], question: NatQuestion): Promise<Answer> => {
    const [command = '', ...before] = where;
    const file = new URL('nat-process.ts', import.meta.url).pathname;
    const child = spawn(command, [...before, process.execPath, file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    processes.defer(async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    });
    child.send(question);
    const answer = once(child, 'message');
    const early = once(child, 'exit').then(() => Promise.reject(new Error(`the ${question.host} process ended early`)));
    early.catch(() => undefined);
    return ((await Promise.race([answer, early])) as [Answer])[0];
  };
  const until = kind === 'plain' ? 'direct' : 'relayed';
  const [server, client] = [await selfSigned('server'), await selfSigned('client')];
  const { authority } = identities;
  const { ca } = authority;
  const tls = await authority.issueServer({ names: [nats.address] });
  const pins = [server.fingerprint, client.fingerprint];
  const meeting = await start<{ url: string; stun: string }>(nats.public, {
    host: 'public',
    address: nats.address,
    tls,
    ca,
    pins,
  });
  await start(nats.left, { host: 'listener', ...meeting, identity: server, ca, pin: client.fingerprint, until });
  return await start<Passage>(nats.right, {
    host: 'link',
    ...meeting,
    identity: client,
    ca,
    pin: server.fingerprint,
    until,
  });
}
