import type { MqttClient, SubscribeOptions } from '../../../../src/endpoints/mqtt/index.ts';
import type { Properties, PublishView } from '../../../../src/wire/mqtt/index.ts';

/** A message as it came in, with everything copied. */
export interface Note {
  readonly topic: string;
  readonly text: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly properties: Properties;
}

export interface Inbox {
  readonly notes: Note[];
  /** Resolves with the answer to the SUBSCRIBE. */
  readonly held: Promise<Error | undefined>;
  /** The first so many texts, as soon as they are there. */
  texts(count: number): Promise<string[]>;
  end(keep?: boolean): Promise<void>;
}

/** Subscribes and notes what comes. */
export function inbox(
  client: MqttClient,
  filter: string,
  options: SubscribeOptions = {},
  also: (view: PublishView) => void = () => {},
): Inbox {
  const notes: Note[] = [];
  const waiting = new Set<() => void>();
  const { promise: held, resolve } = Promise.withResolvers<Error | undefined>();
  const subscription = client.subscribe(
    filter,
    options,
    (view) => {
      const { topic, qos, retain, dup, properties } = view;
      notes.push({ topic, text: view.payload.toString(), qos, retain, dup, properties });
      also(view);
      for (const look of waiting) look();
    },
    resolve,
  );
  return {
    notes,
    held,
    texts: (count) =>
      new Promise((done) => {
        const look = (): void => {
          if (notes.length < count) return;
          waiting.delete(look);
          done(notes.slice(0, count).map(({ text }) => text));
        };
        waiting.add(look);
        look();
      }),
    end: (keep) => subscription.end(keep),
  };
}

/** Publishes and resolves when it is taken over. */
export function publish(
  client: MqttClient,
  topic: string,
  text: string,
  options: Parameters<MqttClient['publish']>[2] = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    client.publish(topic, Buffer.from(text), options, (error) => (error === undefined ? resolve() : reject(error)));
  });
}
