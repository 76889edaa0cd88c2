// The tables, in memory. One write is one transaction: it happens as a whole, and
// its changes are told in the order in which they were made, or it happens not at
// all. JavaScript runs one of them at a time, so nobody sees half of one.

import { Refused } from './scalar.mjs';
import { primaryKey } from './schema.mjs';

export class Store {
  /** committed is told the changes of each transaction: {action, model, row, before}. */
  constructor(models, committed) {
    this.models = models;
    this.committed = committed;
    this.tables = new Map([...models.keys()].map((name) => [name, { rows: new Set(), lastId: 0 }]));
  }

  /** transaction runs write with a Transaction, and undoes what it did when it throws. */
  transaction(write) {
    const transaction = new Transaction(this);
    try {
      const result = write(transaction);
      if (transaction.changes.length > 0) this.committed(transaction.changes);
      return result;
    } catch (error) {
      transaction.undo();
      throw error;
    }
  }

  /** rows lists a model's rows that match, in the order in which they were created. */
  rows(model, matches = () => true) {
    return [...this.tables.get(model.name).rows].filter(matches);
  }
}

class Transaction {
  constructor(store) {
    this.store = store;
    this.changes = [];
    this.undoing = [];
  }

  undo() {
    for (const step of this.undoing.reverse()) step();
  }

  /** create writes a row of the given values and what the schema has for the others. */
  create(model, values) {
    const table = this.store.tables.get(model.name);
    const row = {};
    for (const field of model.fields.values()) {
      row[field.name] = Object.hasOwn(values, field.name) ? values[field.name] : initial(field, table);
    }
    this.checkKeys(model, row);
    this.checkReferences(model, row);
    table.rows.add(row);
    this.undoing.push(() => table.rows.delete(row));
    this.tell('create', model, row);
    return row;
  }

  /** update sets the given values of a row. A row stays the same object for as long as it is there. */
  update(model, row, values) {
    const before = { ...row };
    const after = { ...row, ...values };
    this.checkKeys(model, after, row);
    this.checkReferences(model, after);
    Object.assign(row, values);
    this.undoing.push(() => Object.assign(row, before));
    this.tell('update', model, row, before);
    this.followReferences(model, before, (other, reference, referring) => {
      if (reference.references.some((name) => before[name] !== row[name])) {
        this.update(other, referring, fromKey(reference, row));
      }
    });
    return row;
  }

  /** delete removes a row, and what refers to it, as the schema says. */
  delete(model, row) {
    const { rows } = this.store.tables.get(model.name);
    const all = [...rows];
    rows.delete(row);
    this.undoing.push(() => {
      rows.clear();
      for (const earlier of all) rows.add(earlier);
    });
    this.tell('delete', model, row);
    this.followReferences(model, row, (other, reference, referring) => {
      if (reference.onDelete !== 'Cascade') throw new Refused('P2003', `${other.name} still refers to ${model.name}`);
      this.delete(other, referring);
    });
    return row;
  }

  // A change holds copies: rows go on to change.
  tell(action, model, row, before) {
    this.changes.push({ action, model, row: { ...row }, before });
  }

  // As in SQL a key with a null in it equals no other.
  checkKeys(model, row, itself) {
    for (const fields of model.keys.values()) {
      const taken = (other) => other !== itself && fields.every((name) => row[name] !== null && other[name] === row[name]);
      if (this.store.rows(model, taken).length > 0) {
        throw new Refused('P2002', `Unique constraint failed on the fields: (${fields.join(', ')})`, { target: fields });
      }
    }
  }

  checkReferences(model, row) {
    for (const { fields, model: target, references } of model.references) {
      if (fields.some((name) => row[name] === null)) continue;
      const there = (other) => fields.every((name, index) => other[references[index]] === row[name]);
      if (this.store.rows(this.store.models.get(target), there).length === 0) {
        throw new Refused('P2003', `Foreign key constraint failed: there is no such ${target}`, { field_name: fields[0] });
      }
    }
  }

  // followReferences calls visit for each row that refers to one.
  followReferences(model, row, visit) {
    for (const other of this.store.models.values()) {
      for (const reference of other.references.filter(({ model: target }) => target === model.name)) {
        const refers = (candidate) =>
          reference.fields.every((name, index) => candidate[name] !== null && candidate[name] === row[reference.references[index]]);
        for (const referring of this.store.rows(other, refers)) visit(other, reference, referring);
      }
    }
  }
}

function fromKey({ fields, references }, row) {
  return Object.fromEntries(fields.map((name, index) => [name, row[references[index]]]));
}

function initial(field, table) {
  if (field.default === 'autoincrement()') return ++table.lastId;
  if (field.default === 'now()') return new Date().toISOString();
  if (field.default !== undefined) return field.type === 'Enum' ? field.default : JSON.parse(field.default);
  return field.list ? [] : null;
}

/** keyOf returns a row's primary key, by name. */
export const keyOf = (model, row) => Object.fromEntries(primaryKey(model).map((name) => [name, row[name]]));
