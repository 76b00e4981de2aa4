import { configNode, text } from '../../src/spec/field.ts';
import { datatypeField } from './link-fields.ts';
import { topicFilterProblem } from '../../src/broker/topic.ts';

type Protocol = 'http2' | 'websocket' | 'peer';

/** Through what a node sends or receives: a link to a far side, or a listener of our own. */
const sideFields = (protocol: Protocol) => ({
  link: configNode({
    label: 'Link',
    hint: 'The far side to connect to. Choose a link or a listener.',
    nodeType: `chartwire-${protocol}-link`,
  }),
  listener: configNode({
    label: 'Listener',
    hint: 'Where far sides connect to us. Choose a link or a listener.',
    nodeType: `chartwire-${protocol}-listener`,
  }),
});

/** The settings of an `in` node. */
export const inFields = (protocol: Protocol) => ({
  ...sideFields(protocol),
  topic: text({
    label: 'Topic filter',
    hint: 'Emits only messages of these topics; + stands for one level and # for all that follow. Empty: everything.',
    problem: topicFilterProblem,
  }),
  datatype: datatypeField,
});

/** The settings of an `out` node. */
export const outFields = (protocol: Protocol) => ({
  ...sideFields(protocol),
  topic: topicField,
});

/** The topic of what is sent. */
export const topicField = text({
  label: 'Topic',
  hint: 'Topic of every message. Empty: msg.topic, and without one msg.responseTopic.',
  problem: (value) => (/[+#]/.test(value) ? 'must not hold the wildcards + and #' : undefined),
});
