/** Longest topic in bytes of UTF-8 (MQTT 5, 1.5.4). */
const MAX_TOPIC_BYTES = 65_535;

/** Why no endpoint can publish to this topic (MQTT 5, 4.7: at least one character, no wildcards, no NUL). */
export function topicProblem(topic: string): string | undefined {
  if (topic === '') return 'the topic is empty';
  if (/[+#]/.test(topic)) return `the topic ${topic} holds a wildcard`;
  if (topic.includes('\0')) return 'the topic holds a NUL character';
  if (!topic.isWellFormed()) return 'the topic holds half a surrogate pair';
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES) return `the topic exceeds ${MAX_TOPIC_BYTES} bytes`;
  return undefined;
}
