// Not `Buffer`: the editor checks filters too.
const utf8 = new TextEncoder();
/** Longest topic filter in bytes of UTF-8 (MQTT 5, 1.5.4). */
const MAX_FILTER_BYTES = 65_535;

/** Why nobody can subscribe to this topic filter (MQTT 5, 4.7.1 and 4.8.2): a broker ends the connection of who asks for it. */
export function topicFilterProblem(filter: string): string | undefined {
  if (filter === '') return 'the topic filter is empty';
  if (filter.includes('\0')) return 'the topic filter holds a NUL character';
  if (!filter.isWellFormed()) return 'the topic filter holds half a surrogate pair';
  if (utf8.encode(filter).length > MAX_FILTER_BYTES) return `the topic filter exceeds ${MAX_FILTER_BYTES} bytes`;
  const levels = filter.split('/');
  const [first, group = '', ...shared] = levels;
  if (first === '$share' && levels.length > 1) {
    if (group === '' || /[+#]/.test(group)) return `in ${filter} the shared subscription has no name`;
    if (shared.join('/') === '') return `in ${filter} no topic filter follows the name of the shared subscription`;
  }
  for (const [index, level] of levels.entries()) {
    if (level.length > 1 && /[+#]/.test(level)) return `in ${filter} a wildcard shares a level with other characters`;
    if (level === '#' && index < levels.length - 1) return `in ${filter} the # is not the last level`;
  }
  return undefined;
}

/** True when the topic is one of the filter's. Wildcards at the start never match `$` topics (MQTT 5, 4.7.2). */
export function matches(filter: string, topic: string): boolean {
  return overlaps(filter, topic);
}

/** True when some topic could match both filters. Exact in both directions, so an ACL can refuse with it. */
export function overlaps(one: string, other: string): boolean {
  if ((one.startsWith('$') && startsWild(other)) || (other.startsWith('$') && startsWild(one))) return false;
  const left = one.split('/');
  const right = other.split('/');
  for (let index = 0; ; index += 1) {
    const a = left[index];
    const b = right[index];
    if (a === '#' || b === '#') return true; // also at the end of the other: sport/# matches sport
    if (a === undefined || b === undefined) return a === b;
    if (a !== b && a !== '+' && b !== '+') return false;
  }
}

function startsWild(filter: string): boolean {
  return filter.startsWith('+') || filter.startsWith('#');
}
