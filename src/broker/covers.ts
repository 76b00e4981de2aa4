/** True when every topic of the second filter is one of the first: what a right to `allowed` is good for. */
export function covers(allowed: string, asked: string): boolean {
  if (asked.startsWith('$') && /^[+#]/.test(allowed)) return false;
  const rights = allowed.split('/');
  const levels = asked.split('/');
  for (let index = 0; ; index += 1) {
    const right = rights[index];
    const level = levels[index];
    if (right === '#') return true; // also for the level above: sport/# is sport, too
    if (right === undefined || level === undefined) return right === level;
    if (level === '#' || (right !== level && right !== '+')) return false;
  }
}
