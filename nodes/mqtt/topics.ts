/** Editor plugins that propose topics; the type is that of the core nodes, so that those plugins serve ours too. */
export const TOPICS = 'node-red-mqtt-topic-autocomplete-source';
