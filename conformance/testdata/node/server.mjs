// A small implementation of the Pulse API and the Accelerate API, in memory, of the
// core profile: written from the two OpenAPI documents in folder specs, to be judged
// by the conformance suite as somebody else's. It has the models of
// conformance/fixture.prisma, forgets everything when it ends, and deviates from
// the documents on purpose where a comment begins with DEVIATION; known-failing.txt
// lists the cases that find it.
//
//   node server.mjs --pulse-port 0 --accelerate-port 0 --api-key KEY --ready-file FILE
//
//   schema.mjs     the Prisma schema          http.mjs        what both APIs share
//   scalar.mjs     values of its types        accelerate.mjs  queries and invalidation
//   store.mjs      tables and transactions    cache.mjs       cached answers
//   graphql.mjs    reading a query            pulse.mjs       streams and subscriptions
//   query.mjs      running a query            events.mjs      the log of events

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { accelerate } from './accelerate.mjs';
import { Log } from './events.mjs';
import { authorizer, serve, urlOf } from './http.mjs';
import { pulse } from './pulse.mjs';
import { parseSchema } from './schema.mjs';
import { Store } from './store.mjs';

const usage = 'usage: node server.mjs [--pulse-port N] [--accelerate-port N] --api-key KEY [--ready-file FILE]';
const options = readOptions();
const models = parseSchema(readFileSync(new URL('../../fixture.prisma', import.meta.url), 'utf8'));
const log = new Log();
const store = new Store(models, (changes) => log.append(changes));
const authorized = authorizer(options['api-key']);

const pulseServer = await serve(options['pulse-port'], pulse(models, log, authorized), 'P6100');
const accelerateServer = await serve(options['accelerate-port'], accelerate(store, authorized), 'P6000');
const ready = JSON.stringify({ pulse: urlOf(pulseServer), accelerate: urlOf(accelerateServer) });
console.log(ready);
if (options['ready-file']) {
  // Whoever waits for the file never sees half of it.
  writeFileSync(`${options['ready-file']}.part`, ready);
  renameSync(`${options['ready-file']}.part`, options['ready-file']);
}
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, stop);

function readOptions() {
  const string = { type: 'string' };
  const port = { type: 'string', default: '0' };
  try {
    const known = { 'pulse-port': port, 'accelerate-port': port, 'api-key': string, 'ready-file': string };
    const { values } = parseArgs({ options: known });
    if (!values['api-key']) throw new Error('--api-key is missing');
    return values;
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

function stop() {
  for (const server of [pulseServer, accelerateServer]) {
    server.close();
    server.closeAllConnections();
  }
  if (options['ready-file']) rmSync(options['ready-file'], { force: true });
  process.exit(0);
}
