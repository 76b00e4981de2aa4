/** What stands between the commas. */
export function listed(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}
