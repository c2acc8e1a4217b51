// Declarations of a folder of JavaScript or TypeScript, by the tree of the TypeScript compiler.
//
// Prints file, line of the name, kind and name with tabs between, and for each file that it could parse
// one line of kind `file`. Run as `node javascript.cjs LANGUAGE DIR`, where LANGUAGE is `javascript` or
// `typescript`.
"use strict";

const fs = require("fs");
const path = require("path");

let ts;
try {
  ts = require("typescript");
} catch {
  console.error("the package typescript is not there; `cargo xtask setup oracles` installs it");
  process.exit(1);
}
const Kind = ts.SyntaxKind;

/** What a file of an ending is read as. */
const ENDINGS = {
  javascript: [
    [".js", ts.ScriptKind.JSX],
    [".mjs", ts.ScriptKind.JSX],
    [".cjs", ts.ScriptKind.JSX],
    [".jsx", ts.ScriptKind.JSX],
  ],
  typescript: [
    [".ts", ts.ScriptKind.TS],
    [".mts", ts.ScriptKind.TS],
    [".cts", ts.ScriptKind.TS],
    [".tsx", ts.ScriptKind.TSX],
  ],
};

const [language, root] = process.argv.slice(2);
if (!ENDINGS[language]) {
  console.error(`no language is called ${language}`);
  process.exit(1);
}
visitFolder(root);

function visitFolder(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of entries) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && entry.name !== "node_modules") visitFolder(inside);
      continue;
    }
    const ending = ENDINGS[language].find(([ending]) => entry.name.endsWith(ending));
    if (entry.isFile() && ending) visitFile(inside, ending[1]);
  }
}

function visitFile(place, kind) {
  const text = fs.readFileSync(place, "utf8");
  const file = ts.createSourceFile(place, text, ts.ScriptTarget.Latest, /* setParentNodes */ true, kind);
  // What the parser of the compiler refuses is not compared.
  if (file.parseDiagnostics.length > 0) return;
  const shown = path.relative(root, place).split(path.sep).join("/");
  const lines = [`${shown}\t1\tfile\t${shown}\n`];
  const print = (kind, node, name) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    lines.push(`${shown}\t${line}\t${kind}\t${name}\n`);
  };
  visit(file, file, print);
  process.stdout.write(lines.join(""));
}

function visit(node, file, print) {
  const found = declared(node, file);
  if (found) print(found.kind, found.at, found.name);
  ts.forEachChild(node, (child) => visit(child, file, print));
}

/** What a node declares: its kind, where its name stands, and the name. */
function declared(node, file) {
  switch (node.kind) {
    case Kind.FunctionDeclaration:
      return node.name ? plain("function", node.name, file) : unnamed("function", node, Kind.DefaultKeyword);
    case Kind.ClassDeclaration:
      return node.name ? plain("type", node.name, file) : unnamed("type", node, Kind.ClassKeyword);
    case Kind.InterfaceDeclaration:
    case Kind.EnumDeclaration:
      return plain("type", node.name, file);
    case Kind.Constructor:
      return isMember(node)
        ? { kind: "function", at: word(node, Kind.ConstructorKeyword), name: "constructor" }
        : undefined;
    case Kind.MethodDeclaration:
    case Kind.MethodSignature:
    case Kind.GetAccessor:
    case Kind.SetAccessor:
      return isMember(node) ? plain("function", node.name, file) : undefined;
    case Kind.PropertyDeclaration:
      return isMember(node) && isFunction(node.initializer) ? plain("function", node.name, file) : undefined;
    case Kind.PropertyAssignment:
      return isMember(node) && isFunction(node.initializer, /* isBare */ true)
        ? plain("function", node.name, file)
        : undefined;
    case Kind.VariableDeclaration:
    case Kind.BinaryExpression:
    case Kind.ExportAssignment:
      return given(node, file);
    case Kind.ClassExpression:
      // Where it is given to a name, that name is printed.
      return node.name && !isGiven(node) ? plain("type", node.name, file) : undefined;
    default:
      return undefined;
  }
}

function plain(kind, name, file) {
  return { kind, at: name, name: name.getText(file).replace(/^["']+|["']+$/g, "") };
}

/** What has no name of its own stands at a word of the declaration. */
function unnamed(kind, node, word_kind) {
  return { kind, at: word(node, word_kind), name: "default" };
}

/** The first word of a kind in a node, or the node. */
function word(node, kind) {
  const modifier = (node.modifiers ?? []).find((modifier) => modifier.kind === kind);
  return modifier ?? node.getChildren().find((child) => child.kind === kind) ?? node;
}

/** What is declared by giving it to a variable, to the exports of a module, or as the default. */
function given(node, file) {
  if (node.kind === Kind.VariableDeclaration) {
    if (node.name.kind !== Kind.Identifier || !node.initializer) return undefined;
    const value = unwrapped(node.initializer);
    if (isFunction(value)) return plain("function", node.name, file);
    return value.kind === Kind.ClassExpression ? plain("type", node.name, file) : undefined;
  }
  if (node.kind === Kind.ExportAssignment) {
    return isFunction(node.expression, true) ? unnamed("function", node, Kind.DefaultKeyword) : undefined;
  }
  const target = exported(node, file);
  if (!target) return undefined;
  const value = node.right;
  if (isFunction(value, true)) {
    const own = target.isWhole && value.name;
    return own ? plain("function", own, file) : { kind: "function", at: target.at, name: target.name };
  }
  if (value.kind !== Kind.ClassExpression) return undefined;
  return value.name ? plain("type", value.name, file) : plain("type", target.at, file);
}

/** The name under which `module.exports = …` or `exports.a = …` exports; only statements of the module do. */
function exported(node, file) {
  if (node.kind !== Kind.BinaryExpression || node.operatorToken.kind !== Kind.EqualsToken) return undefined;
  const statement = node.parent;
  if (statement.kind !== Kind.ExpressionStatement || statement.parent.kind !== Kind.SourceFile) return undefined;
  const target = node.left;
  if (target.kind !== Kind.PropertyAccessExpression) return undefined;
  const text = target.getText(file);
  if (text === "module.exports") return { at: target.name, name: text, isWhole: true };
  const object = target.expression.getText(file);
  if (object !== "exports" && object !== "module.exports") return undefined;
  return { at: target.name, name: target.name.getText(file), isWhole: false };
}

/** Whether a class is declared by giving it to a name. */
function isGiven(node) {
  const outer = wrapped(node);
  const parent = outer.parent;
  if (parent.kind === Kind.VariableDeclaration) {
    return parent.initializer === outer && parent.name.kind === Kind.Identifier;
  }
  return outer === node && parent.right === node && exported(parent, node.getSourceFile()) !== undefined;
}

/** Whether a node stands in a class, an interface or an object whose members are declarations. */
function isMember(node) {
  const holder = node.parent;
  switch (holder.kind) {
    case Kind.ClassDeclaration:
    case Kind.InterfaceDeclaration:
      return true;
    case Kind.ClassExpression:
      return holder.name !== undefined || isGiven(holder);
    case Kind.ObjectLiteralExpression:
      return node.name.kind !== Kind.ComputedPropertyName && isDeclaration(holder);
    default:
      return false;
  }
}

/** Whether an object is what a variable of a module, its exports or its default are given. */
function isDeclaration(object) {
  const outer = wrapped(object);
  const parent = outer.parent;
  if (parent.kind === Kind.VariableDeclaration) {
    const place = parent.parent.parent;
    return (
      parent.initializer === outer &&
      parent.name.kind === Kind.Identifier &&
      parent.type === undefined &&
      place.kind === Kind.VariableStatement &&
      (place.parent.kind === Kind.SourceFile || place.parent.kind === Kind.ModuleBlock)
    );
  }
  if (outer !== object) return false;
  if (parent.kind === Kind.ExportAssignment) return true;
  return parent.right === object && exported(parent, object.getSourceFile())?.isWhole === true;
}

/** Whether a value is a function; one that is bare has nothing around it. */
function isFunction(value, isBare = false) {
  const inner = value && (isBare ? value : unwrapped(value));
  return inner?.kind === Kind.FunctionExpression || inner?.kind === Kind.ArrowFunction;
}

function isWrapper(node) {
  return (
    node.kind === Kind.ParenthesizedExpression ||
    node.kind === Kind.AsExpression ||
    node.kind === Kind.SatisfiesExpression ||
    node.kind === Kind.NonNullExpression
  );
}

/** A value without what only the compiler reads. */
function unwrapped(value) {
  let inner = value;
  while (isWrapper(inner)) inner = inner.expression;
  return inner;
}

/** A value with what stands around it for the compiler only. */
function wrapped(value) {
  let outer = value;
  while (isWrapper(outer.parent)) outer = outer.parent;
  return outer;
}
