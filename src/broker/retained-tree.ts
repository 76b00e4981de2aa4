import { Few } from './few.ts';
import { Message } from './message.ts';

type Child = Branch | Message;

/** A level with something below it; a level without is the message itself, which saves a million branches. */
interface Branch {
  readonly children: Few<Child>;
  message: Message | undefined;
}

/** Branches that are remembered. */
const MOST_PARENTS = 16_384;

/** Retained messages by the levels of their topics, within limits (MQTT 5, 3.3.1.3). */
export class RetainedTree {
  count = 0;
  bytes = 0;
  readonly #root: Branch = branch(undefined);
  /** Branches by their levels, for many topics beside each other. */
  readonly #parents = new Map<string, Branch>();

  get(topic: string): Message | undefined {
    let here: Child | undefined = this.#root;
    for (const level of topic.split('/')) {
      if (here === undefined || !isBranch(here)) return undefined;
      here = here.children.get(level);
    }
    return here === undefined ? undefined : isBranch(here) ? here.message : here;
  }

  set(message: Message): void {
    const { topic } = message;
    const cut = topic.lastIndexOf('/');
    const { children } = cut < 0 ? this.#root : this.#parentOf(topic.slice(0, cut));
    const last = topic.slice(cut + 1);
    const old = children.get(last);
    let before: Message | undefined;
    if (old !== undefined && isBranch(old)) {
      before = old.message;
      old.message = message;
    } else {
      before = old;
      children.set(last, message);
    }
    this.count += before === undefined ? 1 : 0;
    this.bytes += message.bytes - (before?.bytes ?? 0);
  }

  delete(topic: string): boolean {
    const levels = topic.split('/');
    const path: Branch[] = [];
    let here = this.#root;
    for (let depth = 0; depth < levels.length - 1; depth += 1) {
      path.push(here);
      const next = here.children.get(levels[depth]!);
      if (next === undefined || !isBranch(next)) return false;
      here = next;
    }
    path.push(here);
    const last = levels[levels.length - 1]!;
    const end = here.children.get(last);
    const old = end !== undefined && isBranch(end) ? end.message : end;
    if (end === undefined || old === undefined) return false;
    if (isBranch(end)) end.message = undefined;
    else here.children.delete(last);
    this.count -= 1;
    this.bytes -= old.bytes;
    this.#prune(path, levels);
    return true;
  }

  /** Every retained message of a filter. Changes meanwhile may or may not be seen. */
  *match(filter: string): Generator<Message> {
    yield* walk(this.#root, filter.split('/'), 0);
  }

  *all(): Generator<Message> {
    yield* below(this.#root);
  }

  /** The branch of all levels but the last; made when there is none. */
  #parentOf(prefix: string): Branch {
    const known = this.#parents.get(prefix);
    if (known !== undefined) return known;
    let here = this.#root;
    for (const level of prefix.split('/')) {
      const next = here.children.get(level);
      if (next !== undefined && isBranch(next)) here = next;
      else {
        const made: Branch = branch(next);
        here.children.set(level, made);
        here = made;
      }
    }
    if (this.#parents.size >= MOST_PARENTS) this.#parents.clear();
    this.#parents.set(prefix, here);
    return here;
  }

  #prune(path: readonly Branch[], levels: readonly string[]): void {
    for (let depth = path.length - 1; depth > 0; depth -= 1) {
      const { children, message } = path[depth]!;
      if (children.size > 0) return;
      this.#parents.clear();
      const above = path[depth - 1]!.children;
      if (message === undefined) above.delete(levels[depth - 1]!);
      else above.set(levels[depth - 1]!, message);
    }
  }
}

function* walk(here: Child, levels: readonly string[], depth: number): Generator<Message> {
  if (depth === levels.length) {
    const message = isBranch(here) ? here.message : here;
    if (message !== undefined) yield message;
    return;
  }
  const level = levels[depth]!;
  if (level === '#') {
    // sport/# is also sport; and a wildcard in the first place is nothing that starts with $ (MQTT 5, 4.7)
    yield* depth === 0 && isBranch(here) ? visible(here, (child) => below(child)) : below(here);
    return;
  }
  if (!isBranch(here)) return;
  if (level === '+') {
    if (depth === 0) yield* visible(here, (child) => walk(child, levels, 1));
    else for (const [, child] of here.children.entries()) yield* walk(child, levels, depth + 1);
    return;
  }
  const next = here.children.get(level);
  if (next !== undefined) yield* walk(next, levels, depth + 1);
}

function* visible(root: Branch, each: (child: Child) => Generator<Message>): Generator<Message> {
  for (const [level, child] of root.children.entries()) if (!level.startsWith('$')) yield* each(child);
}

function* below(here: Child): Generator<Message> {
  if (!isBranch(here)) {
    yield here;
    return;
  }
  if (here.message !== undefined) yield here.message;
  for (const [, child] of here.children.entries()) yield* below(child);
}

function isBranch(child: Child): child is Branch {
  return !(child instanceof Message);
}

function branch(child: Message | Branch | undefined): Branch {
  return { children: new Few(), message: child === undefined || isBranch(child) ? undefined : child };
}
