/** RFC 9110, 5.6.2 and 5.5: what else is in a field could end it, and begin another answer. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Throws TypeError for a name or a value that no field of a head or of trailers can have. */
export function checkField(name: string, value: string): void {
  if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError(`the header ${name} holds what a header cannot hold`);
}
