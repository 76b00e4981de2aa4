type Attributes = Readonly<Record<string, string | boolean>>;
type Child = Node | string;

/** Makes an element. Children that are strings become text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') made.setAttribute(name, value);
    else made.toggleAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** One of the editor's own icons, hidden from screen readers. */
export const icon = (name: string): HTMLElement => element('i', { class: `fa fa-${name}`, 'aria-hidden': 'true' });
