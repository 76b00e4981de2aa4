import { textProblem } from '../endpoint/properties.ts';
import type { Properties } from '../wire/mqtt/index.ts';

const MOST_SECONDS = 4_294_967_295;

/** Why a PUBLISH cannot have these (MQTT 5, 1.5 and 3.3.2.3): who gets it ends the connection, and gets it again. */
export function propertiesProblem(properties: Properties): string | undefined {
  const { contentType, responseTopic, correlationData, userProperties, messageExpiryInterval } = properties;
  if (correlationData !== undefined && correlationData.byteLength > 65_535)
    return 'the correlation data exceeds 65535 bytes';
  if (messageExpiryInterval !== undefined && !(messageExpiryInterval >= 0 && messageExpiryInterval <= MOST_SECONDS))
    return `the message expiry interval is not from 0 to ${MOST_SECONDS} seconds`;
  return (
    (contentType === undefined ? undefined : textProblem('the content type', contentType)) ??
    (responseTopic === undefined ? undefined : responseTopicProblem(responseTopic)) ??
    (userProperties === undefined ? undefined : pairsProblem(userProperties))
  );
}

function responseTopicProblem(topic: string): string | undefined {
  if (topic === '') return 'the response topic is empty';
  if (/[+#]/.test(topic)) return 'the response topic holds a wildcard';
  return textProblem('the response topic', topic);
}

function pairsProblem(pairs: NonNullable<Properties['userProperties']>): string | undefined {
  for (const [name, value] of pairs) {
    const what = `the user property ${name.slice(0, 80)}`;
    const problem = textProblem(what, name) ?? textProblem(what, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
