//! The frame that the walks of all languages have: how deep they go, and how much they read.

/// What every walk does alike. It has the fields `writer`, `text`, `limits`, `depth` and `is_too_deep`.
macro_rules! frame_of_walk {
    () => {
        fn finish(mut self) -> $crate::facts::FactsWriter<'t> {
            let whole = aether_core::base::ByteSpan::new(0, self.text.len() as u32);
            if self.is_too_deep {
                self.writer.diagnose(aether_core::base::ErrorCode::INDEX_TOO_DEEP, whole);
            }
            if self.is_full() {
                self.writer.diagnose(aether_core::base::ErrorCode::INDEX_TOO_MANY_EXPRESSIONS, whole);
            }
            self.writer
        }

        /// Whether no more expressions are read.
        fn is_full(&self) -> bool {
            self.writer.expressions() > self.limits.max_expressions as usize
        }

        /// Runs `visit` one level deeper, unless that is too deep.
        fn deeper<T>(&mut self, visit: impl FnOnce(&mut Self) -> T) -> Option<T> {
            if self.depth >= self.limits.max_depth {
                self.is_too_deep = true;
                return None;
            }
            self.depth += 1;
            let value = visit(self);
            self.depth -= 1;
            Some(value)
        }

        fn text_of(&self, node: tree_sitter::Node<'_>) -> &'t str {
            $crate::languages::tree::text(node, self.text)
        }

        fn nothing(&mut self, at: u32) -> aether_core::code::facts::ExprIdx {
            let list = self.writer.expr_list(&[]);
            self.writer.expr(at, aether_core::code::facts::ExprKind::Unknown(list))
        }
    };
}
pub(super) use frame_of_walk;
