import http from 'node:http';

/**
 * One request exactly as written: no header is added and no path is tidied, which the fetch of Node would both do.
 * @param {string} base address of the server
 * @param {string} target path and query, sent as they stand
 * @param {{ method?: string, headers?: Record<string, string | undefined>, body?: unknown }} [options] a body that is no string is
 *   sent as JSON with its content type
 */
export function send(base, target, { method = 'GET', headers = {}, body } = {}) {
  const isJson = body !== undefined && typeof body !== 'string';
  const text = isJson ? JSON.stringify(body) : body;
  const sent = { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers };
  const { hostname, port } = new URL(base);

  return new Promise((resolve, reject) => {
    const request = http.request({
      hostname,
      port,
      path: target,
      method,
      agent: false,
      headers: {
        ...Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)),
        ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))));
    });
    request.end(text);
  });
}

/** The requests of a suite below `/api/auth`; posts come from the server's own origin unless a header says otherwise. */
export function wireOf(house) {
  const at = (path) => `/api/auth${path}`;

  return {
    get: (path, headers = {}) => send(house.base, at(path), { headers }),
    post: (path, body, headers = {}) =>
      send(house.base, at(path), { method: 'POST', body, headers: { origin: house.base, ...headers } }),
    send: (path, options) => send(house.base, at(path), options),
  };
}

function answerOf(response, text) {
  return {
    status: response.statusCode,
    headers: response.headers,
    cookies: response.headers['set-cookie'] ?? [],
    text,
    json: () => JSON.parse(text),
  };
}
