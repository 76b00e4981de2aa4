import type { SharedGroup, Subscription } from './subscription.ts';

interface Branch {
  children: Map<string, Branch> | undefined;
  /** Subscriptions whose filter ends here. */
  ends: Subscription[] | undefined;
  groups: Map<string, SharedGroup> | undefined;
}

export interface Matched {
  readonly subscriptions: Subscription[];
  readonly groups: SharedGroup[];
}

/** All subscriptions by the levels of their filters: what a topic costs depends on its depth, not on how many there are. */
export class SubscriptionTree {
  /** Grows with every change: what was found under an older version is out of date. */
  version = 0;
  count = 0;
  readonly #root = branch();

  add(subscription: Subscription): void {
    let here = this.#root;
    for (const level of subscription.filter.split('/')) {
      const children = (here.children ??= new Map<string, Branch>());
      let next = children.get(level);
      if (next === undefined) children.set(level, (next = branch()));
      here = next;
    }
    if (subscription.group === undefined) (here.ends ??= []).push(subscription);
    else {
      const groups = (here.groups ??= new Map<string, SharedGroup>());
      const group = groups.get(subscription.group);
      if (group === undefined) groups.set(subscription.group, { members: [subscription], next: 0 });
      else group.members.push(subscription);
    }
    this.version += 1;
    this.count += 1;
  }

  remove(subscription: Subscription): void {
    const path: [Branch, string][] = [];
    let here = this.#root;
    for (const level of subscription.filter.split('/')) {
      const next = here.children?.get(level);
      if (next === undefined) return;
      path.push([here, level]);
      here = next;
    }
    if (subscription.group === undefined) {
      if (!take(here.ends, subscription)) return;
      if (here.ends?.length === 0) here.ends = undefined;
    } else {
      const group = here.groups?.get(subscription.group);
      if (!take(group?.members, subscription)) return;
      if (group?.members.length === 0) here.groups?.delete(subscription.group);
      if (here.groups?.size === 0) here.groups = undefined;
    }
    this.version += 1;
    this.count -= 1;
    for (const [parent, level] of path.reverse()) {
      const child = parent.children?.get(level);
      if (child === undefined || child.ends !== undefined || child.groups !== undefined) return;
      if (child.children !== undefined && child.children.size > 0) return;
      parent.children?.delete(level);
    }
  }

  /** Every subscription whose filter matches; one of several filters of a client once for each. */
  match(topic: string): Matched {
    const found: Matched = { subscriptions: [], groups: [] };
    // Wildcards in the first place never match $ topics (MQTT 5, 4.7.2-1).
    walk(this.#root, topic.split('/'), 0, !topic.startsWith('$'), found);
    return found;
  }
}

function walk(here: Branch, levels: readonly string[], depth: number, wild: boolean, found: Matched): void {
  const { children } = here;
  if (depth === levels.length) {
    collect(here, found);
    // sport/# matches sport, too (MQTT 5, 4.7.1.2)
    const rest = wild ? children?.get('#') : undefined;
    if (rest !== undefined) collect(rest, found);
    return;
  }
  if (children === undefined) return;
  const exact = children.get(levels[depth]!);
  if (exact !== undefined) walk(exact, levels, depth + 1, true, found);
  if (!wild) return;
  const any = children.get('+');
  if (any !== undefined) walk(any, levels, depth + 1, true, found);
  const rest = children.get('#');
  if (rest !== undefined) collect(rest, found);
}

function collect({ ends, groups }: Branch, found: Matched): void {
  if (ends !== undefined) for (const subscription of ends) found.subscriptions.push(subscription);
  if (groups !== undefined) for (const group of groups.values()) found.groups.push(group);
}

function branch(): Branch {
  return { children: undefined, ends: undefined, groups: undefined };
}

function take(from: Subscription[] | undefined, subscription: Subscription): boolean {
  const index = from?.indexOf(subscription) ?? -1;
  if (from === undefined || index < 0) return false;
  from.splice(index, 1);
  return true;
}
