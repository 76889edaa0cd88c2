// Values of scalar fields: what is accepted of them, and the one form in which
// they are kept, compared and answered.

/** Refused is a query that cannot be run; code is Prisma's code for the reason. */
export class Refused extends Error {
  constructor(code, message, meta = {}) {
    super(message);
    this.code = code;
    this.meta = meta;
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const decimal = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

// Each returns the kept form of a value, or undefined for what is none of the type.
const forms = {
  Int: (value) => (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined),
  Float: (value) => (typeof value === 'number' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  String: (value) => (typeof value === 'string' && !value.includes('\0') ? value : undefined),
  BigInt: (value) => (/^-?\d+$/.test(String(value)) ? String(BigInt(value)) : undefined),
  Decimal: (value) => (decimal.test(String(value)) ? shortDecimal(String(value)) : undefined),
  Bytes: (value) => (typeof value === 'string' && base64.test(value) ? value : undefined),
  DateTime: (value) => (typeof value === 'string' ? isoDate(value) : undefined),
  Json: (value) => (typeof value === 'string' ? jsonText(value) : undefined),
  Enum: (value, field) => (field.values.includes(value) ? value : undefined),
};

function shortDecimal(text) {
  const plain = /e/i.test(text) ? String(Number(text)) : text;
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function isoDate(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function jsonText(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** keptForm returns the form in which a field's value is kept; place is told when it is none. */
export function keptForm(field, value, place) {
  if (value === null && field.optional) return null;
  if (field.list) {
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) => keptForm({ ...field, list: false }, item, `${place}[${index}]`));
  }
  const form = value === null ? undefined : forms[field.type](value, field);
  if (form === undefined) {
    throw new Refused('P2009', `${place}: expected a value of type ${field.type}${field.optional ? ' or null' : ''}`);
  }
  return form;
}

/** eventForm is a kept value as an event shows it: only JSON is a text here and a value there. */
export function eventForm(field, value) {
  return field.type === 'Json' && value !== null ? JSON.parse(value) : value;
}
