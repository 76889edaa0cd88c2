// The Pulse API: named streams, subscriptions, single events.

import { eventFilter } from './events.mjs';
import { Problem, allow, answer, isObject, readObject } from './http.mjs';

const unauthorized = 'P6102';
const invalid = 'InvalidRequest';
const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

// An event counts as acknowledged when its consumer is still there so long after
// it was written: server-sent events have no way back.
const grace = 1000;
const heartbeat = 15_000;

/** pulse returns the API's handler of requests. */
export function pulse(models, log, authorized) {
  const streams = new Streams(log);
  const routes = {
    '/health': { GET: health },
    '/streams': {
      GET: (request, response) => answer(response, 200, { data: streams.list() }),
      POST: async (request, response) => {
        const body = await readObject(request, invalid);
        answer(response, 201, streams.create(body.name, wanted(body, models)).info());
      },
    },
    '/streams/*': {
      DELETE: (request, response, [, name]) => {
        streams.delete(name);
        response.writeHead(204).end();
      },
    },
    '/streams/*/events': { GET: (request, response, [, name]) => streams.find(name).consume(response) },
    '/subscribe': {
      POST: async (request, response) => {
        const { accepts } = wanted(await readObject(request, invalid), models);
        new Delivery(log, response, log.events.length, accepts);
      },
    },
    '/events/*': {
      GET: (request, response, [, id]) => {
        // DEVIATION: what is no ULID is refused by its form. It has to be 404, for the
        // operation has no 400.
        if (!ulid.test(id)) throw new Problem(400, invalid, 'eventId: expected a ULID.');
        const event = log.byId.get(id);
        if (!event) throw new Problem(404, 'EventNotFound', 'There is no event of this id.');
        answer(response, 200, event);
      },
    },
  };
  return async (request, response, path) => {
    const route = pattern(path);
    if (route !== '/health' && !authorized(request)) throw new Problem(401, unauthorized, 'The API key is missing or not known.');
    if (!Object.hasOwn(routes, route)) throw new Problem(404, 'RouteNotFound', 'There is no such path.');
    const methods = routes[route];
    if (!Object.hasOwn(methods, request.method)) allow(request, Object.keys(methods).join(', '), 'MethodNotAllowed');
    await methods[request.method](request, response, path);
  };
}

// pattern is a path with a star in place of the name or id in it.
function pattern(path) {
  const [first, second, ...rest] = path;
  const named = (first === 'streams' || first === 'events') && second;
  return `/${(named ? [first, '*', ...rest] : path).join('/')}`;
}

function health(request, response) {
  answer(response, 200, { status: 'healthy', replicationStatus: 'connected', timestamp: new Date().toISOString() });
}

// wanted judges which events a body asks for.
function wanted({ model: name, filter = {} }, models) {
  const refused = (message) => new Problem(400, invalid, message);
  if (typeof name !== 'string') throw refused('model: expected the name of a model.');
  const model = models.get(name);
  if (!model) throw refused(`model: there is no ${name}.`);
  if (!isObject(filter)) throw refused('filter: expected an object.');
  try {
    return { model: name, accepts: eventFilter(filter, model) };
  } catch (error) {
    throw refused(error.message);
  }
}

// Streams are all named streams.
class Streams {
  constructor(log) {
    this.log = log;
    this.byName = new Map();
  }

  // The newest comes first.
  list() {
    return [...this.byName.values()].map((stream) => stream.info()).reverse();
  }

  create(name, { model, accepts }) {
    if (typeof name !== 'string' || !/^.{1,255}$/su.test(name) || ['.', '..', '/'].includes(name)) {
      throw new Problem(400, invalid, 'name: expected 1 to 255 characters, which a path can carry.');
    }
    // DEVIATION: who creates a stream again, of the same model, is given the one that
    // is there. It is a conflict, also then.
    if (this.byName.get(name)?.model === model) return this.byName.get(name);
    if (this.byName.has(name)) throw new Problem(409, 'StreamExists', 'There is a stream of this name.');
    const stream = new Stream(name, model, accepts, this.log);
    this.byName.set(name, stream);
    return stream;
  }

  find(name) {
    const stream = this.byName.get(name);
    if (!stream) throw new Problem(404, 'StreamNotFound', 'There is no stream of this name.');
    return stream;
  }

  delete(name) {
    this.find(name).delivery?.end();
    this.byName.delete(name);
  }
}

// Stream is a named stream. It delivers from where it was created, or acknowledged.
class Stream {
  constructor(name, model, accepts, log) {
    Object.assign(this, { name, model, accepts, log });
    this.createdAt = new Date().toISOString();
    this.position = log.events.length;
    this.cursor = undefined;
  }

  // A cursor that is undefined is left out of JSON.
  info() {
    const { name, model, cursor, createdAt } = this;
    return { name, model, status: 'active', cursor, createdAt };
  }

  // The newest consumer has the stream.
  consume(response) {
    this.delivery?.end();
    this.delivery = new Delivery(this.log, response, this.position, this.accepts, (position, id) => {
      if (position <= this.position) return;
      this.position = position;
      this.cursor = id;
    });
  }
}

// Delivery writes events to a connection, from a position of the log on, until it
// is ended. acknowledged is called with how far it came, and which event that was.
class Delivery {
  constructor(log, response, position, accepts, acknowledged) {
    Object.assign(this, { log, response, position, accepts, acknowledged });
    this.timers = new Set();
    this.wake = () => this.pump();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n: live\n\n');
    response.on('close', () => this.end());
    response.on('drain', this.wake);
    this.heart = setInterval(() => response.write(': alive\n\n'), heartbeat);
    log.readers.add(this.wake);
    this.pump();
  }

  // pump writes what there is, unless the client does not take it fast enough.
  pump() {
    while (this.position < this.log.events.length && !this.response.writableNeedDrain) {
      const event = this.log.events[this.position++];
      if (!this.accepts(event)) continue;
      const written = this.acknowledged && this.later.bind(this, this.position, event.id);
      this.response.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`, written);
    }
  }

  // later acknowledges what was written, if the connection is still there then.
  later(position, id, error) {
    if (error || this.response.writableEnded) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.acknowledged(position, id);
    }, grace);
    this.timers.add(timer);
  }

  end() {
    this.log.readers.delete(this.wake);
    clearInterval(this.heart);
    for (const timer of this.timers) clearTimeout(timer);
    this.response.off('drain', this.wake);
    this.response.end();
  }
}
