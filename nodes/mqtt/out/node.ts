import type { Outgoing } from '../../../src/endpoints/mqtt/index.ts';
import type { Meter } from '../../../src/metrics/meter.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { borrowMqtt } from '../links.ts';
import { qosOf } from '../qos.ts';
import { watchMqtt } from '../watch.ts';
import { definition } from './definition.ts';
import { fixedProperties, payloadOf, propertiesOf, publishOptions } from '../outgoing.ts';

export default nodeType(definition, async (context) => {
  const { id, settings, services } = context;
  const { topic, qos, retain } = settings;
  const fixed = fixedProperties(settings);
  const fixedQos = qos === 'message' ? undefined : qosOf(qos);
  const fixedRetain = retain === 'message' ? undefined : retain === 'yes';
  const { side, release } = await borrowMqtt(context);
  const meter = services.meters.open(id, 'mqtt');
  const watch = watchMqtt(context, meter, side);

  return {
    input(message: FlowMessage) {
      const { action } = message;
      if (action === 'connect') return side.connect(message['broker']);
      if (action === 'disconnect') return side.disconnect();
      const payload = payloadOf(message);
      const isReply = topic === '' && !isTopic(message.topic);
      const to = topic === '' ? (isReply ? message['responseTopic'] : message.topic) : topic;
      const ofQos = fixedQos ?? qosOf(message['qos'] ?? 1);
      const kept = fixedRetain ?? isTrue(message['retain']);
      const properties = side.level === 5 ? propertiesOf(message, fixed, isReply) : undefined;
      let outgoing: Outgoing | undefined;
      try {
        outgoing = side.publish(typeof to === 'string' ? to : '', payload, publishOptions(ofQos, kept, properties));
      } catch (error) {
        meter.end(meter.begin(payload.byteLength), true);
        throw error;
      }
      if (outgoing !== undefined) return takenOver(outgoing, meter, meter.begin(payload.byteLength));
      meter.passed(payload.byteLength);
      return undefined;
    },
    async close() {
      watch.stop();
      await release();
      services.meters.close(meter);
    },
  };
});

/** Resolves when the broker has taken it over. */
function takenOver(outgoing: Outgoing, meter: Meter, since: number): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.whenDone((error) => {
      meter.end(since, error !== undefined);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

const isTopic = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** As the core node reads it: `true`, or text that says so. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
