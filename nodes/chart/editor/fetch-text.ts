import { refusal } from './refusal.ts';

/** The text at an address, fetched by this machine's runtime; or why not. */
export function fetchText(url: string, signal: AbortSignal): Promise<{ text: string } | { reason: string }> {
  return new Promise((resolve) => {
    const request = $.ajax({
      url: 'chartwire/chart/fetch',
      type: 'POST',
      data: JSON.stringify({ url }),
      contentType: 'application/json',
      success: (answer) => resolve(answer as { text: string }),
      error: ({ status, responseJSON }) => resolve({ reason: refusal(status, responseJSON) }),
    });
    signal.addEventListener('abort', () => request.abort(), { once: true });
  });
}

/** The name of the file at an address, without its ending. */
export function nameIn(url: string): string {
  const file = URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : '';
  try {
    return decodeURIComponent(file).replace(/\.\w+$/, '');
  } catch {
    return file;
  }
}
