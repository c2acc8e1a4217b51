//! Expressions, patterns, types and paths of bodies.

use aether_core::code::facts::{
    ExprIdx, ExprKind, FileFacts, ItemDetail, List, PatIdx, PatKind, PathRoot, TypeIdx, TypeKind,
};
use aether_index::IndexOptions;

use crate::support::{deltas, facts};

/// Writes facts as prefix expressions.
struct Shown<'f>(&'f FileFacts);

impl Shown<'_> {
    fn list(&self, list: List, one: impl Fn(&Self, u32) -> String) -> String {
        self.0.list(list).iter().map(|&index| format!(" {}", one(self, index))).collect()
    }

    fn exprs(&self, list: List) -> String {
        self.list(list, |shown, index| shown.expr(ExprIdx(index)))
    }

    fn path(&self, index: u32) -> String {
        let path = self.0.paths[index as usize];
        let root = match path.root {
            PathRoot::Plain => String::new(),
            PathRoot::Global => "::".to_owned(),
            PathRoot::Qualified(ty, None) => format!("<{}>::", self.ty(ty)),
            PathRoot::Qualified(ty, Some(of)) => format!("<{} as {}>::", self.ty(ty), self.ty(of)),
            other => format!("{other:?}"),
        };
        let start = path.segments.start as usize;
        let segments = self.0.segments[start..start + path.segments.len as usize].iter().map(|segment| {
            let args = self.list(segment.args, |shown, index| shown.ty(TypeIdx(index)));
            let bound = self.0.list(segment.bindings).chunks(2).map(|pair| {
                let name = aether_core::code::facts::NameIdx(pair[0]);
                format!(" {}={}", self.0.name(name), self.ty(TypeIdx(pair[1])))
            });
            let args = args + &bound.collect::<String>();
            let name = self.0.name(segment.name);
            if args.is_empty() { name.to_owned() } else { format!("{name}<{}>", args.trim_start()) }
        });
        root + &segments.collect::<Vec<_>>().join("::")
    }

    fn ty(&self, index: TypeIdx) -> String {
        let list = |list| self.list(list, |shown, index| shown.ty(TypeIdx(index)));
        match self.0.types[index.0 as usize].kind {
            TypeKind::Path(path) => self.path(path),
            TypeKind::Ref(inner) => format!("&{}", self.ty(inner)),
            TypeKind::Slice(inner) => format!("[{}]", self.ty(inner)),
            TypeKind::Tuple(inner) => format!("({})", list(inner).trim_start()),
            TypeKind::Function(inner) => format!("(fn{})", list(inner)),
            TypeKind::ImplTrait(inner) => format!("(impl{})", list(inner)),
            TypeKind::DynTrait(inner) => format!("(dyn{})", list(inner)),
            other => format!("{other:?}"),
        }
    }

    fn pat(&self, index: PatIdx) -> String {
        let list = |list| self.list(list, |shown, index| shown.pat(PatIdx(index)));
        match self.0.pats[index.0 as usize].kind {
            PatKind::Wild => "_".to_owned(),
            PatKind::Rest => "..".to_owned(),
            PatKind::Bind(name, None) => self.0.name(name).to_owned(),
            PatKind::Bind(name, Some(inner)) => format!("{}@{}", self.0.name(name), self.pat(inner)),
            PatKind::Path(path) => self.path(path),
            PatKind::TupleStruct(path, inner) => format!("({}{})", self.path(path), list(inner)),
            PatKind::Struct(path, fields) => format!(
                "({}{})",
                self.path(path),
                self.fields(fields, |shown, index| shown.pat(PatIdx(index)))
            ),
            PatKind::Tuple(inner) => format!("(tuple{})", list(inner)),
            PatKind::Or(inner) => format!("(or{})", list(inner)),
            PatKind::Ref(inner) => format!("&{}", self.pat(inner)),
            other => format!("{other:?}"),
        }
    }

    fn fields(&self, fields: List, one: impl Fn(&Self, u32) -> String) -> String {
        let start = fields.start as usize;
        let fields = self.0.fields[start..start + fields.len as usize].iter();
        fields.map(|field| format!(" {}:{}", self.0.name(field.name), one(self, field.value))).collect()
    }

    fn optional(&self, index: Option<ExprIdx>) -> String {
        index.map_or_else(String::new, |index| format!(" {}", self.expr(index)))
    }

    fn expr(&self, index: ExprIdx) -> String {
        let one = |index| self.expr(index);
        match self.0.exprs[index.0 as usize].kind {
            ExprKind::Unknown(inner) => format!("(unknown{})", self.exprs(inner)),
            ExprKind::Path(path) => self.path(path),
            ExprKind::Literal(kind) => {
                format!("{kind:?}").to_lowercase().split('(').next().unwrap().to_owned()
            }
            ExprKind::Call(callee, args) => format!("({}{})", one(callee), self.exprs(args)),
            ExprKind::MethodCall { receiver, name, type_args, args } => {
                let types = self.list(type_args, |shown, index| shown.ty(TypeIdx(index)));
                format!("(.{}{types} {}{})", self.0.name(name), one(receiver), self.exprs(args))
            }
            ExprKind::Field(base, name) => format!("{}.{}", one(base), self.0.name(name)),
            ExprKind::Index(base, at) => format!("(index {} {})", one(base), one(at)),
            ExprKind::Try(inner) => format!("(? {})", one(inner)),
            ExprKind::Await(inner) => format!("(await {})", one(inner)),
            ExprKind::Ref(inner) => format!("(& {})", one(inner)),
            ExprKind::Unary(operator, inner) => format!("({operator:?} {})", one(inner)),
            ExprKind::Binary(operator, left, right) => format!("({operator:?} {} {})", one(left), one(right)),
            ExprKind::Assign(left, right, None) => format!("(= {} {})", one(left), one(right)),
            ExprKind::Assign(left, right, Some(operator)) => {
                format!("({operator:?}= {} {})", one(left), one(right))
            }
            ExprKind::Tuple(inner) => format!("(tuple{})", self.exprs(inner)),
            ExprKind::Array(inner, is_repeat) => {
                format!("({}{})", if is_repeat { "repeat" } else { "array" }, self.exprs(inner))
            }
            ExprKind::Block { statements, tail, .. } => {
                format!("{{{};{}}}", self.exprs(statements), self.optional(tail))
            }
            ExprKind::Let { pat, ty, init, otherwise } => {
                let ty = ty.map_or_else(String::new, |ty| format!(" :{}", self.ty(ty)));
                format!("(let {}{ty}{}{})", self.pat(pat), self.optional(init), self.optional(otherwise))
            }
            ExprKind::If(condition, then, otherwise) => {
                format!("(if {} {}{})", one(condition), one(then), self.optional(otherwise))
            }
            ExprKind::Match(value, arms) => {
                let arms = &self.0.arms[arms.start as usize..][..arms.len as usize];
                let arms = arms.iter().map(|arm| {
                    format!(" [{}{} => {}]", self.pat(arm.pat), self.optional(arm.guard), one(arm.body))
                });
                format!("(match {}{})", one(value), arms.collect::<String>())
            }
            ExprKind::For(pat, value, body) => {
                format!("(for {} {} {})", self.pat(pat), one(value), one(body))
            }
            ExprKind::Closure(params, result, body) => {
                let params = self.0.list(params).chunks(2).map(|pair| {
                    let ty = if pair[1] == u32::MAX {
                        String::new()
                    } else {
                        format!(":{}", self.ty(TypeIdx(pair[1])))
                    };
                    format!(" {}{ty}", self.pat(PatIdx(pair[0])))
                });
                let result = result.map_or_else(String::new, |ty| format!(" ->{}", self.ty(ty)));
                format!("(|{}|{result} {})", params.collect::<String>(), one(body))
            }
            ExprKind::Struct(path, fields, base) => format!(
                "(new {}{}{})",
                self.path(path),
                self.fields(fields, |shown, index| shown.expr(ExprIdx(index))),
                self.optional(base)
            ),
            ExprKind::Cast(inner, ty) => format!("(as {} {})", one(inner), self.ty(ty)),
            ExprKind::Range(start, end) => format!("(..{} to{})", self.optional(start), self.optional(end)),
            ExprKind::Return(value) => format!("(return{})", self.optional(value)),
            ExprKind::Macro(path, inner) => format!("({}!{})", self.path(path), self.exprs(inner)),
            other => format!("{other:?}"),
        }
    }
}

/// The body of the one function, without its outer braces.
#[track_caller]
fn check(body: &str, expected: &str) {
    let facts = facts(&format!("fn f() {{ {body} }}"));
    let shown = Shown(&facts).expr(facts.bodies[facts.bodies.len() - 1].root);
    let inner = shown.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap();
    assert_eq!(inner.trim(), expected, "{body}");
}

#[test]
fn calls_and_what_they_are_called_on() {
    check("a::b(c, d.e, 1)", "; (a::b c d.e integer)");
    check("a.b(c).d::<T>(&e).f.g()", "; (.g (.d T (.b a c) (& e)).f)");
    check("Vec::<u8>::new()", "; (Vec<u8>::new)");
    check("<T as A<B>>::c::<D>(e)", "; (<T as A<B>>::c<D> e)");
    check("::a::b(); (c)(d); e /* f */ ;", "(::a::b) (c d) e;");
    check("a?.b.await[c]", "; (index (await (? a).b) c)");
}

#[test]
fn operators_and_literals() {
    check("a - b * c", "; (Sub a (Mul b c))");
    check("-a % !b << *c", "; (Shift (Rem (Neg a) (Not b)) (Deref c))");
    check("a += b; c = d; e >>= f", "(Add= a b) (= c d); (Shift= e f)");
    check("a && b | c != d", "; (Logic a (Compare (Bit b c) d))");
    check("(1, 2f32, \"a\", b\"c\", 'd', b'e', true)", "; (tuple integer float str bytestr char byte bool)");
    check("..b; a..; a..=b", "(.. to b) (.. a to); (.. a to b)");
    check("[a, b]; [c; 2]; d as &[u8]", "(array a b) (repeat c integer); (as d &[u8])");
}

#[test]
fn flow_and_patterns() {
    check(
        "if let Some(x) = a && b { c } else if d { e } else { return f; }",
        "; (if (Logic (let (Some x) a) b) {; c} (if d {; e} { (return f);}))",
    );
    check(
        "match a { B { c, d: E(_, ..), .. } if f => g, h @ (i | J::K) | &l => {} }",
        "; (match a [(B c:c d:(E _ ..)) f => g] [(or h@(or i J::K) &l) => {;}])",
    );
    check(
        "let (a,) = (b); let (..) = c; let ((d), e) = f;",
        "(let (tuple a) b) (let (tuple ..) c) (let (tuple d e) f);",
    );
    check("let (mut a, _): (A, &B) = c else { d() };", "(let (tuple a _) :(A &B) c {; (d)});");
    check(
        "for (a, b) in c.d(|e, f: G| -> H { e(f) }) {}",
        "; (for (tuple a b) (.d c (| e f:G| ->H {; (e f)})) {;})",
    );
    check("A { b, c: d(), ..e }", "; (new A b:b c:(d) e)");
}

#[test]
fn types_of_every_form() {
    check(
        "let x: Box<dyn Fn(A, &B) -> C + Send>; let y: fn(A) -> B; let z: impl I<Item = J, K>;",
        "(let x :Box<(dyn Fn<(A &B) Output=C> Send)>) (let y :(fn A B)) (let z :(impl I<K Item=J>));",
    );
    check("let a: &(dyn A + B + 'c); let b: impl A<B> + '_;", "(let a :&(dyn A B)) (let b :(impl A<B>));");
    check("let a: (A); let b: (A,); let c: ();", "(let a :A) (let b :(A)) (let c :());");
    check("let a: Box<dyn for<'a> Fn(&'a A) + B>;", "(let a :Box<(dyn Fn<(&A)> B)>);");
}

#[test]
fn arguments_of_macros_are_expressions() {
    check("m!(a.b(), c!(d()), \"e\")", "; (m! (.b a) (c! (d)) str)");
    check("m![a(), b]; m! { a(); b() }", "(m! (array (a) b)); (m! (a) (b))");
    check("m!(a, b); m!(\"a.b(c)\"); m!(\"{}\", MAX); m!(r#\"A(\"#)", "(m!) (m!) (m! str MAX); (m!)");
    check("m! {a()} m! { b() } m!(c())", "(m! (a)) (m! (b)); (m! (c))");
    check("vec![a]", "; (vec! (array a))");
}

#[test]
fn negative_implementations_are_told() {
    let facts = facts("impl !Send for A {} impl Send for B {}");
    let found: Vec<bool> = facts
        .symbols
        .iter()
        .filter_map(|symbol| match symbol.detail {
            ItemDetail::Impl { is_negative, .. } => Some(is_negative),
            _ => None,
        })
        .collect();
    assert_eq!(found, [true, false]);
}

#[test]
fn lines_are_measured_wherever_they_break() {
    for text in
        ["", "\n", "a", "\n\n\n\n\n\n\n\n\n", "1234567\n12345678\n\n1\n", "//\u{e9}\r\n\n// 90123456789\nx"]
    {
        let lengths: Vec<u32> = text.split_inclusive('\n').map(|line| line.len() as u32).collect();
        let found = facts(text).line_lengths;
        // What follows the last line break is a line, empty or not.
        let found =
            if text.is_empty() || text.ends_with('\n') { &found[..found.len() - 1] } else { &found[..] };
        assert_eq!(found, lengths, "{text:?}");
    }
}

/// The memory of a walk goes from file to file.
#[test]
fn facts_of_a_file_do_not_depend_on_the_files_before_it() {
    let many: String =
        (0..300).map(|number| format!("fn name{number}(a{number}: u8) {{ b{number}() }}\n")).collect();
    let texts = [
        "fn f() { match a { B { c } => D { e: g }, _ => {} } } fn f() {}",
        &many,
        "fn f() { match x { Y => |z: u8| vec![z] } } /// Doc.\n#[attribute]",
        "fn f( { <a::",
        "fn f() {} struct S(u8, u16); impl<T: Copy> Fn(T) -> u8 for S where T: Clone {}",
        &many,
    ];
    let files: Vec<(String, &str)> =
        texts.iter().enumerate().map(|(number, text)| (format!("{number}.rs"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let together = deltas(&files, IndexOptions::default().with_threads(1));
    let contents = together.iter().flat_map(|delta| &delta.files).filter_map(|file| file.content.as_ref());
    for (content, (name, text)) in contents.zip(&files) {
        let alone = deltas(&[(name, text)], IndexOptions::default());
        let alone = alone[0].files[0].content.as_ref().unwrap();
        assert_eq!(content.facts, alone.facts, "{name}");
        assert_eq!(content.body_words, alone.body_words, "{name}");
    }
}

#[test]
fn every_expression_stands_in_one_body_once() {
    let facts = facts(
        "const C: u8 = 1 + 2;
fn f(mut x: Vec<u8>, y: Option<S>) -> Result<u8, E> {
    let S { a, .. } = y.unwrap() else { return Err(e()) };
    x[0] += -a as u8;
    let t = (x.len()..=9, [1, 2], [0; 3], &x);
    for i in t.0 { while !x.is_empty() { loop { break } } }
    let c = |z: u8| -> u8 { z? + unsafe { g::<u8>(z) } };
    fn inner() { h(|| ()) }
    println!(\"{}\", c(1));
    match x.await { A(b) if b > 1 => b, _ => S { a: 1, ..d }.a.b }
}",
    );
    let mut seen = vec![0_u32; facts.exprs.len()];
    let mut open: Vec<_> = facts.bodies.iter().map(|body| body.root).collect();
    while let Some(expr) = open.pop() {
        seen[expr.0 as usize] += 1;
        facts.each_child(expr, &mut |child| open.push(child));
    }
    let missed: Vec<_> = facts.exprs.iter().zip(&seen).filter(|(_, seen)| **seen != 1).collect();
    assert_eq!(missed, []);
    assert!(seen.len() > 60, "{}", seen.len());
}
