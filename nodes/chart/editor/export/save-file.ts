import { element } from '../element.ts';

/** Gives the user a file. Characters a file system would not take are left out of the name. */
export function saveFile(name: string, ending: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const safe = name.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim() || 'chart';
  const link = element('a', { href: address, download: `${safe}.${ending}`, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
