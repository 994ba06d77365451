// Starts the planner, or says in plain words why it did not start.
// The theme is set before the first paint, so that a dark page never flashes white.
const asked = new URLSearchParams(location.search).get('theme');
let kept = null;
try { kept = localStorage.getItem('isthmus.theme'); } catch { /* storage may be forbidden: the system decides */ }
const prefers = (what) => matchMedia(`(prefers-${what})`).matches;
const chosen = [asked, kept].find((name) => ['light', 'dark', 'contrast'].includes(name));
document.documentElement.dataset.theme = chosen ?? (prefers('contrast: more') ? 'contrast' : prefers('color-scheme: dark') ? 'dark' : 'light');

for (const button of document.querySelectorAll('[data-reload]')) button.addEventListener('click', () => location.reload());

// The page runs one script of its own beside itself, and no other (trusted types).
globalThis.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (url === './worker.js' ? url : null) });

// The planner stops where something is wrong in it, with what the module's trap tells: the draft is kept, and reloading goes on from it.
const broke = (error) => {
  const crashed = document.getElementById('crashed');
  if (!(error instanceof WebAssembly.RuntimeError) || !crashed.hidden) return;
  crashed.querySelector('pre').textContent = String(error.stack ?? error);
  crashed.hidden = false;
};
addEventListener('error', ({ error }) => broke(error));
addEventListener('unhandledrejection', ({ reason }) => broke(reason));

try {
  const { default: init } = await import('./app.js');
  await init({ module_or_path: './app_bg.wasm' });
  document.getElementById('loading')?.remove();
} catch (error) {
  document.getElementById('loading')?.remove();
  broke(error);
  if (document.getElementById('crashed').hidden) {
    const failed = document.getElementById('failed');
    failed.querySelector('pre').textContent = String(error);
    failed.hidden = false;
  }
}
