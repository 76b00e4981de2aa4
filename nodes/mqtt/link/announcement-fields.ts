import { boolean, choice, number, rows, text } from '../../../src/spec/field.ts';
import { topicField } from '../../adapter/side-fields.ts';
import { qosOptions } from '../quality.ts';

/** The three messages of a connection itself; the names are those of the core node's, with what MQTT 5 adds beside. */
type Which = 'Birth' | 'Close' | 'Will';

const WHEN: Readonly<Record<Which, string>> = {
  Birth: 'published at each connect',
  Close: 'published before we leave',
  Will: 'published by the broker when we are lost',
};

const topicOf = (which: Which) =>
  text({
    label: `${which} topic`,
    hint: `Of the message that is ${WHEN[which]}. Empty: there is none.`,
    problem: (value) => topicField.problem(value),
  });
const payloadOf = (which: Which) => text({ label: `${which} payload`, hint: 'Its text.', multiline: true });
const qosOf = (which: Which) =>
  choice({ label: `${which} QoS`, hint: 'How the broker takes it over.', default: '0', options: qosOptions });
const retainOf = (which: Which) =>
  boolean({ label: `${which} retained`, hint: 'The broker keeps it for those who subscribe later.', default: false });
const contentTypeOf = (which: Which) =>
  text({ label: `${which} content type`, hint: 'Media type of its payload (MQTT 5).' });
const userPropsOf = (which: Which) =>
  rows({
    label: `${which} user properties`,
    hint: 'Sent with it (MQTT 5).',
    columns: { name: { label: 'Name' }, value: { label: 'Value' } },
  });
const responseTopicOf = (which: Which) =>
  text({
    label: `${which} response topic`,
    hint: 'Where answers to it go (MQTT 5).',
    problem: (value) => topicField.problem(value),
  });
const correlationDataOf = (which: Which) =>
  text({ label: `${which} correlation data`, hint: 'What an answer to it has to repeat (MQTT 5).' });
const expiryOf = (which: Which) =>
  number({
    label: `${which} expiry`,
    hint: 'After this the broker gives it to nobody any more (MQTT 5). 0: never.',
    default: 0,
    min: 0,
    max: 4_294_967_295,
    unit: 's',
  });

export const announcementFields = {
  birthTopic: topicOf('Birth'),
  birthPayload: payloadOf('Birth'),
  birthQos: qosOf('Birth'),
  birthRetain: retainOf('Birth'),
  birthContentType: contentTypeOf('Birth'),
  birthUserProps: userPropsOf('Birth'),
  birthResponseTopic: responseTopicOf('Birth'),
  birthCorrelationData: correlationDataOf('Birth'),
  birthExpiry: expiryOf('Birth'),
  closeTopic: topicOf('Close'),
  closePayload: payloadOf('Close'),
  closeQos: qosOf('Close'),
  closeRetain: retainOf('Close'),
  closeContentType: contentTypeOf('Close'),
  closeUserProps: userPropsOf('Close'),
  closeResponseTopic: responseTopicOf('Close'),
  closeCorrelationData: correlationDataOf('Close'),
  closeExpiry: expiryOf('Close'),
  willTopic: topicOf('Will'),
  willPayload: payloadOf('Will'),
  willQos: qosOf('Will'),
  willRetain: retainOf('Will'),
  willContentType: contentTypeOf('Will'),
  willUserProps: userPropsOf('Will'),
  willResponseTopic: responseTopicOf('Will'),
  willCorrelationData: correlationDataOf('Will'),
  willExpiry: expiryOf('Will'),
  willDelay: number({
    label: 'Will delay',
    hint: 'The broker waits so long for us to come back before it publishes the will (MQTT 5).',
    default: 0,
    min: 0,
    max: 4_294_967_295,
    unit: 's',
  }),
};
