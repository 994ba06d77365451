// Keeps the planner for when there is no network: all of one build or nothing of it, so that no two builds ever mix.
// A newer build is fetched beside the one in use, and takes its place when the person says so or when no page shows the old one.

// Every file with its digest, filled in by `cargo xtask build`: whatever else a server sends is not kept.
const FILES = {};
const SCOPE = registration.scope;
const PREFIX = `isthmus ${SCOPE} `;
const BUILD = PREFIX + Object.values(FILES).join('').replaceAll(/sha256-|=/g, '');

addEventListener('install', (event) => {
  const requests = Object.entries(FILES).map(([name, integrity]) => new Request(name, { integrity, cache: 'no-cache' }));
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll(requests)));
});

addEventListener('activate', (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== BUILD);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
})()));

addEventListener('message', ({ data }) => data === 'now' && skipWaiting());

// Goes where something else answers at this address now, as happens with the ports of one's own machine.
const stay = async () => {
  const answer = await fetch('./sw.js', { cache: 'no-store' }).catch(() => null);
  if (answer && !(answer.ok && /javascript/.test(answer.headers.get('content-type')))) await registration.unregister();
};

addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const path = url.split(/[?#]/)[0];
  const name = path.slice(SCOPE.length).replace(/^(index\.html)?$/, './');
  if (method !== 'GET' || !path.startsWith(SCOPE) || !(name in FILES)) return;
  if (mode === 'navigate') event.waitUntil(stay());
  event.respondWith((async () => {
    const kept = await (await caches.open(BUILD)).match(name);
    return kept && !kept.redirected ? kept : fetch(event.request);
  })());
});
