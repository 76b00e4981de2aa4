import { reasonCode, type PublishView } from '../wire/mqtt/index.ts';
import type { Connection } from './connection.ts';
import { Message, splitProperties } from './message.ts';

/** Takes a PUBLISH from a client: checked, routed, acknowledged (MQTT 5, 3.3 and 4.3). */
export function takePublish(connection: Connection, view: PublishView): void {
  const { core } = connection;
  const session = connection.session!;
  const { topic, qos, packetId } = view;
  if (connection.rate !== undefined) slowDown(connection, connection.rate.take());
  if (qos > 0 && connection.unacknowledged >= core.limits.maxInFlight) {
    connection.deny(reasonCode.receiveMaximumExceeded, 'more messages are under way than the Receive Maximum');
    return;
  }
  if (qos > core.limits.maxQos) {
    connection.deny(reasonCode.qosNotSupported, `a QoS above ${core.limits.maxQos}`);
    return;
  }
  if (topic !== connection.allowedTopic) {
    const tooDeep = core.depthProblem(topic);
    const problem = tooDeep ?? core.publishProblem(connection.identity, topic);
    if (problem !== undefined) {
      refuse(connection, view, tooDeep === undefined ? core.noRight : reasonCode.topicNameInvalid, problem);
      return;
    }
    connection.allowedTopic = topic;
  }
  let retain = view.retain;
  if (retain) {
    const problem = core.retained.problem(topic, view.payloadLength);
    if (problem !== undefined) {
      if (connection.five && core.limits.maxRetained === 0) {
        connection.deny(reasonCode.retainNotSupported, 'the broker retains no messages');
        return;
      }
      if (connection.five) {
        refuse(connection, view, reasonCode.quotaExceeded, problem);
        return;
      }
      // MQTT 3 cannot say no to one message: subscribers get it, and it is not kept.
      core.refused(connection, problem);
      retain = false;
    }
  }
  if (qos === 2 && !session.receive(packetId)) {
    acknowledge(connection, 2, packetId, 0);
    return;
  }
  if (qos > 0) connection.unacknowledged += 1;
  const { passedOn, expirySeconds } = splitProperties(view.bytes, view.propertiesStart, view.propertiesEnd);
  const expiresAt = expirySeconds === undefined ? 0 : Date.now() + expirySeconds * 1000;
  const message = new Message(topic, view.payload, qos, retain, passedOn, expiresAt, session.sender);
  const { waits } = connection;
  // The answer comes before what the message causes, as far as it need not wait for the disk.
  if (qos === 2 && !core.store.durable) answer(connection, 2, packetId, 0);
  const reached = core.publish(message, session, waits);
  if (qos === 2 && core.store.durable) acknowledge(connection, 2, packetId, 0);
  else if (qos === 1) acknowledge(connection, 1, packetId, reached === 0 ? reasonCode.noMatchingSubscribers : 0);
  if (waits.length > 0) connection.hold(Promise.all(waits.splice(0)));
}

/** PUBACK at once, or PUBREC, as soon as the message is safe. */
function acknowledge(connection: Connection, qos: 1 | 2, packetId: number, code: number): void {
  if (connection.core.store.unsaved) connection.safely(() => answer(connection, qos, packetId, code));
  else answer(connection, qos, packetId, code);
}

function answer(connection: Connection, qos: 1 | 2, packetId: number, code: number): void {
  const { writer } = connection.outlet;
  if (qos === 2) writer.pubrec(packetId, code);
  else {
    connection.unacknowledged -= 1;
    writer.puback(packetId, code);
  }
}

/** MQTT 5 has a reason code for it; before, the connection ends (3.1.1, 3.3.5-2). QoS 0 has no answer. */
function refuse(connection: Connection, { qos, packetId }: PublishView, code: number, problem: string): void {
  connection.core.refused(connection, problem);
  if (!connection.five) {
    connection.end(code, problem);
    return;
  }
  if (qos === 0) return;
  const properties =
    connection.connect?.properties.requestProblemInformation === false ? undefined : connection.core.explain(problem);
  const { writer } = connection.outlet;
  const say = (with_: typeof properties): boolean =>
    qos === 1 ? writer.puback(packetId, code, with_) : writer.pubrec(packetId, code, with_);
  connection.safely(() => {
    if (!say(properties)) say(undefined);
  });
}

function slowDown(connection: Connection, forMs: number): void {
  if (forMs === 0) return;
  connection.hold(new Promise((resolve) => setTimeout(resolve, forMs).unref()));
}
