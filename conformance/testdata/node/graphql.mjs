// The part of GraphQL that a query of the core profile is written in: one
// operation with one root field, arguments, and a flat selection. Variables are
// written into their places, so that what comes out is a query without any:
// {mutation, root, arguments, selection}.

import { Refused } from './scalar.mjs';

const token = /[\s,\uFEFF]+|#[^\n\r]*|([A-Za-z_]\w*)|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|("(?:[^"\\\n\r]|\\.)*")|([{}()[\]:!=$])/y;

// More tokens than any query needs, and a depth that no stack overflows at.
const mostTokens = 100_000;
const deepest = 64;

/** parseQuery reads a document and writes the values of its variables into it. */
export function parseQuery(text, variables = {}) {
  return new Parser(tokensOf(text), variables).document();
}

function tokensOf(text) {
  const tokens = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw invalid(`character ${at + 1} of the query begins nothing that GraphQL has`);
    const [, name, number, string, mark] = found;
    if (name ?? number ?? string ?? mark) tokens.push({ name, number, string, mark, at });
    if (tokens.length > mostTokens) throw invalid(`the query has more than ${mostTokens} tokens`);
  }
  return tokens;
}

const invalid = (message) => new Refused('P2009', message);

class Parser {
  constructor(tokens, variables) {
    this.tokens = tokens;
    this.next = 0;
    this.given = variables;
    this.values = new Map();
  }

  document() {
    const operation = this.tokens[0]?.name ? this.take('name') : 'query';
    if (operation !== 'query' && operation !== 'mutation') throw invalid(`expected query or mutation, found ${operation}`);
    if (this.peek('name')) this.take('name');
    if (this.skip('(')) this.variableDefinitions();
    this.expect('{');
    const root = this.take('name');
    const args = this.skip('(') ? this.members(')', 1) : {};
    const selection = this.skip('{') ? this.selection() : [];
    this.expect('}');
    if (this.next < this.tokens.length) throw this.unexpected('the end');
    return { mutation: operation === 'mutation', root, arguments: args, selection };
  }

  // The types of variables are not judged: each value is, where it is used.
  variableDefinitions() {
    do {
      this.expect('$');
      const name = this.take('name');
      this.expect(':');
      const required = this.type(1);
      const initial = this.skip('=') ? this.value(1) : undefined;
      const value = Object.hasOwn(this.given, name) ? this.given[name] : initial;
      if (required && (value ?? null) === null) throw new Refused('P2012', `the variable $${name} has no value`);
      this.values.set(name, value);
    } while (!this.skip(')'));
  }

  type(depth) {
    if (depth > deepest) throw invalid('the type of a variable is too deep');
    if (this.skip('[')) {
      this.type(depth + 1);
      this.expect(']');
    } else this.take('name');
    return this.skip('!');
  }

  selection() {
    const fields = new Set();
    do fields.add(this.take('name'));
    while (!this.skip('}'));
    return [...fields];
  }

  // What has a variable without a value is left out, as if it had not been written.
  members(end, depth) {
    const members = {};
    while (!this.skip(end)) {
      const name = this.take('name');
      if (Object.hasOwn(members, name)) throw invalid(`${name} is given twice`);
      this.expect(':');
      const value = this.value(depth);
      if (value !== undefined) Object.defineProperty(members, name, { value, enumerable: true });
    }
    return members;
  }

  value(depth) {
    if (depth > deepest) throw invalid(`values are more than ${deepest} deep`);
    if (this.skip('{')) return this.members('}', depth + 1);
    if (this.skip('[')) return this.list(depth + 1);
    if (this.skip('$')) return this.variable();
    if (this.peek('number')) return literal(this.take('number'));
    if (this.peek('string')) return this.string();
    const word = this.take('name');
    return constants.has(word) ? constants.get(word) : word;
  }

  list(depth) {
    const items = [];
    while (!this.skip(']')) items.push(this.value(depth) ?? null);
    return items;
  }

  variable() {
    const name = this.take('name');
    if (!this.values.has(name)) throw invalid(`the variable $${name} is not declared`);
    return this.values.get(name);
  }

  string() {
    const text = this.take('string');
    try {
      return JSON.parse(text);
    } catch {
      throw invalid(`${text} has an escape that no string has`);
    }
  }

  peek(kind) {
    return this.tokens[this.next]?.[kind] !== undefined;
  }

  take(kind) {
    if (!this.peek(kind)) throw this.unexpected(`a ${kind}`);
    return this.tokens[this.next++][kind];
  }

  skip(mark) {
    if (this.tokens[this.next]?.mark !== mark) return false;
    this.next++;
    return true;
  }

  expect(mark) {
    if (!this.skip(mark)) throw this.unexpected(mark);
  }

  unexpected(expected) {
    const found = this.tokens[this.next];
    const text = found && (found.name ?? found.number ?? found.string ?? found.mark);
    return invalid(`expected ${expected}, found ${found ? `${text} at character ${found.at + 1}` : 'the end'}`);
  }
}

// Any other word is the member of an enum, which is its name.
const constants = new Map([['true', true], ['false', false], ['null', null]]);

// Digits beyond what a number of JavaScript holds stay a text; a BigInt takes it.
const literal = (text) => (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? text : Number(text));
