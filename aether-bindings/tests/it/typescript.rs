//! JavaScript and TypeScript: symbols, imports, and what calls lead to.

use aether_core::base::ErrorCode;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::support::{Repo, check_calls as check, check_updates, edges, outline};

#[test]
fn every_kind_of_declaration_is_a_symbol() {
    let text = "/** A module. */
import { dec } from './dec';
/** Runs. */
export async function run(a: number): Promise<void> { const local = 1; function inner() {} }
const arrow = (x: number) => x;
const named = function () {};
let state = 0, other: string;
export const LIMIT = 3;
export const { a, b: c } = obj;
/**
 * Holds.
 *
 * More.
 */
@dec({ x: 1 })
export abstract class Box<T> extends Base implements Shape {
  static #count = 0;
  protected size: number = 1;
  handler = () => { this.go(); };
  constructor(private part: Part, plain: string) { super(); this.given = part; }
  get top(): Part { return this.part; }
  private go(): void {}
  abstract draw(): void;
}
export interface Shape { name: string; draw(): void; }
export enum Color { Red, Green = 2 }
export type Name = string;
export namespace Inner { export function deep() {} const hidden = 1; }
const table = { one() {}, two: () => 1, three: 3 };
export { arrow };
export default function () {}
declare global { interface Window { x: number } }
";
    let repo = Repo::new(&[("src/box.ts", text), ("src/dec.ts", "export const dec = (x: any) => x;\n")]);
    let engine = repo.engine();
    let found: Vec<String> = outline(&engine).into_iter().filter(|line| !line.contains("src::dec")).collect();
    assert_eq!(
        found,
        [
            "function src::box::run public 4",
            "function src::box::run::inner private 4",
            "function src::box::arrow public 5",
            "function src::box::named private 6",
            "variable src::box::state private 7",
            "variable src::box::other private 7",
            "constant src::box::LIMIT public 8",
            "constant src::box::a public 9",
            "constant src::box::c public 9",
            "class src::box::Box public 16",
            "field src::box::Box::#count private 17",
            "field src::box::Box::size restricted 18",
            "method src::box::Box::handler public 19",
            "field src::box::Box::part private 20",
            "method src::box::Box::constructor public 20",
            "field src::box::Box::given public 20",
            "method src::box::Box::top public 21",
            "method src::box::Box::go private 22",
            "method src::box::Box::draw public 23",
            "trait src::box::Shape public 25",
            "field src::box::Shape::name public 25",
            "method src::box::Shape::draw public 25",
            "enum src::box::Color public 26",
            "variant src::box::Color::Red public 26",
            "variant src::box::Color::Green public 26",
            "type src::box::Name public 27",
            "module src::box::Inner public 28",
            "function src::box::Inner::deep public 28",
            "constant src::box::Inner::hidden private 28",
            "constant src::box::table private 29",
            "method src::box::table::one public 29",
            "method src::box::table::two public 29",
            "function src::box::default public 31",
            "trait src::box::Window public 32",
            "field src::box::Window::x public 32",
        ]
    );
    let class = engine.select("Box").unwrap();
    assert_eq!(
        (class.doc.as_str(), class.signature.as_str()),
        ("Holds.\n\nMore.", "export abstract class Box<T> extends Base implements Shape")
    );
    assert_eq!((class.lines.first, class.lines.last), (16, 24));
    assert_eq!(class.attributes, ["dec({ x: 1 })"]);
    let run = engine.select("run").unwrap();
    assert_eq!(
        (run.signature.as_str(), run.doc.as_str()),
        ("export async function run(a: number): Promise<void>", "Runs.")
    );
    assert_eq!(engine.symbols_named("box.ts").unwrap()[0].doc, "A module.");
}

#[test]
fn imports_lead_to_files_and_what_those_export_again() {
    let files = [
        (
            "lib/index.ts",
            "export * from './deep/tools.js';\nexport { start as begin } from './core';\nexport * as deep from './deep/tools';\n",
        ),
        (
            "lib/core.ts",
            "import helper, { shared as s } from './deep/tools';\nexport function start() { s(); helper(); }\n",
        ),
        (
            "lib/deep/tools.ts",
            "export function shared() {}\nexport default class Helper { constructor() {} run() {} }\n",
        ),
        (
            "lib/plain.js",
            "const { a, b: renamed } = require('./common');\nconst whole = require('./whole');\nfunction use() { a(); renamed(); new whole().go(); require('./common').a(); }\nmodule.exports = use;\n",
        ),
        (
            "lib/common.js",
            "function inner() {}\nmodule.exports = { a: inner, b() {} };\nexports.late = function () {};\n",
        ),
        ("lib/whole.js", "module.exports = class Whole { go() {} };\n"),
        (
            "use.tsx",
            "import { begin, shared, deep, Gone } from './lib';\nimport * as core from './lib/core.js';\nimport { useState } from 'react';\nimport plain from './lib/plain';\nimport fs = require('node:fs/promises');\nasync function u() {\n  begin(); shared(); deep.shared(); core.start(); useState(); plain(); fs.readFile();\n  (await import('./lib/core')).start(); Gone();\n}\n",
        ),
    ];
    check(
        &files,
        "use::u",
        &[
            "?Gone",
            "fs::promises::readFile",
            "lib::core::start",
            "lib::deep::tools::shared",
            "lib::plain::use",
            "react::useState",
        ],
    );
    check(&files, "lib::core::start", &["lib::deep::tools::Helper::constructor", "lib::deep::tools::shared"]);
    check(
        &files,
        "lib::plain::use",
        &["lib::common::b", "lib::common::inner", "lib::whole::Whole", "lib::whole::Whole::go"],
    );
}

#[test]
fn imports_without_a_path_lead_to_packages_and_to_the_sources_around() {
    let files = [
        ("packages/kit/src/index.ts", "export function run() {}\n"),
        ("packages/kit/src/deep.ts", "export function far() {}\n"),
        ("app/src/near.ts", "export function near() {}\n"),
        (
            "app/src/m/use.ts",
            "import { run } from '@scope/kit';\nimport { far } from '@scope/kit/deep';\nimport { near } from '@/near';\nimport { other } from '@scope/other';\nexport function u() { run(); far(); near(); other(); }\n",
        ),
    ];
    check(
        &files,
        "app::src::m::use::u",
        &[
            "@scope::other::other",
            "app::src::near::near",
            "packages::kit::src::deep::far",
            "packages::kit::src::run",
        ],
    );
}

#[test]
fn receivers_are_known_by_this_annotation_construction_and_result() {
    let text = "import { Outer } from 'lib';
class Part { spin() {} }
class Base extends Outer { close() {} both() {} }
interface Wheel { turn(): void }
class Engine extends Base {
  kept: Part | null = null;
  made = new Part();
  static of(): Engine { this.make(); return new this(); }
  static make() {}
  constructor(private given: Part) { super(); this.set = new Part(); }
  get part(): Part { return this.given; }
  load(): Promise<Part> { return null as any; }
  async go(p: Part, q?: Wheel, ...rest: Part[]) {
    this.kept?.spin(); this.made.spin(); this.given.spin(); this.set.spin(); this.part.spin();
    p.spin(); q!.turn(); const x = new Part(); x.spin(); (await this.load()).spin();
    [1].forEach(() => this.close());
  }
  stop(u: Part | Wheel) {
    this.both(); super.both(); this.foreign(); u.odd();
    Engine.make(); (p as Part).spin(); 'a'.trim(); console.log(1);
    list.forEach(function () { this.close(); });
  }
  both() {}
}
const table = { one() { this.two(); two(); }, two() {} };
table.one();
const shared: Engine = make();
shared.stop();
";
    let files = [("m.ts", text)];
    check(
        &files,
        "m::Engine::go",
        &["?forEach", "m::Base::close", "m::Engine::load", "m::Part", "m::Part::spin", "m::Wheel::turn"],
    );
    check(
        &files,
        "m::Engine::stop",
        &[
            "?close",
            "?list.forEach",
            "?u.odd",
            "globalThis::String::trim",
            "globalThis::console::log",
            "lib::Outer::foreign",
            "m::Base::both",
            "m::Engine::both",
            "m::Engine::make",
            "m::Part::spin",
        ],
    );
    check(&files, "m::Engine::constructor", &["lib::Outer::constructor", "m::Part"]);
    check(&files, "m::Engine::of", &["m::Engine::constructor", "m::Engine::make"]);
    check(&files, "m::table::one", &["?two", "m::table::two"]);
    check(&files, "m", &["?make", "m::Engine::stop", "m::table::one"]);
    let engine = Repo::new(&files).engine();
    assert_eq!(edges(&engine, "implements"), ["m::Base -> lib::Outer", "m::Engine -> m::Base"]);
}

#[test]
fn what_is_not_known_is_not_guessed_from_common_names() {
    let text = "class Store { get() {} fetchAllRows() {} }
function f(x, g) { x.get(); x.fetchAllRows(); x['k'].get(); g(); }\n";
    check(&[("m.js", text)], "m::f", &["?g", "?get", "?x.get", "m::Store::fetchAllRows"]);
}

#[test]
fn types_and_values_of_one_name_are_told_apart() {
    let text = "export interface Key { hash(): void }
export const Key: Key = null as any;
export type Loop = Turn;
export type Turn = Loop;
export class Both { constructor() {} static make() {} }
export namespace Both { export function inner() {} }
function f(key: Key, l: Loop) { key.hash(); Key.hash(); l.x(); new Both(); Both.inner(); Both.make(); }\n";
    check(
        &[("m.ts", text)],
        "m::f",
        &["?l.x", "m::Both::constructor", "m::Both::inner", "m::Both::make", "m::Key::hash"],
    );
}

#[test]
fn elements_of_components_call_them() {
    let text = "import * as ui from './ui';
function Item(props) { return <li>{props.children}</li>; }
export const List = () => <div title={name()}><Item a={key()} /><ui.Box>{rows.map((r) => <Item/>)}</ui.Box></div>;
function name() {}
function key() {}\n";
    let files = [("list.jsx", text), ("ui.tsx", "export function Box(): any { return <></>; }\n")];
    check(&files, "list::List", &["?rows.map", "list::Item", "list::key", "list::name", "ui::Box"]);
}

#[test]
fn broken_and_deep_files_keep_what_can_be_read() {
    let deep =
        format!("function a() {{ x = {}1{} }}\nfunction b() {{}}\n", "(".repeat(20_000), ")".repeat(20_000));
    let repo = Repo::new(&[
        ("broken.ts", "function ok() {}\nfunction bad(: {\n  ]]\n}\nclass Fine { m() { ok(); } }\n"),
        ("deep.js", &deep),
        ("chain.ts", &format!("const t = {}1;\n", "a => ".repeat(20_000))),
        ("types.ts", &format!("let t: {}a{};\n", "Array<".repeat(20_000), ">".repeat(20_000))),
        ("empty.js", ""),
        ("bom.mts", "\u{feff}export function after() {}\r\nexport function crlf() {\r\n  after();\r\n}\r\n"),
    ]);
    let engine = repo.engine();
    for name in ["ok", "after", "crlf"] {
        assert_eq!(engine.select(name).unwrap().name, name);
    }
    let codes: Vec<_> = engine.doctor(&[]).unwrap().into_iter().filter_map(|check| check.code).collect();
    assert!(
        codes.contains(&ErrorCode::INDEX_SYNTAX_ERROR) && codes.contains(&ErrorCode::INDEX_TOO_DEEP),
        "{codes:?}"
    );
    assert!(edges(&engine, "calls").contains(&"bom::crlf -> bom::after".to_owned()));
}

const BASE: &[(&str, &str)] = &[
    ("app/index.ts", "export { Engine } from './core';\nexport * from './util';\n"),
    (
        "app/core.ts",
        "import { Part, helper } from './util';\nimport * as extra from './extra';\nexport class Engine extends extra.Base {\n  part = new Part();\n  go() { this.part.spin(); this.close(); helper(); extra.run(this); }\n}\n",
    ),
    (
        "app/util.ts",
        "export class Part { spin() { return helper(); } }\nexport function helper(): Part { return null; }\n",
    ),
    (
        "app/extra.ts",
        "import * as app from '.';\nexport class Base { close() { app.helper().spin(); } }\nexport function run(e: app.Engine) { e.go(); e.close(); e.rareName(); }\n",
    ),
    (
        "old.js",
        "const { helper, Engine } = require('./app');\nfunction go() { helper().spin(); new Engine().go(); }\nmodule.exports = go;\n",
    ),
    ("use.mjs", "import go from './old.js';\nimport { late } from './late';\ngo(); late();\n"),
];

fn changes() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    prop_oneof![
        Just(("app/util.ts", "helper(): Part", "helper(): Promise<Other>")),
        Just(("app/util.ts", "spin", "turn")),
        Just(("app/util.ts", "class Part {", "interface Part {}\nexport class Part extends Base {")),
        Just(("app/util.ts", "export function helper", "function helper")),
        Just(("app/core.ts", "new Part()", "helper()")),
        Just(("app/core.ts", "import * as extra from './extra'", "import extra from './extra'")),
        Just(("app/core.ts", " extends extra.Base", "")),
        Just(("app/core.ts", "  go() {", "  rareName() {}\n  go() {")),
        Just(("app/index.ts", "export * from './util';", "import { helper } from './util';")),
        Just(("app/index.ts", "{ Engine }", "{ Engine as Engine, Engine as helper }")),
        Just(("app/extra.ts", "export class Base", "export default class Base")),
        Just(("app/extra.ts", "from '.'", "from './util'")),
        Just(("old.js", "module.exports = go", "module.exports = { go }")),
        Just(("old.js", "module.exports = go", "exports.default = Engine")),
        Just(("old.js", "require('./app')", "require('./app/util')")),
        Just(("app/index.ts", "", "remove")),
        Just(("app/util.ts", "", "remove")),
        Just(("app/extra.ts", "", "remove")),
        Just(("app/util.ts", "", "restore")),
        Just(("app/index.ts", "", "restore")),
        Just(("app/extra.ts", "", "restore")),
        Just(("app/util.js", "", "exports.helper = function () {};\n")),
        Just(("app/util.js", "", "remove")),
        Just(("app.ts", "", "export function helper() {}\n")),
        Just(("app.ts", "", "remove")),
        Just(("late/index.cts", "", "export function late() {}\n")),
    ]
}

#[test]
fn an_updated_index_equals_a_fresh_one() {
    check_updates(BASE, changes());
}
