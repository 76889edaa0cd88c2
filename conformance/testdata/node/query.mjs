// Running a parsed query on the store: the root fields of the core profile.

import { Refused, keptForm } from './scalar.mjs';

/** Engine runs queries on a store. */
export class Engine {
  constructor(store) {
    this.store = store;
  }

  /** run returns the data of a query's answer, or throws a Refused. */
  run(query) {
    const found = /^([a-z]+[A-Z][a-z]+)(\w+)$/.exec(query.root);
    const operation = found && operations[found[1]];
    const model = found && this.store.models.get(found[2]);
    if (!operation || !model) throw new Refused('P2009', `there is no ${query.root} to ask for`);
    if (query.mutation !== operation.mutates) {
      throw new Refused('P2009', `${query.root} belongs into a ${operation.mutates ? 'mutation' : 'query'}`);
    }
    checkMembers(query.arguments, operation.takes, query.root);
    checkSelection(query, operation.counts ? new Map([['count']]) : model.fields);
    const select = (row) => row && Object.fromEntries(query.selection.map((name) => [name, row[name]]));
    const result = operation.run(this.store, model, query.arguments);
    return { [query.root]: Array.isArray(result) ? result.map(select) : select(result) };
  }
}

const operations = {
  findUnique: { takes: ['where'], run: (store, model, { where }) => unique(store, model, where) ?? null },
  findMany: { takes: ['where', 'orderBy', 'take'], run: findMany },
  createOne: write({ takes: ['data'], run: (store, tx, model, { data }) => tx.create(model, created(model, data)) }),
  updateOne: write({
    takes: ['where', 'data'],
    run: (store, tx, model, { where, data }) => tx.update(model, existing(store, model, where), updated(model, data)),
  }),
  deleteOne: write({
    takes: ['where'],
    run: (store, tx, model, { where }) => tx.delete(model, existing(store, model, where)),
  }),
  createMany: writeMany({
    takes: ['data'],
    run: (store, tx, model, { data }) => listOf(data).map((item) => tx.create(model, created(model, item))),
  }),
  updateMany: writeMany({
    takes: ['where', 'data'],
    run: (store, tx, model, { where, data }) => {
      const values = updated(model, data);
      return store.rows(model, filter(model, where)).map((row) => tx.update(model, row, values));
    },
  }),
  deleteMany: writeMany({
    takes: ['where'],
    run: (store, tx, model, { where }) => store.rows(model, filter(model, where)).map((row) => tx.delete(model, row)),
  }),
};
for (const operation of Object.values(operations)) operation.mutates ??= false;

function write({ takes, run }) {
  return { takes, mutates: true, run: (store, model, args) => store.transaction((tx) => ({ ...run(store, tx, model, args) })) };
}

function writeMany({ takes, run }) {
  const counted = (store, model, args) => store.transaction((tx) => ({ count: run(store, tx, model, args).length }));
  return { takes, mutates: true, counts: true, run: counted };
}

const listOf = (value) => (Array.isArray(value) ? value : [value]);

function findMany(store, model, { where, orderBy, take }) {
  const rows = store.rows(model, filter(model, where));
  for (const [name, direction] of orders(model, orderBy).reverse()) {
    rows.sort((a, b) => (direction === 'desc' ? compare(b[name], a[name]) : compare(a[name], b[name])));
  }
  if (take === undefined || take === null) return rows;
  if (!Number.isInteger(take) || take < 0) throw new Refused('P2009', 'take: expected a whole number of 0 or more');
  return rows.slice(0, take);
}

function orders(model, orderBy) {
  return listOf(orderBy ?? []).flatMap((order) => {
    const entries = Object.entries(object(order, 'orderBy'));
    for (const [name, direction] of entries) {
      fieldOf(model, name, 'orderBy');
      if (direction !== 'asc' && direction !== 'desc') throw new Refused('P2009', `orderBy.${name}: expected asc or desc`);
    }
    return entries;
  });
}

// Nulls come last, as in Postgres. Texts compare by their code units, which is no
// human order, but the same each time.
function compare(a, b) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function unique(store, model, where) {
  const entries = Object.entries(object(where, 'where'));
  const fields = entries.length === 1 ? model.keys.get(entries[0][0]) : undefined;
  if (!fields) throw new Refused('P2009', `where: expected exactly one of ${[...model.keys.keys()].join(', ')}`);
  const key = fields.length === 1 ? where : object(entries[0][1], `where.${entries[0][0]}`);
  checkMembers(key, fields, 'where');
  const values = fields.map((name) => keptForm({ ...model.fields.get(name), optional: false }, key[name] ?? null, `where.${name}`));
  return store.rows(model, (row) => fields.every((name, index) => row[name] === values[index]))[0];
}

function existing(store, model, where) {
  const row = unique(store, model, where);
  if (!row) throw new Refused('P2025', 'An operation failed because it depends on a record that was not found.');
  return row;
}

// filter makes a predicate of a where. All conditions have to hold.
function filter(model, where) {
  const conditions = Object.entries(object(where ?? {}, 'where')).map(([name, condition]) => {
    const field = { ...fieldOf(model, name, 'where'), optional: true };
    return fieldFilter(field, plain(condition) ? condition : { equals: condition }, `where.${name}`);
  });
  return (row) => conditions.every((holds) => holds(row));
}

function fieldFilter(field, condition, place) {
  checkMembers(condition, ['equals', 'in', 'startsWith'], place);
  const tests = Object.entries(condition).map(([operator, operand]) => {
    if (operator === 'in') {
      const values = listOf(operand).map((item) => keptForm(field, item, `${place}.in`));
      return (value) => value !== null && values.includes(value);
    }
    const wanted = keptForm(field, operand, `${place}.${operator}`);
    if (operator === 'equals') return (value) => value === wanted;
    if (typeof wanted !== 'string') throw new Refused('P2009', `${place}.startsWith: expected a text`);
    return (value) => value !== null && value.startsWith(wanted);
  });
  return (row) => tests.every((test) => test(row[field.name]));
}

// created judges the data of a new row: what is neither given nor known otherwise is missing.
function created(model, data) {
  const values = valuesOf(model, data);
  for (const field of model.fields.values()) {
    const known = field.optional || field.list || field.default !== undefined;
    if (!known && !Object.hasOwn(values, field.name)) throw new Refused('P2012', `data.${field.name}: missing`);
  }
  return values;
}

// updated judges the data of a change; {set: value} is the long form of a value.
function updated(model, data) {
  const entries = Object.entries(object(data, 'data'));
  return valuesOf(model, Object.fromEntries(entries.map(([name, value]) => [name, plain(value) && 'set' in value ? value.set : value])));
}

function valuesOf(model, data) {
  const entries = Object.entries(object(data, 'data'));
  return Object.fromEntries(entries.map(([name, value]) => [name, keptForm(fieldOf(model, name, 'data'), value, `data.${name}`)]));
}

const plain = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function object(value, place) {
  if (!plain(value)) throw new Refused('P2009', `${place}: expected an object`);
  return value;
}

function fieldOf(model, name, place) {
  const field = model.fields.get(name);
  if (!field) throw new Refused('P2009', `${place}: ${model.name} has no field ${name}`);
  return field;
}

function checkMembers(value, known, place) {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw new Refused('P2009', `${place} has no ${name} here; it has ${known.join(', ')}`);
  }
}

function checkSelection({ selection, root }, fields) {
  if (selection.length === 0) throw new Refused('P2009', `${root}: nothing is selected`);
  const unknown = selection.find((name) => !fields.has(name));
  if (unknown) throw new Refused('P2009', `${root} has no field ${unknown}`);
}
