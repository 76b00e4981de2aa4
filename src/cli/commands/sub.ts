import { topicFilterProblem } from '../../broker/topic.ts';
import { Fault } from '../../fault.ts';
import { readOptions, type Command } from '../command.ts';
import { connectMqtt, mqttOptions, mqttUsage, qosOf, urlOf } from '../mqtt-client.ts';

const usage = `chartwire sub FILTER… [--count N] [--json] ${mqttUsage}`;

export const sub: Command = {
  name: 'sub',
  usage,
  summary: 'print MQTT messages as they come, until --count or Ctrl+C',
  async run(words) {
    const { values, positionals: filters } = readOptions(words, usage, {
      ...mqttOptions,
      count: { type: 'string' },
      json: { type: 'boolean', default: false },
    });
    if (filters.length === 0) throw new Fault('COMMAND_USAGE', { problem: 'no topic filter named', usage });
    const problem = filters.map((filter) => topicFilterProblem(filter)).find((found) => found !== undefined);
    if (problem !== undefined) throw new Fault('COMMAND_USAGE', { problem, usage });
    const wanted = values.count === undefined ? Infinity : Number(values.count);
    if (!(wanted > 0)) throw new Fault('COMMAND_USAGE', { problem: `"${values.count}" is no count`, usage });
    const qos = qosOf(values.qos, usage);
    const url = urlOf(values.url, usage);
    const client = await connectMqtt(values);
    const over = Promise.withResolvers<void>();
    let got = 0;
    client.on('message', (topic, payload, packet) => {
      if (got >= wanted) return;
      got += 1;
      const text = payload.toString();
      const line = values.json
        ? JSON.stringify({
            topic,
            payload: text,
            qos: packet.qos,
            retain: packet.retain,
            properties: packet.properties,
          })
        : `${topic} ${text}`;
      console.log(line);
      if (got >= wanted) over.resolve();
    });
    client.once('close', () => over.reject(new Fault('FAR_SIDE_GONE', { url })));
    process.once('SIGINT', () => over.resolve());
    process.once('SIGTERM', () => over.resolve());
    const granted = await client.subscribeAsync(filters, { qos }).catch((error: Error) => {
      throw new Fault('FAR_SIDE_REFUSED', { url, answer: error.message }, { cause: error });
    });
    const refused = granted.find((grant) => grant.qos >= 0x80);
    if (refused !== undefined) throw new Fault('FAR_SIDE_REFUSED', { url, answer: `no right to ${refused.topic}` });
    await over.promise;
    await client.endAsync();
  },
};
