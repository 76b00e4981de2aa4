import type { Link, Listener, Source } from '../../src/endpoint/endpoint.ts';
import type { Message, ReceivedMessage } from '../../src/endpoint/message.ts';
import type { Ends } from './carry.ts';

/** Where the topics of a link to ourselves lie. */
const PREFIX = 'carry/';

/** A listener of our own and a link to it as the two ends of a carrying node, which closes both. */
export function ownEnds(link: Link, listener: Listener): Ends {
  return {
    link: escaping(link, PREFIX),
    arrivals: unescaping(listener, PREFIX),
    async close() {
      await link.close();
      await listener.close();
    },
  };
}

/**
 * Between two ends of our own every topic can travel, the empty one and those with wildcards too: escaped, below a prefix.
 * This is the link that does so.
 */
export function escaping(link: Link, prefix: string): Link {
  return {
    url: link.url,
    traits: link.traits,
    get state() {
      return link.state;
    },
    onState: (listener) => link.onState(listener),
    ready: (signal) => link.ready(signal),
    receive: (options) => link.receive(options),
    send: (message: Message, options) => link.send({ ...message, topic: prefix + escape(message.topic) }, options),
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
}

/** And this is the other end, which gives the topics back as they were. */
export function unescaping(source: Source, prefix: string): Source {
  return {
    receive(options) {
      const messages = source.receive(options);
      return (async function* restored(): AsyncGenerator<ReceivedMessage> {
        for await (const message of messages) {
          yield { ...message, topic: unescape(message.topic.slice(prefix.length)) };
        }
      })();
    },
  };
}

const escape = (topic: string): string => topic.replaceAll(/[%+#\0]/g, encodeURIComponent);

/** What somebody else sent here may hold a % that is none of ours. */
function unescape(topic: string): string {
  return topic.replaceAll(/%(25|2B|23|00)/g, decodeURIComponent);
}
