// The log of events: what Pulse hands out, in the order of the commits.

import { randomBytes } from 'node:crypto';

import { eventForm, keptForm } from './scalar.mjs';
import { keyOf } from './store.mjs';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

// ulids returns a function that makes ULIDs which grow, whatever the clock does:
// 48 bits of the time, then a random number that goes up.
function ulids() {
  let last = 0n;
  return () => {
    const begin = (BigInt(Date.now()) << 80n) | BigInt(`0x${randomBytes(9).toString('hex')}`);
    last = begin > last ? begin : last + 1n;
    let text = '';
    for (let shift = 125n; shift >= 0n; shift -= 5n) text += alphabet[Number((last >> shift) & 31n)];
    return text;
  };
}

/**
 * Log keeps each event from the first on: this server forgets when it ends. A
 * position in it is the number of events before.
 */
export class Log {
  constructor() {
    this.events = [];
    this.byId = new Map();
    this.readers = new Set();
    this.nextId = ulids();
  }

  /** append makes the events of a transaction, and wakes who reads. */
  append(changes) {
    for (const change of changes) {
      const event = this.eventOf(change);
      this.events.push(event);
      this.byId.set(event.id, event);
    }
    for (const wake of this.readers) wake();
  }

  eventOf({ action, model, row }) {
    const shown = (values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, eventForm(model.fields.get(name), value)]));
    const event = { id: this.nextId(), action, modelName: model.name };
    if (action === 'create') event.created = shown(row);
    if (action === 'update') event.after = shown(row);
    if (action === 'delete') event.deleted = shown(keyOf(model, row));
    return event;
  }
}

/**
 * eventFilter makes a predicate of an EventFilter. It throws an Error that says
 * what of it cannot be judged: beside equality there are no operators here.
 */
export function eventFilter(filter, model) {
  const actions = Object.keys(filter);
  const unknown = actions.find((name) => !['create', 'update', 'delete'].includes(name));
  if (unknown) throw new Error(`filter: ${unknown} is no kind of event; there are create, update and delete`);
  const tests = new Map();
  for (const action of actions) {
    const given = conditionsOf(filter, action);
    const holds = conditions(given, model, `filter.${action}`);
    // DEVIATION: a member without conditions, such as {create: {}}, is taken for one
    // that is not there. It lets its kind of event through, and no other.
    if (Object.keys(given).length > 0) tests.set(action, holds);
  }
  return (event) => event.modelName === model.name && (tests.size === 0 || Boolean(tests.get(event.action)?.(event)));
}

function conditionsOf(filter, action) {
  const given = object(filter[action], `filter.${action}`);
  if (action !== 'update') return given;
  const other = Object.keys(given).find((name) => name !== 'after');
  if (other) throw new Error(`filter.update: ${other} is no member; there is after`);
  return object(given.after ?? {}, 'filter.update.after');
}

function conditions(given, model, place) {
  const wanted = Object.entries(given).map(([name, condition]) => {
    const field = model.fields.get(name);
    if (!field) throw new Error(`${place}: ${model.name} has no field ${name}`);
    return [name, wantedValue(field, condition, `${place}.${name}`)];
  });
  return (event) => {
    const row = event.created ?? event.after ?? event.deleted;
    return wanted.every(([name, value]) => row[name] === value);
  };
}

function wantedValue(field, condition, place) {
  if (field.list || field.type === 'Json') throw new Error(`${place}: only texts, numbers, dates and the like are filtered on`);
  const operators = typeof condition === 'object' && condition !== null ? Object.keys(condition) : undefined;
  if (operators && operators.join() !== 'equals') throw new Error(`${place}: expected a value, or {"equals": value}`);
  // Null finds null, also in a field that is never null: it finds nothing there.
  return keptForm({ ...field, optional: true }, operators ? condition.equals : condition, place);
}

function object(value, place) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${place}: expected an object`);
  return value;
}
