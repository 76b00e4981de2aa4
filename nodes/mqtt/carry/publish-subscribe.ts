import type { Link, SendOptions } from '../../../src/endpoint/endpoint.ts';
import type { FilledLimits } from '../../../src/endpoint/limits.ts';
import type { LinkState } from '../../../src/endpoint/link-state.ts';
import type { Message } from '../../../src/endpoint/message.ts';
import { Fault } from '../../../src/fault.ts';

/**
 * Two links to one broker as one: up when both are. Nothing is published while the subscriber is away, as nobody would
 * keep it for him.
 */
export function publishSubscribe(publisher: Link, subscriber: Link, limits: FilledLimits): Link {
  let waiting = 0;
  const state = (): LinkState => (subscriber.state.name === 'up' ? publisher.state : subscriber.state);
  const { maxWaiting, sendTimeoutMs } = limits;

  async function untilSubscribed(signal: AbortSignal | undefined): Promise<void> {
    const { url } = subscriber;
    if (waiting >= maxWaiting) throw new Fault('QUEUE_FULL', { queue: `the link to ${url}`, limit: maxWaiting });
    waiting += 1;
    const tooLate = AbortSignal.timeout(sendTimeoutMs);
    try {
      await subscriber.ready(signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]));
    } catch (error) {
      throw tooLate.aborted ? new Fault('FAR_SIDE_GONE', { url }, { cause: error }) : error;
    } finally {
      waiting -= 1;
    }
  }

  return {
    url: publisher.url,
    traits: publisher.traits,
    get state() {
      return state();
    },
    onState(listener) {
      const tell = (): void => listener(state());
      const stops = [publisher.onState(tell), subscriber.onState(tell)];
      return () => stops.forEach((stop) => stop());
    },
    async ready(signal) {
      await Promise.all([publisher.ready(signal), subscriber.ready(signal)]);
    },
    receive: (options) => subscriber.receive(options),
    async send(message: Message, options?: SendOptions) {
      if (subscriber.state.name !== 'up') await untilSubscribed(options?.signal);
      await publisher.send(message, options);
    },
    close,
    [Symbol.asyncDispose]: close,
  };

  async function close(): Promise<void> {
    await Promise.all([publisher.close(), subscriber.close()]);
  }
}
