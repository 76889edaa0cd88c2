// What both APIs have in common: keys, bodies, answers in JSON, errors.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const mostBody = 1 << 20;
const deepest = 256;

/** Problem is an answer that is an error: a status, and a code for programs. */
export class Problem extends Error {
  constructor(status, code, message, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/**
 * serve starts a server on the loopback interface. handle is called for each
 * request with its path in segments, percent-decoded, and answers, or throws a
 * Problem; what else it throws is a fault of ours, which is answered with fault.
 */
export async function serve(port, handle, fault) {
  const server = createServer((request, response) => {
    Promise.resolve()
      .then(() => handle(request, response, segments(request.url)))
      .catch((error) => refuse(response, error, fault));
  });
  // Longer than clients keep a connection that they do not use: one that is closed
  // while a request is on its way answers nobody.
  server.keepAliveTimeout = 120_000;
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}

export const urlOf = (server) => `http://127.0.0.1:${server.address().port}`;

// A path that cannot be decoded is one that is not there.
function segments(url) {
  try {
    return url.split('?', 1)[0].split('/').slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}

function refuse(response, error, fault) {
  if (!(error instanceof Problem)) console.error(error);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const problem = error instanceof Problem ? error : new Problem(500, fault, 'A fault of the server; its log says more.');
  answer(response, problem.status, { code: problem.code, message: problem.message }, problem.headers);
}

/** answer sends a value as JSON. */
export function answer(response, status, value, headers = {}) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

const digest = (text) => createHash('sha256').update(text).digest();

/** authorizer returns a function that tells whether a request carries the key. */
export function authorizer(key) {
  const wanted = digest(key);
  return (request) => {
    const given = request.headersDistinct.authorization ?? [];
    const found = given.length === 1 && /^Bearer +(\S+)$/i.exec(given[0]);
    return Boolean(found) && timingSafeEqual(digest(found[1]), wanted);
  };
}

/** readObject reads a request's body, which has to be an object of JSON. */
export async function readObject(request, code) {
  const refused = (message) => new Problem(400, code, message);
  const text = await readText(request, code);
  if (depthOf(text) > deepest) throw refused(`The body is more than ${deepest} levels deep.`);
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused(`The body is no JSON: ${error.message}`);
  }
  if (!isObject(value)) throw refused('The body is no JSON object.');
  return value;
}

async function readText(request, code) {
  const bytes = await readBytes(request, code);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400, code, 'The body is not UTF-8.');
  }
}

// What is beyond the limit is read on and dropped, so that the client, which still
// writes, comes to read the answer.
function readBytes(request, code) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
      if (size <= mostBody) chunks.push(chunk);
      else reject(new Problem(413, code, `The body has more than ${mostBody} bytes.`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('close', () => reject(new Problem(400, code, 'The body ended too early.')));
  });
}

// Brackets within strings do not count; those that do not match, JSON.parse finds.
function depthOf(text) {
  let depth = 0;
  let most = 0;
  for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/gs)) {
    if (mark === '{' || mark === '[') most = Math.max(most, ++depth);
    else if (mark === '}' || mark === ']') depth--;
  }
  return most;
}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** allow refuses a method that a path does not have. */
export function allow(request, method, code) {
  if (request.method !== method) throw new Problem(405, code, `This path takes ${method}, not ${request.method}.`, { allow: method });
}
