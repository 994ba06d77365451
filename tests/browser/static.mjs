// A web server as any static host is: a folder below a path, with no header but the type.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.txt': 'text/plain' };

/** Serves a folder below a path; `asked` collects what was asked for, `close` ends it with every connection. */
export async function serve(folder, below, port = 0) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const name = path.startsWith(below) ? path.slice(below.length) || 'index.html' : '';
    asked.push(path);
    try {
      const bytes = await readFile(join(folder, name));
      response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  // A script that fails ends all the same.
  server.unref();
  const close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return { address: `http://127.0.0.1:${server.address().port}${below}`, port: server.address().port, asked, close };
}
