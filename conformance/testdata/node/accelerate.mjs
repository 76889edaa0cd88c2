// The Accelerate API: queries, the cache in front of them, and invalidation.

import { createHmac, randomUUID } from 'node:crypto';

import { Cache } from './cache.mjs';
import { parseQuery } from './graphql.mjs';
import { Problem, allow, answer, isObject, readObject } from './http.mjs';
import { Engine } from './query.mjs';
import { Refused } from './scalar.mjs';

const region = 'memory';
const fault = 'P6000';
const unauthorized = 'P6002';
const invalid = 'P6005';
const tagPattern = /^[a-zA-Z0-9_]{1,64}$/;

/** accelerate returns the API's handler of requests. */
export function accelerate(store, authorized) {
  const engine = new Engine(store);
  const cache = new Cache();
  const secret = randomUUID();
  const routes = {
    '/health': ['GET', (request, response) => {
      answer(response, 200, { status: 'healthy', region, timestamp: new Date().toISOString() });
    }],
    '/invalidate': ['POST', async (request, response) => {
      const { tags } = await readObject(request, invalid);
      // DEVIATION: more than five tags are taken. The document has at most five.
      checkTags(tags, 'tags', 1, Infinity);
      cache.invalidate(tags);
      answer(response, 200, { success: true, invalidatedTags: [...new Set(tags)] });
    }],
    '/invalidate-all': ['POST', (request, response) => {
      cache.clear();
      answer(response, 200, { success: true, invalidatedTags: [] });
    }],
    '/*/*/graphql': ['POST', async (request, response) => {
      const body = await readObject(request, invalid);
      checkQuery(body);
      executeQuery(engine, cache, secret, body, response);
    }],
  };
  return async (request, response, path) => {
    const route = pattern(path);
    if (route !== '/health' && !authorized(request)) throw new Problem(401, unauthorized, 'The API key is missing or not known.');
    if (!Object.hasOwn(routes, route)) throw new Problem(404, invalid, 'There is no such path.');
    const [method, handle] = routes[route];
    allow(request, method, invalid);
    await handle(request, response);
  };
}

// pattern is a path with stars in place of the version and the hash in it.
function pattern(path) {
  const [version, hash, last] = path;
  return path.length === 3 && version && hash ? `/*/*/${last}` : `/${path.join('/')}`;
}

// Who asks for a result that cannot be had gets 200 and errors: the request was
// understood, the query not.
function executeQuery(engine, cache, secret, { query: text, variables, extensions }, response) {
  let status = 'none';
  let result;
  try {
    const query = parseQuery(text, variables ?? {});
    const fetch = () => fresh(secret, query, { data: engine.run(query) });
    const strategy = extensions?.cacheStrategy ?? {};
    if (query.mutation || (strategy.ttl === undefined && strategy.swr === undefined)) result = fetch();
    else ({ status, answer: result } = cache.get(JSON.stringify(query), strategy, fetch));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const meta = { ...error.meta, prismaCode: error.code };
    result = fresh(secret, text, { errors: [{ code: fault, message: error.message, meta }] });
  }
  answerQuery(response, result, status);
}

// fresh is a result as it is kept: with the moment it was read at, and signed.
//
// DEVIATION: the id of the request is kept with it, so that all who are answered by
// the cache are told the id of the request that filled it. Each has an id of its own.
function fresh(secret, query, content) {
  const signature = createHmac('sha256', secret).update(JSON.stringify([query, content])).digest('hex');
  return { content, signature, lastModified: new Date().toISOString(), requestId: randomUUID() };
}

function answerQuery(response, { content, signature, lastModified, requestId }, cacheStatus) {
  const accelerateInfo = { cacheStatus, lastModified, region, requestId, signature };
  answer(response, 200, { ...content, extensions: { accelerateInfo } }, {
    'x-accelerate-cache-status': cacheStatus,
    'x-accelerate-last-modified': lastModified,
    'x-accelerate-region': region,
    'x-accelerate-request-id': requestId,
    'x-accelerate-signature': signature,
  });
}

function checkQuery({ query, variables = {}, extensions = {} }) {
  if (typeof query !== 'string') throw new Problem(400, invalid, 'query: expected the text of a query.');
  if (!isObject(variables)) throw new Problem(400, invalid, 'variables: expected an object.');
  if (!isObject(extensions)) throw new Problem(400, invalid, 'extensions: expected an object.');
  const { cacheStrategy = {} } = extensions;
  if (!isObject(cacheStrategy)) throw new Problem(400, invalid, 'extensions.cacheStrategy: expected an object.');
  for (const name of ['ttl', 'swr']) {
    const seconds = cacheStrategy[name] ?? (name in cacheStrategy ? null : 1);
    if (!Number.isInteger(seconds) || seconds < 1) {
      throw new Problem(400, invalid, `extensions.cacheStrategy.${name}: expected a whole number of seconds, 1 or more.`);
    }
  }
  const { tags = [] } = cacheStrategy;
  checkTags(tags, 'extensions.cacheStrategy.tags', 0, 5);
}

function checkTags(tags, place, least, most) {
  const count = Array.isArray(tags) ? tags.length : -1;
  if (count < least || count > most) throw new Problem(400, invalid, `${place}: expected a list of ${least} to ${most} tags.`);
  if (!tags.every((tag) => typeof tag === 'string' && tagPattern.test(tag))) {
    throw new Problem(400, invalid, `${place}: a tag has 1 to 64 letters, digits and underscores.`);
  }
}
