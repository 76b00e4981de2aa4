import type { MqttSubscription } from '../../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../../src/fault.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { statusLine } from '../../adapter/status-line.ts';
import { decode, flowMessageOf } from '../flow-message.ts';
import { borrowMqtt } from '../links.ts';
import { payloadOf, propertiesOf } from '../outgoing.ts';
import { qosOf } from '../qos.ts';
import type { Arrived } from '../side.ts';
import { watchMqtt, type Obstacle } from '../watch.ts';
import { definition } from './definition.ts';
import { Questions } from './questions.ts';

export default nodeType(definition, async (context) => {
  const { id, settings, services, fail, send } = context;
  const { topic, datatype, timeoutMs, maxWaiting, keep } = settings;
  const qos = qosOf(settings.qos);
  const { side, release } = await borrowMqtt(context);
  if (side.level !== 5) {
    await release();
    throw new Fault('SETTINGS_INVALID', { problems: 'questions and answers need MQTT 5' });
  }
  const meter = services.meters.open(id, 'mqtt');
  const questions = new Questions(timeoutMs, maxWaiting);
  let refused: Obstacle | undefined;
  const watch = watchMqtt(context, meter, side, () => refused);
  let listening: { readonly topic: string; readonly subscription: MqttSubscription } | undefined;

  const take = (arrived: Arrived): void => {
    const { correlationData } = arrived.properties;
    const asked = correlationData === undefined ? undefined : questions.take(correlationData);
    if (asked === undefined) return;
    meter.received(0);
    const answer = flowMessageOf(arrived, side);
    const message = keep === 'question' ? { ...asked, ...answer } : answer;
    // An answer to an answer has nowhere to go.
    delete message['correlationData'];
    try {
      decode(message, datatype);
    } catch (error) {
      fail(error, message);
      return;
    }
    send(message);
  };

  /** The topic is known when the broker has told what may stand before it. */
  const listen = async (): Promise<string> => {
    const wanted = settings.responseTopic || `${side.responsePrefix}/${encodeURIComponent(id)}`;
    if (listening?.topic === wanted) return wanted;
    await listening?.subscription.end();
    const subscription = side.subscribe(wanted, { qos, noLocal: false, retainHandling: 2 }, take, (refusal) => {
      refused = refusal && { tone: 'wrong', text: statusLine(refusal) };
      if (refusal !== undefined) fail(refusal);
      watch.show();
    });
    listening = { topic: wanted, subscription };
    return wanted;
  };

  return {
    async input(message: FlowMessage) {
      const to = topic === '' ? message.topic : topic;
      const responseTopic =
        listening?.topic === undefined || side.state.name === 'up' ? await listen() : listening.topic;
      const payload = payloadOf(message);
      const own = propertiesOf({ ...message, responseTopic: undefined, correlationData: undefined }, undefined, true);
      const { correlationData, answered } = questions.ask(message, typeof to === 'string' ? to : '');
      const since = meter.begin(payload.byteLength);
      try {
        const properties = { ...own, responseTopic, correlationData };
        const outgoing = side.publish(typeof to === 'string' ? to : '', payload, { qos, properties });
        outgoing?.whenDone((error) => {
          if (error !== undefined) questions.fail(correlationData, error);
        });
      } catch (error) {
        questions.fail(correlationData, error instanceof Error ? error : new Error(String(error)));
      }
      await answered.then(
        () => meter.end(since, false),
        (error: unknown) => {
          meter.end(since, true);
          throw error;
        },
      );
    },
    async close() {
      watch.stop();
      questions.close(new Fault('NODE_CLOSED', { node: context.name || id }));
      await listening?.subscription.end();
      await release();
      services.meters.close(meter);
    },
  };
});
