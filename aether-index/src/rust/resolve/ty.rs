//! Types, each once.

use rustc_hash::FxHashMap;

use super::interner::Sym;
use super::program::DefId;

/// A type.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) struct Ty(pub(super) u32);

/// A list of types.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Args(u32);

/// A bound: a trait with arguments and bound associated types.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Bound(u32);

/// A list of bounds.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Bounds(u32);

/// The forms of a type.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum TyKind {
    /// Not known.
    Unknown,
    Never,
    /// A primitive type, by name; an integer or float whose width is open is `{integer}`, `{float}`.
    Prim(Prim),
    /// A structure, union or enumeration.
    Adt(DefId, Args),
    /// A type outside the program, by path.
    External(Sym, Args),
    Ref(Ty),
    Pointer(Ty),
    Slice(Ty),
    Array(Ty),
    Tuple(Args),
    /// A function pointer or closure: parameters, then the result.
    Function(Args),
    /// A type parameter of a declaration.
    Param(DefId, u32),
    /// `Self` of a trait.
    SelfParam(DefId),
    /// `dyn A + B`.
    Dyn(Bounds),
    /// `impl A + B`.
    Opaque(Bounds),
    /// `<T as Trait>::Name`.
    Assoc(Ty, DefId, Sym),
    /// A type that inference has yet to find.
    Infer(u32),
}

/// Primitive types.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(u8)]
pub(super) enum Prim {
    Bool,
    Char,
    Str,
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
    F32,
    F64,
    /// An integer literal.
    Integer,
    /// A float literal.
    Float,
}

impl Prim {
    pub(super) fn named(text: &str) -> Option<Self> {
        Some(match text {
            "bool" => Self::Bool,
            "char" => Self::Char,
            "str" => Self::Str,
            "i8" => Self::I8,
            "i16" => Self::I16,
            "i32" => Self::I32,
            "i64" => Self::I64,
            "i128" => Self::I128,
            "isize" => Self::Isize,
            "u8" => Self::U8,
            "u16" => Self::U16,
            "u32" => Self::U32,
            "u64" => Self::U64,
            "u128" => Self::U128,
            "usize" => Self::Usize,
            "f32" => Self::F32,
            "f64" => Self::F64,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Char => "char",
            Self::Str => "str",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 | Self::Integer => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::Isize => "isize",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
            Self::Usize => "usize",
            Self::F32 => "f32",
            Self::F64 | Self::Float => "f64",
        }
    }

    pub(super) fn is_integer(self) -> bool {
        (Self::I8 as u8..=Self::Usize as u8).contains(&(self as u8)) || self == Self::Integer
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64 | Self::Float)
    }
}

/// A trait with arguments and bound associated types.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct BoundData {
    pub(super) of_trait: DefId,
    pub(super) args: Args,
    pub(super) bindings: Box<[(Sym, Ty)]>,
}

/// Whether a type holds parameters, or types yet to be found.
const HAS_PARAM: u8 = 1;
const HAS_INFER: u8 = 2;

/// All types of a program.
#[derive(Debug)]
pub(super) struct Types {
    kinds: Vec<TyKind>,
    flags: Vec<u8>,
    numbers: FxHashMap<TyKind, Ty>,
    args: Vec<Box<[Ty]>>,
    args_flags: Vec<u8>,
    args_numbers: FxHashMap<Box<[Ty]>, Args>,
    bounds: Vec<BoundData>,
    bound_numbers: FxHashMap<BoundData, Bound>,
    bound_lists: Vec<Box<[Bound]>>,
    bound_list_numbers: FxHashMap<Box<[Bound]>, Bounds>,
    /// What inference found; indexed by the number of the open type.
    pub(super) vars: Vec<Option<Ty>>,
    /// Open types in the order in which they were found, for taking findings back.
    pub(super) trail: Vec<u32>,
}

impl Types {
    pub(super) const UNKNOWN: Ty = Ty(0);
    pub(super) const NEVER: Ty = Ty(1);
    pub(super) const UNIT: Ty = Ty(2);
    pub(super) const NO_ARGS: Args = Args(0);

    pub(super) fn new() -> Self {
        let mut types = Self {
            kinds: Vec::new(),
            flags: Vec::new(),
            numbers: FxHashMap::default(),
            args: Vec::new(),
            args_flags: Vec::new(),
            args_numbers: FxHashMap::default(),
            bounds: Vec::new(),
            bound_numbers: FxHashMap::default(),
            bound_lists: Vec::new(),
            bound_list_numbers: FxHashMap::default(),
            vars: Vec::new(),
            trail: Vec::new(),
        };
        let none = types.args(&[]);
        types.intern(TyKind::Unknown);
        types.intern(TyKind::Never);
        types.intern(TyKind::Tuple(none));
        types
    }

    pub(super) fn intern(&mut self, kind: TyKind) -> Ty {
        if let Some(&ty) = self.numbers.get(&kind) {
            return ty;
        }
        let ty = Ty(self.kinds.len() as u32);
        let flags = match kind {
            TyKind::Param(..) | TyKind::SelfParam(_) => HAS_PARAM,
            TyKind::Infer(_) => HAS_INFER,
            TyKind::Ref(inner) | TyKind::Pointer(inner) | TyKind::Slice(inner) | TyKind::Array(inner) => {
                self.flags[inner.0 as usize]
            }
            TyKind::Assoc(inner, ..) => self.flags[inner.0 as usize],
            TyKind::Adt(_, args)
            | TyKind::External(_, args)
            | TyKind::Tuple(args)
            | TyKind::Function(args) => self.args_flags[args.0 as usize],
            TyKind::Dyn(bounds) | TyKind::Opaque(bounds) => self.bound_lists[bounds.0 as usize]
                .iter()
                .fold(0, |flags, bound| flags | self.bound_flags(*bound)),
            TyKind::Unknown | TyKind::Never | TyKind::Prim(_) => 0,
        };
        self.kinds.push(kind);
        self.flags.push(flags);
        self.numbers.insert(kind, ty);
        ty
    }

    fn bound_flags(&self, bound: Bound) -> u8 {
        let data = &self.bounds[bound.0 as usize];
        data.bindings
            .iter()
            .fold(self.args_flags[data.args.0 as usize], |flags, (_, ty)| flags | self.flags[ty.0 as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn kind(&self, ty: Ty) -> TyKind {
        self.kinds[ty.0 as usize]
    }

    pub(super) fn has_params(&self, ty: Ty) -> bool {
        self.flags[ty.0 as usize] & HAS_PARAM != 0
    }

    pub(super) fn has_infer(&self, ty: Ty) -> bool {
        self.flags[ty.0 as usize] & HAS_INFER != 0
    }

    pub(super) fn args(&mut self, list: &[Ty]) -> Args {
        if let Some(&args) = self.args_numbers.get(list) {
            return args;
        }
        let args = Args(self.args.len() as u32);
        self.args_flags.push(list.iter().fold(0, |flags, ty| flags | self.flags[ty.0 as usize]));
        self.args.push(list.into());
        self.args_numbers.insert(list.into(), args);
        args
    }

    pub(super) fn list(&self, args: Args) -> &[Ty] {
        &self.args[args.0 as usize]
    }

    pub(super) fn bound(&mut self, data: BoundData) -> Bound {
        if let Some(&bound) = self.bound_numbers.get(&data) {
            return bound;
        }
        let bound = Bound(self.bounds.len() as u32);
        self.bounds.push(data.clone());
        self.bound_numbers.insert(data, bound);
        bound
    }

    pub(super) fn bound_data(&self, bound: Bound) -> &BoundData {
        &self.bounds[bound.0 as usize]
    }

    pub(super) fn bounds(&mut self, list: &[Bound]) -> Bounds {
        if let Some(&bounds) = self.bound_list_numbers.get(list) {
            return bounds;
        }
        let bounds = Bounds(self.bound_lists.len() as u32);
        self.bound_lists.push(list.into());
        self.bound_list_numbers.insert(list.into(), bounds);
        bounds
    }

    pub(super) fn bound_list(&self, bounds: Bounds) -> &[Bound] {
        &self.bound_lists[bounds.0 as usize]
    }

    pub(super) fn prim(&mut self, prim: Prim) -> Ty {
        self.intern(TyKind::Prim(prim))
    }

    pub(super) fn reference(&mut self, inner: Ty) -> Ty {
        self.intern(TyKind::Ref(inner))
    }

    pub(super) fn tuple(&mut self, list: &[Ty]) -> Ty {
        let args = self.args(list);
        self.intern(TyKind::Tuple(args))
    }

    pub(super) fn adt(&mut self, def: DefId, list: &[Ty]) -> Ty {
        let args = self.args(list);
        self.intern(TyKind::Adt(def, args))
    }

    pub(super) fn function(&mut self, params: &[Ty], result: Ty) -> Ty {
        let mut list = params.to_vec();
        list.push(result);
        let args = self.args(&list);
        self.intern(TyKind::Function(args))
    }
}
