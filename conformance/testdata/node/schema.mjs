// The models of a Prisma schema, as far as this server needs them: scalar fields,
// keys, defaults, enums, and which field refers to which model.
//
// A model is {name, fields, keys, references}. fields maps a name to {name, type,
// list, optional, default, values}, values being those of an enum. keys maps the
// name of a unique criterion to its fields, the primary key first. A reference is
// {fields, model, references, onDelete}.

const scalars = new Set(['Int', 'BigInt', 'Float', 'Decimal', 'Boolean', 'String', 'DateTime', 'Bytes', 'Json']);

/** parseSchema reads the text of a Prisma schema and returns its models by name. */
export function parseSchema(text) {
  const blocks = [...text.replace(/\/\/.*$/gm, '').matchAll(/^(model|enum)\s+(\w+)\s*\{([^}]*)\}/gm)].map(
    ([, kind, name, body]) => ({ kind, name, lines: body.split('\n').map((line) => line.trim()).filter(Boolean) }),
  );
  const enums = new Map(blocks.filter((block) => block.kind === 'enum').map(enumValues));
  const models = new Map();
  for (const block of blocks.filter((block) => block.kind === 'model')) {
    models.set(block.name, parseModel(block, enums));
  }
  return models;
}

function enumValues({ name, lines }) {
  return [name, lines.filter((line) => !line.startsWith('@@')).map((line) => line.split(/\s/)[0])];
}

function parseModel({ name, lines }, enums) {
  const model = { name, fields: new Map(), keys: new Map(), references: [] };
  for (const line of lines) {
    if (line.startsWith('@@')) addCompoundKey(model, line);
    else addField(model, line, enums);
  }
  return model;
}

// A field of a type that is neither a scalar nor an enum is a relation. Its side
// that holds the key says so; the other side is of no use here.
function addField(model, line, enums) {
  const [, name, type, mark, attributes] = /^(\w+)\s+(\w+)(\[\]|\?)?\s*(.*)$/.exec(line);
  if (!scalars.has(type) && !enums.has(type)) {
    addReference(model, type, attributes);
    return;
  }
  model.fields.set(name, {
    name,
    type: enums.has(type) ? 'Enum' : type,
    values: enums.get(type),
    list: mark === '[]',
    optional: mark === '?',
    default: /@default\(((?:[^()]|\(\))*)\)/.exec(attributes)?.[1],
  });
  if (/@(id|unique)\b/.test(attributes)) model.keys.set(name, [name]);
}

function addReference(model, target, attributes) {
  const found = /@relation\(.*fields:\s*\[([^\]]*)\].*references:\s*\[([^\]]*)\]/.exec(attributes);
  if (!found) return;
  model.references.push({
    fields: names(found[1]),
    model: target,
    references: names(found[2]),
    onDelete: /onDelete:\s*(\w+)/.exec(attributes)?.[1],
  });
}

function addCompoundKey(model, line) {
  const found = /^@@(?:id|unique)\(\[([^\]]*)\]/.exec(line);
  if (found) model.keys.set(names(found[1]).join('_'), names(found[1]));
}

const names = (list) => list.split(',').map((name) => name.trim());

/** primaryKey returns the names of the fields that a deleted row is known by. */
export const primaryKey = (model) => model.keys.values().next().value;
