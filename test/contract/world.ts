import type { Link, LinkLimits, Listener } from '../../src/endpoint/endpoint.ts';
import type { Message, ReceivedMessage } from '../../src/endpoint/message.ts';
import type { Traits } from '../../src/endpoint/traits.ts';

/**
 * One server and the way to reach it, over real TLS sockets on loopback. Links send to topics below `contract/up` and
 * the listener receives those; the listener sends to topics below `contract/down` and links receive those.
 */
export interface World {
  readonly traits: Traits;
  /** The listener of the server that runs now: another one after `startServer`. */
  readonly listener: Listener;
  /** A new link with these limits, over defaults that suit a test (a reconnect within 50 ms). */
  openLink(limits?: LinkLimits): Link;
  /** A link that trusts another authority (or pins another certificate) than the server's. */
  openLinkWithWrongCa(): Link;
  /** Ends the listener and its port, as a crash or a restart would. */
  stopServer(): Promise<void>;
  /** Serves at the same address again. */
  startServer(): Promise<void>;
  /** Closes every link that was opened here and the server. */
  close(): Promise<void>;
}

export type MakeWorld = () => Promise<World>;

/** The limits every world starts from. */
export const testLimits = { reconnectFirstMs: 20, reconnectLongestMs: 50 } satisfies LinkLimits;

export const upTopic = 'contract/up/one';
export const downTopic = 'contract/down/one';

export function textMessage(topic: string, text: string): Message {
  return { topic, payload: Buffer.from(text) };
}

export function textOf(message: ReceivedMessage): string {
  return Buffer.from(message.payload).toString();
}

/** The next message of a reader; a reader that ended is an error. */
export async function next(reader: AsyncIterator<ReceivedMessage>): Promise<ReceivedMessage> {
  const step = await reader.next();
  if (step.done === true) throw new Error('the reader ended early');
  return step.value;
}

/** The next `count` messages of a reader, as texts. */
export async function nextTexts(reader: AsyncIterator<ReceivedMessage>, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) texts.push(textOf(await next(reader)));
  return texts;
}

/** Resolves when the link has a state of this name; at once when it has it now. */
export async function stateOf(link: Link, name: Link['state']['name']): Promise<Link['state']> {
  if (link.state.name === name) return link.state;
  return await new Promise((resolve) => {
    const stop = link.onState((state) => {
      if (state.name !== name) return;
      stop();
      resolve(state);
    });
  });
}

/** Code of the fault a promise rejects with; the text `resolved` when it does not. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
}
