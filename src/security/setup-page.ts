import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; accent-color: #0f6b70 }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem }
svg { display: block; width: 3.5rem; height: 3.5rem }
h1 { margin: 1rem 0 .5rem; font-size: 1.4rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
input, button { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: 0 .75rem; font: inherit; border-radius: .375rem }
input { margin-top: .25rem; border: 1px solid light-dark(#767676, #8c8c8c) }
button { margin-top: 1.5rem; border: 0; font-weight: 600; color: #fff; background: #0f6b70; cursor: pointer }
button:hover { background: #0b5458 }
:focus-visible { outline: 2px solid light-dark(#0f6b70, #6fd0d4); outline-offset: 1px }
#answer { min-height: 3rem; color: light-dark(#a3140f, #ff9d97) }
`;

/** The same as resources/mark.svg; the page may load nothing. */
const mark = `<svg viewBox="0 0 64 64" aria-hidden="true"><rect width="64" height="64" rx="14" fill="#0f6b70"/><g fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><path d="M21 20.5 32.5 32 21 43.5 9.5 32z"/><path d="M27 26c3-8 5-9.5 11-9.5M27 38c3 8 5 9.5 11 9.5"/><rect x="38" y="10.5" width="16" height="12" rx="3"/><rect x="38" y="41.5" width="16" height="12" rx="3"/></g></svg>`;

const script = `
const form = document.querySelector('form');
const answer = document.querySelector('#answer');
const given = new URLSearchParams(location.search).get('token') ?? new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
history.replaceState(null, '', location.pathname);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { password, again } = form.elements;
  if (password.value !== again.value) {
    answer.textContent = 'The two passwords differ.';
    again.focus();
    return;
  }
  answer.textContent = '';
  try {
    const response = await fetch('setup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: given, password: password.value }),
    });
    if (response.ok) return location.replace('./');
    answer.textContent = (await response.json()).message;
  } catch {
    answer.textContent = 'Chartwire did not answer; is it still running?';
  }
});
`;

/** The form that sets the first password; the token comes in `?token=` or `#token=` and leaves the address bar at once. */
export const SETUP_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chartwire: choose a password</title>
<style>${style}</style>
<main>
${mark}
<h1>Choose a password</h1>
<p>It protects the editor of this Chartwire. You log in as <strong>admin</strong>.</p>
<form>
<input type="text" name="username" value="admin" autocomplete="username" hidden>
<label for="password">Password, at least 12 characters</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required autofocus>
<label for="again">The same again</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="12" required>
<button type="submit">Set password</button>
<p id="answer" role="status" aria-live="polite"></p>
</form>
</main>
<script>${script}</script>
</html>
`;

/** What every page but the form shows until there is a password. */
export const LOCKED_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chartwire: not set up</title>
<style>${style}</style>
<main>
${mark}
<h1>Not set up yet</h1>
<p>Open the address that Chartwire printed on its console to choose a password.</p>
</main>
</html>
`;

/** Allows exactly the page's own script and style. */
export const SETUP_POLICY = [
  "default-src 'none'",
  `script-src '${hash(script)}'`,
  `style-src '${hash(style)}'`,
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
