import { buffer } from 'node:stream/consumers';
import { topicProblem } from '../../endpoint/topic.ts';
import { Fault } from '../../fault.ts';
import { readOptions, type Command } from '../command.ts';
import { connectMqtt, mqttOptions, mqttUsage, qosOf, urlOf } from '../mqtt-client.ts';

const usage = `chartwire pub TOPIC [MESSAGE | -] [--retain] ${mqttUsage}`;

export const pub: Command = {
  name: 'pub',
  usage,
  summary: 'publish one MQTT message, from standard input with "-"; 0 means that the broker has taken it',
  async run(words) {
    const { values, positionals } = readOptions(words, usage, {
      ...mqttOptions,
      retain: { type: 'boolean', default: false },
    });
    const [topic, message = '', ...more] = positionals;
    if (topic === undefined || more.length > 0)
      throw new Fault('COMMAND_USAGE', { problem: 'one topic and one message are needed', usage });
    const problem = topicProblem(topic);
    if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
    const qos = qosOf(values.qos, usage);
    const url = urlOf(values.url, usage);
    const payload = message === '-' ? await buffer(process.stdin) : message;
    const client = await connectMqtt(values);
    const gone = new Promise<never>((_resolve, reject) =>
      client.once('close', () => reject(new Fault('FAR_SIDE_GONE', { url }))),
    );
    const sent = client.publishAsync(topic, payload, { qos, retain: values.retain }).catch((error: Error) => {
      throw new Fault('FAR_SIDE_REFUSED', { url, answer: error.message }, { cause: error });
    });
    await Promise.race([sent, gone]);
    gone.catch(() => undefined);
    await client.endAsync();
  },
};
