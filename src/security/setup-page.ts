import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
input, button { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: 0 .75rem; font: inherit }
button { margin-top: 1.5rem }
#answer { min-height: 3rem }
`;

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
  answer.textContent = 'Setting the password…';
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
