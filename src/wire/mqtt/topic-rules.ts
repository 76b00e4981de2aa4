/** Why a text is no topic name to publish to (MQTT 5.0 section 4.7); undefined when it is one. */
export function topicNameProblem(topic: string): string | undefined {
  if (topic.includes('+') || topic.includes('#')) return 'the topic name has a wildcard';
  return topicTextProblem(topic);
}

/** Why a text is no topic filter, shared ones included (MQTT 5.0 sections 4.7 and 4.8.2); undefined when it is one. */
export function topicFilterProblem(filter: string): string | undefined {
  const text = topicTextProblem(filter);
  if (text !== undefined) return text;
  if (!filter.startsWith('$share/')) return wildcardProblem(filter);
  const shared = sharedFilter(filter);
  if (shared === undefined) return 'the shared subscription has no topic filter';
  if (shared.group === '') return 'the shared subscription has no name';
  if (/[+#]/.test(shared.group)) return 'the name of the shared subscription has a wildcard';
  if (shared.topicFilter === '') return 'the shared subscription has no topic filter';
  return wildcardProblem(shared.topicFilter);
}

/** The parts of `$share/<group>/<filter>`; undefined for a filter that is not shared. */
export function sharedFilter(filter: string): { group: string; topicFilter: string } | undefined {
  if (!filter.startsWith('$share/')) return undefined;
  const slash = filter.indexOf('/', '$share/'.length);
  if (slash === -1) return undefined;
  return { group: filter.slice('$share/'.length, slash), topicFilter: filter.slice(slash + 1) };
}

function topicTextProblem(topic: string): string | undefined {
  if (topic === '') return 'the topic is empty';
  if (topic.includes('\0')) return 'the topic has a NUL character';
  if (!topic.isWellFormed()) return 'the topic is not UTF-8';
  if (Buffer.byteLength(topic) > 0xffff) return 'the topic is longer than 65,535 bytes';
  return undefined;
}

function wildcardProblem(filter: string): string | undefined {
  for (let at = filter.indexOf('#'); at !== -1; at = filter.indexOf('#', at + 1)) {
    if (at !== filter.length - 1) return 'the wildcard # does not end the topic filter';
    if (at > 0 && filter[at - 1] !== '/') return 'the wildcard # does not fill its level';
  }
  for (let at = filter.indexOf('+'); at !== -1; at = filter.indexOf('+', at + 1)) {
    const fills = (at === 0 || filter[at - 1] === '/') && (at === filter.length - 1 || filter[at + 1] === '/');
    if (!fills) return 'the wildcard + does not fill its level';
  }
  return undefined;
}
