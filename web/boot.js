// Starts the planner, or says in plain words why it did not start.
// The theme is set before the first paint, so that a dark page never flashes white.
const asked = new URLSearchParams(location.search).get('theme');
let kept = null;
try { kept = localStorage.getItem('isthmus.theme'); } catch { /* storage may be forbidden: the system decides */ }
const prefers = (what) => matchMedia(`(prefers-${what})`).matches;
const chosen = [asked, kept].find((name) => ['light', 'dark', 'contrast'].includes(name));
document.documentElement.dataset.theme = chosen ?? (prefers('contrast: more') ? 'contrast' : prefers('color-scheme: dark') ? 'dark' : 'light');

// Asked for at once, and taken as it comes.
const module = fetch('./app_bg.wasm');

// Reading what was kept may have taken long. What follows is a task of its own.
await new Promise((done) => { setTimeout(done); });

// In one language: to lay out both would take longer than what they wait for.
document.querySelector(`#loading [lang^="${navigator.language.startsWith('zh') ? 'zh' : 'en'}"]`).hidden = false;

for (const button of document.querySelectorAll('[data-reload]')) button.addEventListener('click', () => location.reload());

// The page runs two scripts of its own beside itself, and no other (trusted types).
const ours = ['./worker.js', './sw.js'];
globalThis.trustedTypes?.createPolicy('default', { createScriptURL: (url) => (ours.includes(url) ? url : null) });

// One page at a time writes a draft. The others look on until it goes, or until they take over: then that one looks on.
let letGo = () => {};
globalThis.isthmus = {
  // The picture as dots. It is one of our own making, without scripts and links.
  async paint(svg, dots) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width * dots;
    canvas.height = image.height * dots;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done); });
    return new Uint8Array(await blob.arrayBuffer());
  },
  hold(draft, take, tell) {
    letGo();
    const { locks } = navigator;
    // Where the browser cannot tell pages apart, the last one to write is right.
    if (!locks) return;
    const name = `isthmus.draft.${draft}`;
    const waiting = new AbortController();
    let asking = true;
    let done = () => {};
    letGo = () => { asking = false; waiting.abort(); done(); };
    const held = () => asking && (tell(true), new Promise((resolve) => { done = resolve; }));
    const lost = () => { if (asking) { tell(false); locks.request(name, { signal: waiting.signal }, held).catch(lost); } };
    locks.request(name, take ? { steal: true } : { ifAvailable: true }, (lock) => (lock ? held() : lost())).catch(lost);
  },
};

// The drawing as it was kept last, for who cannot open the planner: below the line for the list, above the layout.
const drawing = () => {
  try {
    const kept = localStorage.getItem(`isthmus.draft.${localStorage.getItem('isthmus.draft')}`);
    return kept && kept.slice(kept.indexOf('\n') + 1).split('\0')[0];
  } catch { return null; }
};
/** Shows one of the page's last words. */
const show = (id, words) => {
  document.getElementById('loading')?.remove();
  const notice = document.getElementById(id);
  notice.querySelector('pre').textContent = words;
  const button = notice.querySelector('[data-drawing]');
  button.hidden = !drawing();
  button.onclick = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([drawing()], { type: 'application/yaml' }));
    link.download = 'topology.yaml';
    link.click();
  };
  notice.hidden = false;
};

// The planner stops where something is wrong in it, with what the module's trap tells: the draft is kept, and reloading goes on from it.
const broke = (error) => {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  // The planner's own words say more than those of the trap, which follows them.
  show('crashed', document.querySelector('#crashed pre').textContent || String(error.stack ?? error));
};
addEventListener('error', ({ error }) => broke(error));
addEventListener('unhandledrejection', ({ reason }) => broke(reason));

try {
  const { default: init } = await import('./app.js');
  await init({ module_or_path: module });
} catch (error) {
  broke(error);
  if (document.getElementById('crashed').hidden) {
    show('failed', String(error));
  }
}

// From now on the planner works without a network, where the address is one that browsers trust.
const keeper = navigator.serviceWorker;
if (keeper) {
  const newer = document.getElementById('newer');
  let kept = keeper.controller;
  let asked = false;
  keeper.addEventListener('controllerchange', () => {
    // Another page may have asked: this one goes on as it is until it is told to reload.
    if (asked) location.reload();
    else if (kept) newer.hidden = false;
    kept = keeper.controller;
  });
  keeper.ready.then(() => { document.documentElement.dataset.offline = 'ready'; });
  // Without it the planner works as well, but for the network.
  const registration = await (kept ? keeper.getRegistration() : keeper.register('./sw.js')).catch(() => null);
  const offer = () => { if (registration.waiting && kept) newer.hidden = false; };
  registration?.addEventListener('updatefound', () => registration.installing.addEventListener('statechange', offer));
  if (registration) offer();
  newer.querySelector('.framed').addEventListener('click', () => { newer.hidden = true; });
  newer.querySelector('.solid').addEventListener('click', () => {
    asked = true;
    if (registration?.waiting) registration.waiting.postMessage('now');
    else location.reload();
  });
}
