import type { MqttSubscription } from '../../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../../src/fault.ts';
import { IntMap } from '../../../src/int-map.ts';
import type { Behaviour, Outgoing } from '../../adapter/context.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { statusLine } from '../../adapter/status-line.ts';
import { latencyOf } from '../../adapter/carry.ts';
import { decode, flowMessageOf } from '../flow-message.ts';
import { flowsRun } from '../flows-run.ts';
import { borrowClient, borrowMqtt } from '../links.ts';
import { qosOf } from '../qos.ts';
import type { Arrived } from '../side.ts';
import { textsByName } from '../user-properties.ts';
import { watchMqtt, type Obstacle } from '../watch.ts';
import { definition } from './definition.ts';
import { filtersOf, wishesOf, type Wish } from './wishes.ts';

const RETAIN_HANDLING = { '0': 0, '1': 1, '2': 2 } as const;

const SUBSCRIBING: Obstacle = { tone: 'busy', text: 'subscribing' };

interface Held {
  readonly wish: Wish;
  subscription: MqttSubscription | undefined;
  /** What the broker said, until now: nothing, that it holds, or why not. */
  answer: 'held' | Error | undefined;
}

export default nodeType(definition, async (context): Promise<Behaviour> => {
  const { id, settings, services, node, RED, fail } = context;
  const { topic, topicType, qos, nl, rap, rh, datatype } = settings;
  const standard = {
    options: { qos: qosOf(qos), noLocal: nl, retainAsPublished: rap, retainHandling: RETAIN_HANDLING[rh] },
    datatype,
  };
  if (topicType === 'static' && topic === '') {
    throw new Fault('SETTINGS_INVALID', { problems: 'Topic filter must not be empty' });
  }
  const held = new Map<string, Held>();
  // Only a broker behind a socket waits for acknowledgements.
  const client = settings.acknowledge === 'message' ? await borrowClient(context) : undefined;
  const { side, release } = client ?? (await borrowMqtt(context));
  const unacknowledged = new IntMap<() => void>();
  let arrivals = 0;
  const meter = services.meters.open(id, 'mqtt');
  const watch = watchMqtt(context, meter, side, () => {
    return topicType === 'static' && held.size === 0 ? SUBSCRIBING : obstacleOf(held.values());
  });
  let removed = false;
  // Node-RED waits for whoever takes one parameter: it would be the callback.
  node.on('close', (gone: boolean, done: () => void) => {
    removed = gone;
    done();
  });

  const take = (arrived: Arrived, wish: Wish): void => {
    const message = flowMessageOf(arrived, side);
    if (message.userProperties === undefined) meter.arrived();
    else meter.received(latencyOfMessage(arrived));
    try {
      decode(message, wish.datatype);
    } catch (error) {
      fail(error, message);
      return;
    }
    if (client !== undefined && arrived.qos > 0) {
      arrivals += 1;
      message['acknowledgement'] = arrivals;
      unacknowledged.set(arrivals, client.side.holdAcknowledgement());
    }
    context.send(message);
  };

  const subscribe = async (wish: Wish): Promise<void> => {
    await held.get(wish.topic)?.subscription?.end();
    const entry: Held = { wish, subscription: undefined, answer: undefined };
    held.set(wish.topic, entry);
    entry.subscription = side.subscribe(
      wish.topic,
      wish.options,
      (arrived) => take(arrived, wish),
      (refusal) => {
        entry.answer = refusal ?? 'held';
        if (refusal !== undefined) fail(refusal);
        watch.show();
      },
    );
    watch.show();
  };

  const unsubscribe = async (filters: readonly string[] | true): Promise<void> => {
    for (const filter of filters === true ? [...held.keys()] : filters) {
      const entry = held.get(filter);
      held.delete(filter);
      await entry?.subscription?.end();
      watch.show();
    }
  };

  const acknowledge = (number: unknown): void => {
    const release = typeof number === 'number' ? unacknowledged.get(number) : undefined;
    if (release === undefined) throw invalid('msg.acknowledgement is none of a message that waits for it');
    unacknowledged.delete(Number(number));
    release();
  };

  const act = async (message: FlowMessage, send: (outgoing: Outgoing) => void): Promise<void> => {
    switch (message['action']) {
      case 'connect':
        return side.connect(message['broker']);
      case 'disconnect':
        return side.disconnect();
      case 'getSubscriptions':
        return send({
          ...message,
          topic: 'subscriptions',
          payload: [...held.values()].map(({ wish }) => listed(wish)),
        });
      case 'subscribe':
      case 'unsubscribe':
        if (topicType === 'static') throw invalid('this node subscribes to one topic filter');
        if (message['action'] === 'unsubscribe') return unsubscribe(filtersOf(message));
        for (const wish of wishesOf(message, standard)) await subscribe(wish);
        return undefined;
      default:
        throw invalid(
          'msg.action must be acknowledge, connect, disconnect, subscribe, unsubscribe or getSubscriptions',
        );
    }
  };
  let turn = Promise.resolve();

  if (topicType === 'static') {
    await flowsRun(RED);
    await subscribe({ topic, ...standard });
  }

  return {
    input(message: FlowMessage, send) {
      if (message['action'] === 'acknowledge') return acknowledge(message['acknowledgement']);
      // One after the other, as they came.
      const acted = turn.then(() => act(message, send));
      turn = acted.catch(() => undefined);
      return acted;
    },
    async close() {
      watch.stop();
      await Promise.all([...held.values()].map(async ({ subscription }) => subscription?.end(!removed)));
      await release();
      services.meters.close(meter);
    },
  };
});

/** What stands against a subscription while the connection is well. */
function obstacleOf(all: Iterable<Held>): Obstacle | undefined {
  for (const { answer } of all) {
    if (answer === undefined) return SUBSCRIBING;
    if (answer !== 'held') return { tone: 'wrong', text: statusLine(answer) };
  }
  return undefined;
}

/** Only our own carrying nodes say when a message left. */
function latencyOfMessage({ properties, topic, payload }: Arrived): number {
  const texts = textsByName(properties.userProperties ?? []);
  const single = Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return latencyOf({ topic, payload, from: '', properties: Object.fromEntries(single) });
}

function listed({ topic, options, datatype }: Wish): object {
  const { qos, noLocal: nl, retainAsPublished: rap, retainHandling: rh } = options;
  return { topic, qos, nl, rap, rh, datatype };
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
